import CZlib
package import Failures
package import Foundation

/// Whole input files, pipes and devices, read with errors that name them.
package enum InputFile {
  /// The largest text of settings or results that is read: far beyond any that is written.
  package static let textLimit = 1 << 26

  /// The bytes of a file, decompressed when it begins with the gzip magic number.
  ///
  /// - Parameter limit: refuses anything that unpacks to more bytes than this; by default what
  ///   memory allows.
  /// - Throws: ``Failure``: `noInput` when the file is absent or unreadable, `badData` when a gzip
  ///   stream is cut or damaged or the limit is passed.
  package static func bytes(of path: String, limit: Int = defaultLimit) throws(Failure) -> Data {
    let raw = try rawBytes(of: path, limit: limit)
    guard raw.count >= 2, raw[raw.startIndex] == 0x1f, raw[raw.startIndex + 1] == 0x8b else {
      return raw
    }
    return try inflated(raw, path: path, limit: limit)
  }

  /// A quarter of the memory: the bytes of a file are soon beside numbers made of them.
  package static var defaultLimit: Int {
    Int(clamping: MemoryBudget.bytes / 4, to: 1...1 << 32)
  }

  /// The bytes of a file as they are on disk, or all that a pipe or a device gives.
  ///
  /// - Throws: ``Failure``: `noInput` when there is no such file or it cannot be read, `badData` when
  ///   it holds more bytes than `limit`.
  package static func rawBytes(
    of path: String, limit: Int = defaultLimit
  ) throws(Failure) -> Data {
    let descriptor = open(try seekable(path), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw unreadable(path) }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw Failure(.noInput, at: path, "is a folder, a file was expected")
    }
    var data = Data()
    if status.st_mode & S_IFMT == S_IFREG {
      guard status.st_size <= limit else { throw tooLarge(path, limit) }
      data.reserveCapacity(Int(status.st_size))
    }
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw unreadable(path) }
      if count == 0 { return data }
      guard data.count + count <= limit else { throw tooLarge(path, limit) }
      data.append(contentsOf: chunk[..<count])
    }
  }

  /// A path under which an input can be opened as often as needed, whatever the input is.
  ///
  /// - Throws: ``Failure`` of kind `badData` for a pipe or a device that gives more than a gibibyte.
  package static func seekable(_ path: String) throws(Failure) -> String {
    try InputSpool.seekable(path)
  }

  /// The text of a UTF-8 file.
  package static func text(of path: String, limit: Int = defaultLimit) throws(Failure) -> String {
    guard let text = String(data: try bytes(of: path, limit: limit), encoding: .utf8) else {
      throw Failure(.badData, at: path, "is not UTF-8 text")
    }
    return text
  }

  private static func unreadable(_ path: String) -> Failure {
    errno == ENOENT || errno == ENOTDIR
      ? Failure(.noInput, at: path, "no such file")
      : Failure(
        .noInput, at: path, "cannot be read (\(lastSystemError()))",
        remedy: "check its permissions")
  }

  private static func tooLarge(_ path: String, _ limit: Int) -> Failure {
    Failure(
      .badData, at: path, "holds more than the \(limit) bytes that are read",
      remedy: "is it the file that was meant?")
  }
}

// MARK: - gzip

extension InputFile {
  /// All members of a gzip file; zeros may follow the last, as `gzip` itself allows.
  private static func inflated(_ packed: Data, path: String, limit: Int) throws(Failure) -> Data {
    var stream = z_stream()
    let gzipOnly = 16 + MAX_WBITS
    guard
      inflateInit2_(&stream, gzipOnly, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw Failure(.internal, at: path, "zlib cannot start") }
    defer { inflateEnd(&stream) }
    var output = Data()
    let status = packed.withUnsafeBytes { source in
      inflate(source.bindMemory(to: UInt8.self), &stream, into: &output, limit: limit)
    }
    guard output.count <= limit else {
      throw Failure(.badData, at: path, "unpacks to more than the \(limit) bytes that are read")
    }
    guard status == Z_STREAM_END else {
      throw Failure(.badData, at: path, "gzip stream is cut short or damaged")
    }
    return output
  }

  private static func inflate(
    _ source: UnsafeBufferPointer<UInt8>, _ stream: inout z_stream, into output: inout Data,
    limit: Int
  ) -> Int32 {
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    var status = Z_OK
    // zlib counts input in 32 bits.
    var next = 0
    while status == Z_OK && output.count <= limit {
      if stream.avail_in == 0 {
        let piece = min(source.count - next, 1 << 30)
        stream.next_in = source.baseAddress.map { UnsafeMutablePointer(mutating: $0 + next) }
        stream.avail_in = UInt32(piece)
        next += piece
      }
      let produced = chunk.withUnsafeMutableBufferPointer { buffer in
        stream.next_out = buffer.baseAddress
        stream.avail_out = UInt32(buffer.count)
        status = CZlib.inflate(&stream, Z_NO_FLUSH)
        return buffer.count - Int(stream.avail_out)
      }
      output.append(contentsOf: chunk[..<produced])
      if status == Z_STREAM_END {
        let rest = source[(next - Int(stream.avail_in))...]
        if rest.allSatisfy({ $0 == 0 }) { return status }
        status = inflateReset(&stream)
      }
    }
    return status
  }
}
