import CZlib
import Failures
import Foundation

/// The members of a ZIP archive, stored or deflated, which is what `numpy.savez` writes.
struct ZipArchive {
  private let path: String
  private let bytes: Data

  private static let limit = 1 << 31

  init(_ bytes: Data, path: String) {
    self.bytes = bytes
    self.path = path
  }

  private func number(_ at: Int, _ size: Int) throws(Failure) -> Int {
    guard at >= 0, at + size <= bytes.count else { throw damaged() }
    return (0..<size).reversed().reduce(0) { $0 << 8 | Int(bytes[bytes.startIndex + at + $1]) }
  }

  private func damaged() -> Failure { Failure(.badData, at: path, "is a damaged archive") }

  /// The members by name, in the order of the archive's directory.
  func members() throws(Failure) -> [(name: String, bytes: Data)] {
    guard let end = endOfDirectory() else { throw damaged() }
    var (at, count) = (try number(end + 16, 4), try number(end + 10, 2))
    var members: [(name: String, bytes: Data)] = []
    while count > 0 {
      guard try number(at, 4) == 0x0201_4B50 else { throw damaged() }
      let (nameLength, extra) = (try number(at + 28, 2), try number(at + 30, 2))
      let name = try text(at + 46, nameLength)
      members.append(
        (
          name,
          try member(
            header: try number(at + 42, 4), method: try number(at + 10, 2),
            packed: try number(at + 20, 4), size: try number(at + 24, 4))
        ))
      at += 46 + nameLength + extra + (try number(at + 32, 2))
      count -= 1
    }
    return members
  }

  private func endOfDirectory() -> Int? {
    let mark: [UInt8] = [0x50, 0x4B, 0x05, 0x06]
    let first = max(0, bytes.count - 65_557)
    return stride(from: bytes.count - 22, through: first, by: -1).first { at in
      at >= 0 && bytes[(bytes.startIndex + at)...].starts(with: mark)
    }
  }

  private func text(_ at: Int, _ length: Int) throws(Failure) -> String {
    guard at >= 0, at + length <= bytes.count else { throw damaged() }
    return String(decoding: bytes.dropFirst(at).prefix(length), as: UTF8.self)
  }

  private func member(
    header: Int, method: Int, packed: Int, size: Int
  ) throws(Failure) -> Data {
    guard packed != 0xFFFF_FFFF, size != 0xFFFF_FFFF else {
      throw Failure(
        .badData, at: path, "holds an array of 4 GB or more",
        remedy: "store arrays apart, or as HDF5")
    }
    guard try number(header, 4) == 0x0403_4B50 else { throw damaged() }
    let start = header + 30 + (try number(header + 26, 2)) + (try number(header + 28, 2))
    guard start + packed <= bytes.count, size <= Self.limit else { throw damaged() }
    let raw = bytes.dropFirst(start).prefix(packed)
    switch method {
    case 0: return Data(raw)
    case 8: return try inflated(Data(raw), size: size)
    default:
      throw Failure(.badData, at: path, "is packed by a method that is not read: \(method)")
    }
  }

  private func inflated(_ packed: Data, size: Int) throws(Failure) -> Data {
    var stream = z_stream()
    guard
      inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw Failure(.internal, at: path, "zlib cannot start") }
    defer { inflateEnd(&stream) }
    var output = Data(count: size + 1)
    var status = Z_OK
    packed.withUnsafeBytes { (source: UnsafeRawBufferPointer) in
      output.withUnsafeMutableBytes { (target: UnsafeMutableRawBufferPointer) in
        stream.next_in = UnsafeMutablePointer(
          mutating: source.bindMemory(to: UInt8.self).baseAddress)
        stream.avail_in = UInt32(clamping: source.count)
        stream.next_out = target.bindMemory(to: UInt8.self).baseAddress
        stream.avail_out = UInt32(clamping: target.count)
        status = inflate(&stream, Z_FINISH)
      }
    }
    guard status == Z_STREAM_END, Int(stream.total_out) == size else { throw damaged() }
    return output.prefix(size)
  }
}
