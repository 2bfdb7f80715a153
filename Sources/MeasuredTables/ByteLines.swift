import CZlib
import Failures
import Files
import Foundation

/// The lines of a text file, plain or gzip, one at a time: a file may be larger than memory.
///
/// A line ends with LF or CRLF; the last one may lack it. Only the longest line is held.
final class ByteLines {
  let path: String
  /// Number of the line that ``next()`` gave last, from 1.
  private(set) var number = 0
  private let file: gzFile
  /// Bytes of a line at most; a small file may unpack to one line of any length.
  private static let longestLine = 1 << 26
  private var buffer = [UInt8](repeating: 0, count: 1 << 18)
  private var start = 0
  private var end = 0
  private var isAtEnd = false

  /// Opens a file.
  ///
  /// - Throws: ``Failure`` of kind `noInput` when it is absent, a folder or unreadable.
  init(path: String) throws(Failure) {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    guard exists, !isFolder.boolValue, let file = gzopen(try InputFile.seekable(path), "rb") else {
      throw Failure(
        .noInput, at: path,
        exists
          ? isFolder.boolValue ? "is a folder, a file was expected" : "cannot be read"
          : "no such file")
    }
    gzbuffer(file, 1 << 17)
    self.path = path
    self.file = file
  }

  deinit { gzclose(file) }

  /// Hands the bytes of the next line to `body`; nil at the end of the file.
  ///
  /// - Throws: ``Failure`` of kind `badData` when a gzip stream is damaged, and what `body` throws.
  func next<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    var scanned = start
    while true {
      if let feed = position(of: 0x0A, from: scanned) {
        defer { start = feed + 1 }
        return try hand(start..<feed, body)
      }
      scanned = end
      if isAtEnd {
        guard start < end else { return nil }
        defer { start = end }
        return try hand(start..<end, body)
      }
      let shift = start
      try refill()
      scanned -= shift
    }
  }

  private func hand<Result>(
    _ range: Range<Int>, _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // Spreadsheets begin UTF-8 files with a byte order mark.
    let hasMark = number == 0 && buffer[range].starts(with: [0xEF, 0xBB, 0xBF])
    let range = hasMark ? range.lowerBound + 3..<range.upperBound : range
    number += 1
    var outcome: Swift.Result<Result, Failure>?
    buffer.withUnsafeBufferPointer { bytes in
      let last = range.upperBound
      let length = range.isEmpty || bytes[last - 1] != 0x0D ? range.count : range.count - 1
      let line = UnsafeBufferPointer(rebasing: bytes[range.lowerBound..<range.lowerBound + length])
      do throws(Failure) { outcome = .success(try body(line)) } catch { outcome = .failure(error) }
    }
    guard let outcome else { throw Failure(.internal, at: path, "a line was lost") }
    return try outcome.get()
  }

  private func position(of byte: UInt8, from first: Int) -> Int? {
    guard first < end else { return nil }
    return buffer.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, let hit = memchr(base + first, Int32(byte), end - first)
      else { return nil }
      return base.distance(to: UnsafeRawPointer(hit))
    }
  }

  /// Moves what is left to the front and reads on behind it.
  private func refill() throws(Failure) {
    if start > 0 {
      buffer.withUnsafeMutableBytes { bytes in
        if let base = bytes.baseAddress { memmove(base, base + start, end - start) }
      }
      end -= start
      start = 0
    }
    guard end < Self.longestLine else {
      throw Failure(
        .badData, at: "\(path):\(number + 1)", "is longer than \(Self.longestLine) bytes",
        remedy: "is it a table?")
    }
    if end == buffer.count { buffer += [UInt8](repeating: 0, count: buffer.count) }
    let read = buffer.withUnsafeMutableBytes { bytes in
      gzread(file, bytes.baseAddress.map { $0 + end }, UInt32(clamping: bytes.count - end))
    }
    var status = Z_OK
    _ = gzerror(file, &status)
    guard read >= 0, status == Z_OK || status == Z_STREAM_END else {
      throw Failure(.badData, at: path, "gzip stream is cut short or damaged")
    }
    if read == 0 { isAtEnd = true } else { end += Int(read) }
  }
}
