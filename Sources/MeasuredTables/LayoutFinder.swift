import Foundation

/// Where the table is in a text file, and how its cells are parted.
struct TableLayout {
  /// Place of the header among the lines, from 0.
  var headerLine: Int
  var header: [String]
  /// Units in a row of their own below the header; empty where there is none.
  var units: [String]
  var linesUnderHeader: Int
  /// Words above the names; empty where there are none.
  var groups: [String]
  var isCommented: Bool
  var headerDelimiter: UInt8
  var delimiter: UInt8
  var decimal: UInt8
  var firstRow: Int
  /// Columns whose names and first cells make a quantity.
  var recognised: Int
  /// Rows of the header's shape that follow, three at most.
  var run: Int

  /// How well the names are borne out, for comparison.
  fileprivate var rank: (Int, Int, Int) {
    (recognised, run, delimiter == headerDelimiter ? 1 : 0)
  }

  var headings: [ColumnHeading] {
    header.enumerated().map {
      ColumnHeading($1, unitBelow: units.indices.contains($0) ? units[$0] : "")
    }
  }
}

/// Finds the table of a text file: a line of names that the lines below it bear out.
struct LayoutFinder {
  private let lines: [String]

  init(_ lines: [String]) { self.lines = lines }

  static let delimiters: [UInt8] = [0x09, 0x3B, 0x2C, 0x7C, 0x20]

  /// The table, or the best line of names whose columns are no quantities.
  func find() -> TableLayout? {
    var found = candidate()
    if let layout = found {
      found?.decimal = decimal(from: layout.firstRow, layout.delimiter, rows: lines.count)
    }
    return found
  }

  private func candidate() -> TableLayout? {
    var best: TableLayout?
    for line in lines.indices {
      guard let found = layout(at: line) else { continue }
      if found.recognised > 0, found.run > 1 { return found }
      let isBetter =
        best.map { ($0.recognised > 0 ? 1 : 0, $0.run) < (found.recognised > 0 ? 1 : 0, found.run) }
        ?? true
      if isBetter { best = found }
    }
    return best
  }

  /// Whether the file's first lines of numbers have no names above them.
  var hasNoNames: Bool {
    let filled = lines.filter { !$0.allSatisfy(\.isWhitespace) && Self.uncommented($0) == nil }
    guard filled.count > 1 else { return false }
    return filled.prefix(5).allSatisfy { line in
      Self.delimiters.contains { delimiter in
        let cells = TextHead.cells(line, delimiter)
        return cells.contains { isNumber($0, delimiter) }
          && cells.allSatisfy { isNumber($0, delimiter) || $0.isEmpty }
      }
    }
  }

  private func layout(at line: Int) -> TableLayout? {
    let commented = Self.uncommented(lines[line])
    let text = commented ?? lines[line]
    guard text.contains(where: { $0.isLetter || "Ωµ".contains($0) }) else { return nil }
    var best: TableLayout?
    for delimiter in Self.delimiters {
      guard let found = layout(at: line, text, isCommented: commented != nil, delimiter) else {
        continue
      }
      if best.map({ $0.rank < found.rank }) ?? true { best = found }
    }
    return best
  }

  private func layout(
    at line: Int, _ text: String, isCommented: Bool, _ delimiter: UInt8
  ) -> TableLayout? {
    var header = TextHead.cells(text, delimiter)
    if delimiter == 0x20 { header = HeaderCells.joinedUnits(header) }
    while header.count > 1, header.last?.isEmpty == true { header.removeLast() }
    guard let first = header.first, !isNumber(first, delimiter),
      header.count > 1 || delimiter == 0x2C
    else { return nil }
    var next = self.next(after: line)
    var units: [String] = []
    if let at = next {
      let below = TextHead.cells(Self.uncommented(lines[at]) ?? lines[at], delimiter)
      if Self.areUnits(below, under: header) {
        units = below
        next = self.next(after: at)
        // Spreadsheets of plotting programs have a row of comments below the units.
        if let comment = next, !hasNumber(lines[comment], delimiter),
          let after = self.next(after: comment), hasNumber(lines[after], delimiter)
        {
          next = after
        }
      }
    }
    guard let row = next, Self.uncommented(lines[row]) == nil else { return nil }
    let settings = header.reversed().prefix {
      $0.contains("=") || ["start", "increment"].contains($0.lowercased())
    }.count
    for rowDelimiter in [delimiter] + Self.delimiters where !hasWrongDelimiter(rowDelimiter, row) {
      let counts = header.count - settings...header.count
      guard let run = run(from: row, counts: counts, rowDelimiter), run > 0 else { continue }
      var layout = TableLayout(
        headerLine: line, header: header, units: units, linesUnderHeader: row - line - 1,
        groups: groups(above: line, header, delimiter), isCommented: isCommented,
        headerDelimiter: delimiter, delimiter: rowDelimiter,
        decimal: decimal(from: row, rowDelimiter, rows: 10),
        firstRow: row,
        recognised: 0, run: run)
      layout.recognised = recognised(layout)
      guard layout.recognised > 0 || header.allSatisfy({ !isNumber($0, delimiter) }) else {
        continue
      }
      return layout
    }
    return nil
  }

  private func hasWrongDelimiter(_ delimiter: UInt8, _ row: Int) -> Bool {
    delimiter != 0x20 && !lines[row].utf8.contains(delimiter) && delimiter != 0x2C
  }

  /// A line without the sign of a comment; nil where it has none.
  static func uncommented(_ line: String) -> String? {
    let text = line.drop { $0 == " " || $0 == "\t" }
    for mark in ["#", "%", "//", "!"] where text.hasPrefix(mark) {
      return String(text.drop { "#%/! \t".contains($0) })
    }
    return nil
  }

  /// The next line that holds something other than a rule.
  private func next(after line: Int) -> Int? {
    lines.indices.suffix(from: line + 1).first {
      !lines[$0].allSatisfy { $0.isWhitespace || "-=_|+,;".contains($0) }
    }
  }

  private static func areUnits(_ cells: [String], under header: [String]) -> Bool {
    let count = header.count
    guard cells.count <= count + 1, cells.count >= count - 1 || cells.count > 1 else {
      return false
    }
    let filled = cells.filter { !$0.isEmpty }
    let known = filled.filter { UnitDimension.of($0) != nil }
    let others = filled.filter {
      UnitDimension.of($0) == nil
        && !["-", "1", "#", "sequence", "(-)", "[-]", "none", "a.u.", "%"].contains($0.lowercased())
    }
    // Rigol writes start and increment into the same row; without their names a number is no unit, and
    // HRS is a state rather than hours.
    let hasSettings = header.contains { ["start", "increment"].contains($0.lowercased()) }
    return !known.isEmpty
      && (others.isEmpty
        || hasSettings && others.count == 2 && others.allSatisfy { Double($0) != nil })
  }

  private func isNumber(_ cell: String, _ delimiter: UInt8) -> Bool {
    if case .word = TextHead.number(cell) {
      guard case .number = TextHead.number(cell, decimal: 0x2C) else { return Self.hasUnit(cell) }
      return true
    }
    return !cell.isEmpty
  }

  /// Whether a cell is a number with a unit: `1.5 mV`.
  private static func hasUnit(_ cell: String) -> Bool {
    guard cell.first?.isNumber == true || cell.first == "-" else { return false }
    return UnitDimension.allCases.contains { UnitScale.value(of: cell, for: $0.quantity) != nil }
  }

  private func hasNumber(_ line: String, _ delimiter: UInt8) -> Bool {
    TextHead.cells(line, delimiter).contains { isNumber($0, delimiter) }
  }

  /// How many rows of the header's shape follow, three at most; nil where the first is none.
  private func run(from row: Int, counts: ClosedRange<Int>, _ delimiter: UInt8) -> Int? {
    var run = 0
    for line in lines.indices.suffix(from: row).prefix(3) {
      var cells = TextHead.cells(lines[line], delimiter)
      while cells.count > counts.lowerBound, cells.last?.isEmpty == true { cells.removeLast() }
      guard counts.contains(cells.count), hasNumber(lines[line], delimiter) else { break }
      run += 1
    }
    return run
  }

  /// Words above the names, where names repeat.
  private func groups(above line: Int, _ header: [String], _ delimiter: UInt8) -> [String] {
    guard Set(header).count < header.count, line > 0 else { return [] }
    let text = Self.uncommented(lines[line - 1]) ?? lines[line - 1]
    var above = TextHead.cells(text, delimiter)
    while above.count > header.count, above.last?.isEmpty == true { above.removeLast() }
    guard above.count > 1, above.count <= header.count else { return [] }
    // A word over the first of two cells holds for both.
    var last = ""
    return header.indices.map { place in
      let word = above.indices.contains(place) ? above[place] : ""
      if !word.isEmpty { last = word }
      return last
    }
  }

  /// The character before decimals among the first rows: a comma only where no point is.
  ///
  /// Between commas, cells in quotes may have them, unless all could be thousands: `"1,234"`.
  private func decimal(from row: Int, _ delimiter: UInt8, rows: Int) -> UInt8 {
    var commas = 0
    for line in lines.indices.suffix(from: row).prefix(rows) {
      for cell in TextHead.cells(lines[line], delimiter) {
        if cell.contains("."), case .number = TextHead.number(cell) { return 0x2E }
        guard cell.contains(","), case .number = TextHead.number(cell, decimal: 0x2C) else {
          continue
        }
        if delimiter != 0x2C || !cell.contains(/^[+-]?\d{1,3},\d{3}$/) { commas += 1 }
      }
    }
    return commas > 0 ? 0x2C : 0x2E
  }

  /// Columns that are quantities by their names and units and hold numbers in the first row.
  private func recognised(_ layout: TableLayout) -> Int {
    let cells = TextHead.cells(lines[layout.firstRow], layout.delimiter)
    return zip(layout.headings, cells).count { heading, cell in
      guard let quantity = heading.quantity, !quantity.isLabel, heading.trouble == nil else {
        return false
      }
      if case .word = TextHead.number(cell, decimal: layout.decimal) {
        return quantity == .switched || UnitScale.value(of: cell, for: quantity) != nil
      }
      return true
    }
  }
}
