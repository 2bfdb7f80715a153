import Failures
import Foundation

/// A delimited text file, line by line.
struct TextTable {
  private let lines: ByteLines
  private let description: TableDescription
  private let pattern: FilePattern
  private(set) var report: ReadReport
  private var columns: [String] = []
  private var delimiter: UInt8 = 0x2C
  private var series: [BoundSeries] = []
  private var cells: [Range<Int>] = []
  private var values = [Double](repeating: .nan, count: MeasuredQuantity.count)
  private var lastLabels: [Int: (text: [UInt8], number: Double)] = [:]
  private var rowsSeen = 0

  init(path: String, description: TableDescription, report: ReadReport) throws(Failure) {
    lines = try ByteLines(path: path)
    self.description = description
    self.report = report
    pattern = try FilePattern(description.filePattern, path: path, description: description.name)
  }

  mutating func read(_ body: (MeasuredRow) throws(Failure) -> Void) throws(Failure) {
    guard try readHeader() else { return }
    let lines = lines
    while try lines.next({ line throws(Failure) in try take(line, body) }) != nil {}
    guard rowsSeen == 0 || report.rows > 0 else {
      throw Failure(
        .badData, at: lines.path, "none of its \(rowsSeen) rows can be used",
        remedy: report.suspicions.first)
    }
  }

  /// Finds the columns' names and binds the series to them; false for a file without rows.
  private mutating func readHeader() throws(Failure) -> Bool {
    guard description.header != .none else {
      columns = description.columns
      try bind(firstRow: nil)
      return true
    }
    var comments: [String] = []
    while let text = try lines.next({ line in String(decoding: line, as: UTF8.self) }) {
      let isHeader =
        description.header == .match
        ? text.contains(description.headerMatch) && Self.cellCount(text) > 1
        : !text.isEmpty && !text.hasPrefix(description.comment)
      if isHeader {
        try noteComments(comments)
        try bind(firstRow: text)
        return true
      }
      comments.append(text)
    }
    throw Failure(
      .badData, at: lines.path,
      description.header == .match
        ? "no line holds the header \"\(description.headerMatch)\"" : "has no header",
      remedy: "describe the layout with --description FILE.toml, header = \"none\" and columns")
  }

  private static func cellCount(_ text: String) -> Int {
    text.split(whereSeparator: { ",;\t".contains($0) }).count
  }

  private mutating func noteComments(_ comments: [String]) throws(Failure) {
    let text = comments.filter { !$0.allSatisfy { "-# \t".contains($0) } }.joined(separator: " ")
    guard !text.isEmpty else { return }
    report.comments.append((lines.path, text))
    for word in description.refusedComments where text.contains(word) {
      throw Failure(
        .badData, at: lines.path, "its comment says \"\(text)\"",
        remedy: "leave the file out: \"\(word)\" condemns it in \(description.name)")
    }
    if text.localizedCaseInsensitiveContains("missing") || text.contains("copied") {
      report.note("a comment speaks of missing or copied columns", at: lines.path)
    }
  }

  /// Fixes delimiter and columns, and finds the series' columns.
  private mutating func bind(firstRow header: String?) throws(Failure) {
    if let fixed = description.delimiter {
      delimiter = fixed
    } else if let header {
      delimiter = Self.likelyDelimiter(Array(header.utf8))
    } else {
      delimiter = 0
    }
    if let header {
      let bytes = Array(header.utf8)
      bytes.withUnsafeBufferPointer { split($0) }
      columns = cells.map {
        String(decoding: bytes[$0], as: UTF8.self).trimmingCharacters(in: .whitespaces)
      }
    }
    let described = try description.series.isEmpty ? [tidySeries()] : description.series
    for one in described {
      series.append(
        try BoundSeries(
          one, columns: columns, path: lines.path, pattern: pattern, report: &report,
          description: description.name))
    }
  }

  private static func likelyDelimiter(_ bytes: [UInt8]) -> UInt8 {
    let candidates: [UInt8] = [0x2C, 0x09, 0x3B]
    let counts = candidates.map { candidate in bytes.count { $0 == candidate } }
    let best = counts.indices.max { counts[$0] < counts[$1] } ?? 0
    return counts[best] > 0 ? candidates[best] : 0x20
  }

  /// The quantities that unit-bearing headers name.
  private mutating func tidySeries() throws(Failure) -> SeriesDescription {
    var quantities: [MeasuredQuantity: SeriesDescription.Source] = [:]
    for column in columns {
      for quantity in MeasuredQuantity.allCases {
        if column == quantity.rawValue {
          guard quantity.unit.isEmpty else {
            throw Failure(
              .badData, at: "\(lines.path):\(lines.number)", "column \"\(column)\" has no unit",
              remedy: "name it \(quantity.header)")
          }
          let expression = ColumnExpression(column: column)
          quantities[quantity] =
            quantity.isLabel ? .label(expression) : .expression(expression, .identity)
        } else if column.hasPrefix(quantity.rawValue + "_"),
          let scale = UnitScale(
            String(column.dropFirst(quantity.rawValue.count + 1)), for: quantity)
        {
          quantities[quantity] = .expression(ColumnExpression(column: column), scale)
        }
      }
    }
    guard !quantities.isEmpty else {
      throw Failure(
        .badData, at: "\(lines.path):\(lines.number)",
        "no column is a quantity with a unit: \(columns.joined(separator: ", "))",
        remedy: "use headers such as voltage_V,current_A or pass --description FILE.toml")
    }
    return SeriesDescription(quantities: quantities)
  }
}

/// Rows.
extension TextTable {
  private mutating func take(
    _ line: UnsafeBufferPointer<UInt8>, _ body: (MeasuredRow) throws(Failure) -> Void
  ) throws(Failure) {
    if line.isEmpty || line.starts(with: description.comment.utf8) { return }
    if delimiter == 0 { delimiter = Self.likelyDelimiter(Array(line)) }
    split(line)
    rowsSeen += 1
    guard description.layout == .rows else {
      try takeSamples(line, body)
      return
    }
    guard description.isRagged || cells.count == columns.count else {
      report.note(
        "a row of \(cells.count) cells among rows of \(columns.count) (mixed delimiters?)",
        at: place)
      return
    }
    for one in series where matches(one, line) {
      try emit(one, line, sample: 0, body)
    }
  }

  private var place: String { "\(lines.path):\(lines.number)" }

  /// Finds the cells of a line; a delimiter between quotes is text.
  private mutating func split(_ line: UnsafeBufferPointer<UInt8>) {
    cells.removeAll(keepingCapacity: true)
    var (start, isQuoted, hasQuotes) = (0, false, false)
    for at in 0..<line.count {
      if line[at] == Self.quote {
        isQuoted.toggle()
        hasQuotes = true
      } else if line[at] == delimiter, !isQuoted {
        cells.append(start..<at)
        start = at + 1
      }
    }
    cells.append(start..<line.count)
    if delimiter == 0x20 { cells.removeAll { $0.isEmpty } }
    guard hasQuotes else { return }
    for index in cells.indices {
      let cell = cells[index]
      if cell.count > 1, line[cell.lowerBound] == Self.quote,
        line[cell.upperBound - 1] == Self.quote
      {
        cells[index] = cell.lowerBound + 1..<cell.upperBound - 1
      }
    }
  }

  private static let quote: UInt8 = 0x22

  private func matches(_ series: BoundSeries, _ line: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let condition = series.condition else { return true }
    guard condition.column < cells.count else { return false }
    let cell = line[cells[condition.column]]
    switch condition.test {
    case .equals(let text): return cell.elementsEqual(text)
    case .atLeast(let least):
      return (Double(String(decoding: cell, as: UTF8.self)) ?? -.infinity) >= least
    }
  }

  /// A line of samples: the last named column stands for every cell from its place on.
  private mutating func takeSamples(
    _ line: UnsafeBufferPointer<UInt8>, _ body: (MeasuredRow) throws(Failure) -> Void
  ) throws(Failure) {
    let all = cells
    let leading = columns.count - 1
    guard all.count > leading else {
      report.note("a line without samples", at: place)
      return
    }
    for sample in 0..<all.count - leading {
      cells = Array(all[..<leading]) + [all[leading + sample]]
      for one in series { try emit(one, line, sample: sample, body) }
    }
  }

  private mutating func emit(
    _ series: BoundSeries, _ line: UnsafeBufferPointer<UInt8>, sample: Int,
    _ body: (MeasuredRow) throws(Failure) -> Void
  ) throws(Failure) {
    for (target, value) in series.values {
      let number: Double
      switch value {
      case .fixed(let fixed): number = fixed
      case .alternating(let words): number = words[(rowsSeen - 1) % words.count]
      case .sample(let scale): number = Double(sample) * scale
      case .label(let column):
        guard column < cells.count else { return note("a missing cell") }
        number = label(UnsafeBufferPointer(rebasing: line[cells[column]]), target)
      case .expression(let expression, let columns, let scale):
        guard columns.allSatisfy({ $0 < cells.count }) else { return note("a missing cell") }
        var isNumeric = true
        let raw = expression.value { index in
          let cell = UnsafeBufferPointer(rebasing: line[cells[columns[index]]])
          guard let number = NumberParser.number(cell) else {
            isNumeric = false
            return .nan
          }
          return number
        }
        guard isNumeric else { return note("a cell that is no number") }
        guard raw.isFinite else { return note("a value that is not finite") }
        number = scale(raw)
      }
      values[target] = number
    }
    report.rows += 1
    try hand(body)
  }

  private func hand(_ body: (MeasuredRow) throws(Failure) -> Void) throws(Failure) {
    var trouble: Failure?
    values.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      do throws(Failure) { try body(MeasuredRow(values: base)) } catch { trouble = error }
    }
    if let trouble { throw trouble }
  }

  private mutating func note(_ trouble: String) { report.note(trouble, at: place) }

  /// The number of a word; rows in a row mostly repeat it.
  private mutating func label(_ bytes: UnsafeBufferPointer<UInt8>, _ target: Int) -> Double {
    if let last = lastLabels[target], last.text.elementsEqual(bytes) { return last.number }
    let name = String(decoding: bytes, as: UTF8.self)
    let number = Double(report.label(MeasuredQuantity.allCases[target], name))
    lastLabels[target] = (Array(bytes), number)
    return number
  }
}
