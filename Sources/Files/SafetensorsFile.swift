package import Failures
import Foundation

/// Files of named arrays as Hugging Face's safetensors has them.
///
/// Eight bytes with the length of the header, the header as a JSON object (`name: {dtype, shape,
/// data_offsets}` and `__metadata__` with texts), then the elements, row by row, least significant
/// byte first, without gaps. Arrays are written in 32-bit and read in 16, 32 and 64-bit floating point.
package enum SafetensorsFile {
  private struct Entry: Decodable {
    var dtype: String
    var shape: [Int]
    var offsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype
      case shape
      case offsets = "data_offsets"
    }
  }

  /// A header of this many bytes would name millions of arrays.
  private static let longestHeader = 100_000_000

  /// Writes arrays with some texts about them, whole or not at all.
  package static func write(
    _ tensors: [Tensor], metadata: [(key: String, value: String)], to path: String
  ) throws(Failure) {
    var members: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.map {
        "\(QuotedText.spelling(of: $0.key)):\(QuotedText.spelling(of: $0.value))"
      }
      members.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    var offset = 0
    for tensor in tensors {
      let end = offset + 4 * tensor.values.count
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(QuotedText.spelling(of: tensor.name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var header = "{\(members.joined(separator: ","))}"
    // Elements begin at a multiple of eight.
    header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    var data = Data()
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { data.append(contentsOf: $0) }
    data.append(contentsOf: header.utf8)
    for tensor in tensors { data.append(contentsOf: tensor.bytes) }
    try AtomicFile.write(data, to: path)
  }

  /// Reads all arrays, in alphabetical order of their names.
  ///
  /// - Throws: ``Failure``: `noInput` when the file is absent; `badData` for a damaged header,
  ///   offsets that do not fit the shape or the file, and other kinds of elements.
  package static func read(_ path: String) throws(Failure) -> [Tensor] {
    let bytes = try InputFile.bytes(of: path)
    guard bytes.count >= 8 else { throw Failure(.badData, at: path, "is no safetensors file") }
    let length = bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= longestHeader, Int(length) <= bytes.count - 8 else {
      throw Failure(.badData, at: path, "is no safetensors file, or is cut short in its header")
    }
    let header = Data(bytes.dropFirst(8).prefix(Int(length)))
    let elements = bytes.dropFirst(8 + Int(length))
    let entries = try entries(of: header, path: path)
    var tensors: [Tensor] = []
    for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
      tensors.append(try tensor(name, entry, in: elements, path: path))
    }
    return tensors
  }

  private static func entries(
    of header: Data, path: String
  ) throws(Failure) -> [String: Entry] {
    struct Header: Decodable {
      struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
      }

      var entries: [String: Entry] = [:]

      init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Name.self)
        for key in container.allKeys where key.stringValue != "__metadata__" {
          entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
        }
      }
    }
    guard let decoded = try? JSONDecoder().decode(Header.self, from: header) else {
      throw Failure(
        .badData, at: path, "its header is no object of dtype, shape and data_offsets by name")
    }
    return decoded.entries
  }

  private static func tensor(
    _ name: String, _ entry: Entry, in elements: Data, path: String
  ) throws(Failure) -> Tensor {
    let place = "\(path): \(Failure.oneLine(name))"
    let sizes = ["F16": 2, "F32": 4, "F64": 8]
    guard let size = sizes[entry.dtype] else {
      throw Failure(
        .badData, at: place, "holds \(Failure.oneLine(entry.dtype)), expected F32, F64 or F16")
    }
    guard entry.offsets.count == 2, let count = Int.product(entry.shape),
      let needed = Int.product(count, size), entry.offsets[0] >= 0,
      entry.offsets[0] <= elements.count,
      entry.offsets[1] == entry.offsets[0] + needed,
      entry.offsets[1] <= elements.count
    else { throw Failure(.badData, at: place, "its offsets fit neither its shape nor the file") }
    let first = elements.startIndex + entry.offsets[0]
    let data = elements[first..<first + needed]
    let values = data.withUnsafeBytes { raw in
      (0..<count).map { index -> Float in
        switch size {
        case 2:
          return Float(
            Float16(
              bitPattern: UInt16(
                littleEndian: raw.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))))
        case 4:
          return Float(
            bitPattern: UInt32(
              littleEndian: raw.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
        default:
          return Float(
            Double(
              bitPattern: UInt64(
                littleEndian: raw.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))))
        }
      }
    }
    return Tensor(name: name, shape: entry.shape, values: values)
  }
}
