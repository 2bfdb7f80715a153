import Failures
import Files

/// Goes through the bytes of a table of bare numbers once.
struct NumberTableReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let path: String
  private var values: [Double] = []
  private var (rows, columns) = (0, 0)

  /// - Parameter bytes: outlive the reader.
  init(_ bytes: UnsafeBufferPointer<UInt8>, path: String) {
    self.bytes = bytes
    self.path = path
  }

  /// The whole table; see ``NumberTable/read(_:)``.
  mutating func table() throws(Failure) -> NumberTable {
    // A number of 17 digits has some 23 bytes.
    values.reserveCapacity(bytes.count / 20)
    var at = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var line = 1
    var isFirst = true
    while at < bytes.count {
      let end = endOfLine(from: at)
      if !isBlank(at..<end) {
        if !isFirst || !isHeader(at..<end) { try append(at..<end, line: line) }
        isFirst = false
      }
      at = end + (end + 1 < bytes.count && bytes[end] == 0x0D && bytes[end + 1] == 0x0A ? 2 : 1)
      line += 1
    }
    guard rows > 0 else { throw Failure(.badData, at: path, "holds no numbers") }
    return NumberTable(rows: rows, columns: columns, values: values)
  }

  private func endOfLine(from first: Int) -> Int {
    var at = first
    while at < bytes.count, bytes[at] != 0x0A, bytes[at] != 0x0D { at &+= 1 }
    return at
  }

  private func isBlank(_ line: Range<Int>) -> Bool {
    line.allSatisfy { bytes[$0] == 0x20 || bytes[$0] == 0x09 }
  }

  /// Whether no cell of a line is a number.
  private func isHeader(_ line: Range<Int>) -> Bool {
    var at = line.lowerBound
    while at <= line.upperBound {
      let cell = cell(from: at, to: line.upperBound)
      if number(cell) != nil { return false }
      at = cell.upperBound + 1
    }
    return true
  }

  private mutating func append(_ line: Range<Int>, line number: Int) throws(Failure) {
    var at = line.lowerBound
    var count = 0
    while at <= line.upperBound {
      let cell = cell(from: at, to: line.upperBound)
      count += 1
      guard let value = self.number(cell), value.isFinite else {
        let text = String(decoding: bytes[trimmed(cell)], as: UTF8.self)
        throw Failure(
          .badData, at: "\(path):\(number)",
          "cell \(count) is \"\(text)\", a finite number was expected")
      }
      values.append(value)
      at = cell.upperBound + 1
    }
    if rows == 0 { columns = count }
    guard count == columns else {
      throw Failure(
        .badData, at: "\(path):\(number)", "has \(count) cells, the first row \(columns)")
    }
    rows += 1
  }

  private func cell(from first: Int, to end: Int) -> Range<Int> {
    var at = first
    while at < end, bytes[at] != 0x2C { at &+= 1 }
    return first..<at
  }

  private func number(_ cell: Range<Int>) -> Double? {
    NumberParser.number(UnsafeBufferPointer(rebasing: bytes[trimmed(cell)]))
  }

  private func trimmed(_ cell: Range<Int>) -> Range<Int> {
    var (first, last) = (cell.lowerBound, cell.upperBound)
    while first < last, bytes[first] == 0x20 || bytes[first] == 0x09 { first &+= 1 }
    while first < last, bytes[last &- 1] == 0x20 || bytes[last &- 1] == 0x09 { last &-= 1 }
    return first..<last
  }
}
