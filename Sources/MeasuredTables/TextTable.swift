import Failures
import Foundation

/// A delimited text file, line by line, through a description that says what its columns are.
struct TextTable {
  /// Where in the file the reader is.
  enum State {
    case preamble
    case rows
    /// Behind a block's rows, before the next header.
    case between
  }

  let lines: ByteLines
  let description: TableDescription
  /// The series of each header, where the file itself says what its columns are.
  let binder: TableBinder?
  var context: RowContext
  var output: RowOutput
  var state = State.preamble
  var columns: [String] = []
  var header = ""
  var delimiter: UInt8 = 0x2C
  var text = CellText()
  var series: [BoundSeries] = []
  /// Whether the rows of each series are kept together.
  var isHeld = false
  var cells: [Range<Int>] = []
  var lastLabels: [Int: (text: [UInt8], number: Double)] = [:]
  /// Columns that an expression wants of the row before, with their values there.
  var previous: [Int: Double] = [:]
  var rowsSeen = 0
  var rowsInBlock = 0
  /// Blocks of each title so far.
  var blocks: [String: Int] = [:]
  var isBlockPending = false

  init(
    path: String, description: TableDescription, binder: TableBinder?, output: RowOutput
  ) throws(Failure) {
    lines = try ByteLines(path: path)
    self.description = description
    self.binder = binder
    self.output = output
    context = RowContext(
      path: path, description: description.name,
      pattern: try FilePattern(
        description.filePattern, path: path, description: description.name))
    text.decimal = description.decimal ?? 0x2E
    text.noValues = Set(description.noValues)
    delimiter = description.delimiter ?? 0
  }

  var place: String { "\(lines.path):\(lines.number)" }

  mutating func read(_ body: (MeasuredRow) throws(Failure) -> Void) throws(Failure) {
    let before = output.report.rows
    if description.blocks?.header == nil { try readHeader() }
    let lines = lines
    while try lines.next({ line throws(Failure) in try take(line, body) }) != nil {}
    try output.flush(body)
    guard description.blocks?.header == nil || !columns.isEmpty else {
      throw Failure(
        .badData, at: lines.path,
        "no line begins with \"\(description.blocks?.header ?? "")\", which names the columns",
        remedy: "correct [blocks] header in \(description.name)")
    }
    guard rowsSeen == 0 || output.report.rows > before else {
      throw Failure(
        .badData, at: lines.path, "none of its \(rowsSeen) rows can be used",
        remedy: output.report.troubleLines.first)
    }
  }

  /// Finds the columns' names and binds the series to them.
  private mutating func readHeader() throws(Failure) {
    state = .rows
    guard description.header != .none else {
      columns = description.columns
      try bind()
      return
    }
    var comments: [String] = []
    while let text = try lines.nextText() {
      if isHeader(text) {
        try noteComments(comments)
        header = text
        if delimiter == 0 { delimiter = Self.likelyDelimiter(Array(text.utf8)) }
        if description.columns.isEmpty {
          setColumns(of: description.header == .first ? text : uncommented(text))
        } else {
          columns = description.columns
        }
        for _ in 0..<description.linesUnderHeader { _ = try lines.next { _ in } }
        try bind()
        return
      }
      comments.append(text)
    }
    throw Failure(
      .badData, at: lines.path,
      description.header == .match
        ? "no line holds the header \"\(description.headerMatch)\"" : "has no header",
      remedy: "describe the layout with --description FILE.toml, header = \"none\" and columns")
  }

  private func isHeader(_ text: String) -> Bool {
    switch description.header {
    case .match: text.contains(description.headerMatch) && cellCount(text) > 1
    case .line: lines.number == description.headerLine
    default:
      !text.allSatisfy(\.isWhitespace)
        && (description.comment.isEmpty || !text.hasPrefix(description.comment))
    }
  }

  private func cellCount(_ text: String) -> Int {
    let given = description.delimiter.map { Character(Unicode.Scalar($0)) }
    return text.split { character in
      given.map { $0 == character } ?? ",;\t ".contains(character)
    }.count
  }

  /// A header without the sign of a comment before it.
  func uncommented(_ text: String) -> String {
    let stripped = text.drop { " \t".contains($0) }
    for mark in [description.comment, "#", "%", "//", "!", ";"]
    where !mark.isEmpty && stripped.hasPrefix(mark) {
      return String(stripped.dropFirst(mark.count).drop { $0 == " " || $0 == "#" || $0 == "%" })
    }
    return text
  }

  mutating func setColumns(of text: String) {
    let bytes = Array(text.utf8)
    bytes.withUnsafeBufferPointer { split($0) }
    columns = cells.map {
      String(decoding: bytes[$0], as: UTF8.self).trimmingCharacters(in: .whitespaces)
    }
    if delimiter == 0x20 { columns = HeaderCells.joinedUnits(columns) }
    while columns.count > 1, columns.last?.isEmpty == true { columns.removeLast() }
  }

  private mutating func noteComments(_ comments: [String]) throws(Failure) {
    let text = comments.filter { !$0.allSatisfy { "-# \t".contains($0) } }.joined(separator: " ")
    guard !text.isEmpty else { return }
    output.report.comments.append((lines.path, text))
    for word in description.refusedComments where text.contains(word) {
      throw Failure(
        .badData, at: lines.path, "its comment says \"\(text)\"",
        remedy: "leave the file out: \"\(word)\" condemns it in \(description.name)")
    }
    if text.localizedCaseInsensitiveContains("missing") || text.contains("copied") {
      output.note("a comment speaks of missing or copied columns", at: lines.path)
    }
  }

  /// Finds the series' columns for the rows that follow.
  mutating func bind() throws(Failure) {
    let described = try binder?.series(columns, context.keys) ?? description.series
    let names = ColumnNames(columns)
    series = []
    for one in described {
      for expanded in one.expanded(over: columns) {
        series.append(
          try BoundSeries(expanded, columns: names, context: context, report: &output.report))
      }
      if let each = one.each, series.isEmpty {
        throw Failure(
          .badData, at: lines.path,
          "has no column \"\(each)\" that \(description.name) asks for",
          remedy: "its columns are \(names.listing)")
      }
    }
    isHeld =
      series.count > 1 && description.layout == .rows
      && series.allSatisfy { $0.conditions.isEmpty }
    previous = [:]
    for one in series { notePrevious(one) }
    lastLabels = [:]
    output.noteDerived()
  }

  private mutating func notePrevious(_ series: BoundSeries) {
    var columns: [BoundSeries.Column] = series.conditions.flatMap(\.columns)
    for (_, value) in series.values {
      switch value {
      case .expression(_, let own, _), .computed(_, let own): columns += own
      default: break
      }
    }
    for column in columns where column.isPrevious { previous[column.index] = .nan }
  }

  static func likelyDelimiter(_ bytes: [UInt8]) -> UInt8 {
    let candidates: [UInt8] = [0x2C, 0x09, 0x3B]
    for candidate in candidates.dropFirst() where bytes.contains(candidate) {
      // 0,1;0,25: the commas stand before decimals.
      let cells = bytes.split(separator: candidate)
      let areNumbers = cells.allSatisfy { cell in
        cell.withUnsafeBufferPointer {
          if case .number = CellText(decimal: 0x2C).value($0) { true } else { false }
        }
      }
      if areNumbers, !cells.isEmpty { return candidate }
    }
    let counts = candidates.map { candidate in bytes.count { $0 == candidate } }
    let best = counts.indices.max { counts[$0] < counts[$1] } ?? 0
    return counts[best] > 0 ? candidates[best] : 0x20
  }

  static let quote: UInt8 = 0x22

  /// Finds the cells of a line; a delimiter between quotes is text.
  mutating func split(_ line: UnsafeBufferPointer<UInt8>) {
    cells.removeAll(keepingCapacity: true)
    var (start, isQuoted, hasQuotes) = (0, false, false)
    let isBlank = delimiter == 0x20
    for at in 0..<line.count {
      if line[at] == Self.quote {
        isQuoted.toggle()
        hasQuotes = true
      } else if line[at] == delimiter || isBlank && line[at] == 0x09, !isQuoted {
        cells.append(start..<at)
        start = at + 1
      }
    }
    cells.append(start..<line.count)
    if isBlank { cells.removeAll { $0.isEmpty } }
    guard hasQuotes else { return }
    for index in cells.indices {
      var cell = cells[index]
      while cell.count > 1, line[cell.lowerBound] == 0x20 { cell = cell.dropFirst() }
      while cell.count > 1, line[cell.upperBound - 1] == 0x20 { cell = cell.dropLast() }
      if cell.count > 1, line[cell.lowerBound] == Self.quote,
        line[cell.upperBound - 1] == Self.quote
      {
        cells[index] = cell.lowerBound + 1..<cell.upperBound - 1
      }
    }
  }
}
