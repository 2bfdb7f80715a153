import CZlib
package import Failures
package import Foundation

/// Whole input files, read with errors that name them.
package enum InputFile {
  /// The bytes of a file, decompressed when it begins with the gzip magic number.
  ///
  /// - Parameter limit: refuses anything that unpacks to more bytes than this.
  /// - Throws: ``Failure``: `noInput` when the file is absent or unreadable, `badData` when a gzip
  ///   stream is cut or damaged or the limit is passed.
  package static func bytes(of path: String, limit: Int = 1 << 32) throws(Failure) -> Data {
    let raw = try rawBytes(of: path)
    guard raw.count >= 2, raw[raw.startIndex] == 0x1f, raw[raw.startIndex + 1] == 0x8b else {
      return raw
    }
    return try inflated(raw, path: path, limit: limit)
  }

  /// The bytes of a file as they are on disk.
  package static func rawBytes(of path: String) throws(Failure) -> Data {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw Failure(.noInput, at: path, "no such file")
    }
    guard !isFolder.boolValue else {
      throw Failure(.noInput, at: path, "is a folder, a file was expected")
    }
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw Failure(.noInput, at: path, "cannot be read", remedy: "check its permissions")
    }
  }

  /// The text of a UTF-8 file.
  package static func text(of path: String) throws(Failure) -> String {
    guard let text = String(data: try bytes(of: path), encoding: .utf8) else {
      throw Failure(.badData, at: path, "is not UTF-8 text")
    }
    return text
  }

  private static func inflated(_ packed: Data, path: String, limit: Int) throws(Failure) -> Data {
    var stream = z_stream()
    let gzipOnly = 16 + MAX_WBITS
    guard
      inflateInit2_(&stream, gzipOnly, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw Failure(.internal, at: path, "zlib cannot start") }
    defer { inflateEnd(&stream) }
    var output = Data()
    var status = Z_OK
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    packed.withUnsafeBytes { (source: UnsafeRawBufferPointer) in
      stream.next_in = UnsafeMutablePointer(
        mutating: source.bindMemory(to: UInt8.self).baseAddress)
      stream.avail_in = UInt32(clamping: source.count)
      while status == Z_OK && output.count <= limit {
        let produced = chunk.withUnsafeMutableBufferPointer { buffer in
          stream.next_out = buffer.baseAddress
          stream.avail_out = UInt32(buffer.count)
          status = inflate(&stream, Z_NO_FLUSH)
          return buffer.count - Int(stream.avail_out)
        }
        output.append(contentsOf: chunk[..<produced])
        // A gzip file may hold several members, one after the other.
        if status == Z_STREAM_END && stream.avail_in > 0 { status = inflateReset(&stream) }
      }
    }
    guard output.count <= limit else {
      throw Failure(.badData, at: path, "unpacks to more than \(limit) bytes")
    }
    guard status == Z_STREAM_END else {
      throw Failure(.badData, at: path, "gzip stream is cut short or damaged")
    }
    return output
  }
}
