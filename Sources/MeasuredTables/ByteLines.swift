import CZlib
import Failures
import Files
import Foundation

/// The lines of a text file, plain or gzip, one at a time: a file may be larger than memory.
///
/// A line ends with LF, CRLF or, in a file without LF, CR; the last one may lack it. UTF-16 becomes
/// UTF-8. Only the longest line is held.
final class ByteLines {
  /// How characters are stored, by the file's first bytes.
  enum Encoding: String, Sendable {
    case utf8 = "UTF-8"
    case utf8Marked = "UTF-8 with byte order mark"
    case utf16Little = "UTF-16, little-endian"
    case utf16Big = "UTF-16, big-endian"
  }

  let path: String
  /// Number of the line that ``next()`` gave last, from 1.
  private(set) var number = 0
  private(set) var encoding = Encoding.utf8
  /// Whether lines end with CRLF.
  private(set) var hasCarriageReturns = false
  private let file: gzFile
  /// Bytes of a line at most; a small file may unpack to one line of any length.
  private static let longestLine = 1 << 26
  private var buffer = [UInt8](repeating: 0, count: 1 << 18)
  private var start = 0
  private var end = 0
  private var isAtEnd = false
  private var isOpened = false
  private var lineEnd: UInt8 = 0x0A
  /// Bytes of UTF-16 that are no whole character yet.
  private var rest: [UInt8] = []

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
    if !isOpened { try open() }
    var scanned = start
    while true {
      if let feed = position(of: lineEnd, from: scanned) {
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

  /// The text of the next line.
  func nextText() throws(Failure) -> String? { try next { CellText.string($0) } }

  private func hand<Result>(
    _ range: Range<Int>, _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    number += 1
    var outcome: Swift.Result<Result, Failure>?
    buffer.withUnsafeBufferPointer { bytes in
      let last = range.upperBound
      let hasReturn = !range.isEmpty && bytes[last - 1] == 0x0D
      if hasReturn { hasCarriageReturns = true }
      let length = hasReturn ? range.count - 1 : range.count
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

  /// Reads the first bytes and finds out how characters and ends of lines are stored.
  private func open() throws(Failure) {
    isOpened = true
    try refill()
    let head = buffer[..<end]
    if head.starts(with: [0xEF, 0xBB, 0xBF]) {
      encoding = .utf8Marked
      start = 3
    } else if let order = Self.order(of: head) {
      encoding = order.isLittle ? .utf16Little : .utf16Big
      let raw = Array(head.dropFirst(order.mark))
      (start, end) = (0, 0)
      append(raw)
    }
    if position(of: 0x0A, from: start) == nil, position(of: 0x0D, from: start) != nil {
      lineEnd = 0x0D
    }
  }

  /// The byte order of UTF-16, from its mark or from the zeros beside Latin letters.
  private static func order(of head: ArraySlice<UInt8>) -> (isLittle: Bool, mark: Int)? {
    if head.starts(with: [0xFF, 0xFE]) { return (true, 2) }
    if head.starts(with: [0xFE, 0xFF]) { return (false, 2) }
    let sample = Array(head.prefix(128))
    guard sample.count >= 8 else { return nil }
    var zeros = [0, 0]
    for (at, byte) in sample.enumerated() where byte == 0 { zeros[at % 2] += 1 }
    if zeros[1] > sample.count / 3, zeros[0] == 0 { return (true, 0) }
    if zeros[0] > sample.count / 3, zeros[1] == 0 { return (false, 0) }
    return nil
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
    guard encoding == .utf16Little || encoding == .utf16Big else {
      if end == buffer.count { buffer += [UInt8](repeating: 0, count: buffer.count) }
      let read = try fill(&buffer, from: end)
      if read == 0 { isAtEnd = true } else { end += read }
      return
    }
    var raw = [UInt8](repeating: 0, count: 1 << 17)
    let read = try fill(&raw, from: 0)
    if read == 0 { isAtEnd = true }
    append(Array(raw[..<read]))
  }

  private func fill(_ target: inout [UInt8], from first: Int) throws(Failure) -> Int {
    let read = target.withUnsafeMutableBytes { bytes in
      gzread(file, bytes.baseAddress.map { $0 + first }, UInt32(clamping: bytes.count - first))
    }
    var status = Z_OK
    _ = gzerror(file, &status)
    guard read >= 0, status == Z_OK || status == Z_STREAM_END else {
      throw Failure(.badData, at: path, "gzip stream is cut short or damaged")
    }
    return Int(read)
  }

  /// Adds UTF-16 to the buffer as UTF-8; what is no whole character waits for the next bytes.
  private func append(_ raw: [UInt8]) {
    rest += raw
    let isLittle = encoding == .utf16Little
    var units: [UInt16] = []
    units.reserveCapacity(rest.count / 2)
    for at in stride(from: 0, to: rest.count - 1, by: 2) {
      let (a, b) = (UInt16(rest[at]), UInt16(rest[at + 1]))
      units.append(isLittle ? b << 8 | a : a << 8 | b)
    }
    var used = units.count * 2
    if !isAtEnd, let last = units.last, UTF16.isLeadSurrogate(last) {
      units.removeLast()
      used -= 2
    }
    rest.removeFirst(used)
    let text = Array(String(decoding: units, as: UTF16.self).utf8)
    while buffer.count < end + text.count { buffer += [UInt8](repeating: 0, count: buffer.count) }
    buffer.replaceSubrange(end..<end + text.count, with: text)
    end += text.count
  }
}
