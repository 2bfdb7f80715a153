import Failures
import Foundation

/// Understands a text file: by an instrument's marks, or by the names of its columns.
struct TextUnderstanding {
  let path: String
  let requested: TableFormat?
  var head: TextHead

  init(path: String, requested: TableFormat?) throws(Failure) {
    self.path = path
    self.requested = requested
    head = try TextHead(path: path)
  }

  mutating func understand() throws(Failure) -> TableUnderstanding {
    let marked = requested ?? markedFormat()
    switch marked {
    case .easyexpert: return try easyexpert()
    case .lvm: return try lvm()
    case .tektronix where head.lines.contains { $0.hasPrefix("Record Length") }:
      if let found = try tektronixColumns() { return found }
    default: break
    }
    var layout = LayoutFinder(head.lines).find()
    if (layout?.recognised ?? 0) == 0, !head.isWhole {
      head = try TextHead(path: path, lines: TextHead.most)
      layout = LayoutFinder(head.lines).find()
    }
    guard let layout else { throw noTable() }
    let format = requested ?? marked ?? self.format(of: layout)
    return try table(layout, format)
  }

  /// The format by marks that stand above the table.
  private func markedFormat() -> TableFormat? {
    let first = head.lines.prefix(3).joined(separator: "\n")
    if first.contains("LabVIEW Measurement") { return .lvm }
    if head.lines.contains(where: { $0.hasPrefix("DataName") })
      && head.lines.contains(where: { $0.hasPrefix("DataValue") || $0.hasPrefix("SetupTitle") })
    {
      return .easyexpert
    }
    if head.lines.prefix(2).contains(where: { $0.hasPrefix("Record Length") })
      || head.lines.prefix(30).contains(where: {
        $0.hasPrefix("Model,MSO") || $0.hasPrefix("Model,DPO") || $0.hasPrefix("Model,TDS")
          || $0.hasPrefix("Model,MDO") || $0.hasPrefix("Model,TBS")
      })
    {
      return .tektronix
    }
    return nil
  }

  /// The format by the names of the columns, and by words above and below them.
  private func format(of layout: TableLayout) -> TableFormat {
    let names = Set(layout.header.map { $0.lowercased() })
    if names.isSuperset(of: ["wordline", "bitline", "resistance"]) { return .arcOne }
    if names.isSuperset(of: Self.arcTwoNames) { return .arcTwo }
    if names.contains(where: { $0.contains("tinc =") || $0.contains("tinc=") })
      || names.isSuperset(of: ["x", "start", "increment"])
      || names.contains("time(s)") && names.contains(where: { $0.hasPrefix("ch") })
    {
      return .rigol
    }
    if layout.header.contains(where: { $0.contains(/(?i)^smu\w+\.(V|I)\[\d+\]\[\d+\]$/) }) {
      return .acs
    }
    let around = head.lines.prefix(layout.headerLine).joined(separator: "\n").lowercased()
    if names.contains(where: { $0.contains("nvbuffer") })
      || around.contains(/keithley.*26\d\d|model 26\d\d|nvbuffer|tsp/)
    {
      return .keithley2600
    }
    if around.contains("clarius") || around.contains("4200") || isClarius(layout.header) {
      return .clarius
    }
    return .table
  }

  /// Names of terminals as Clarius makes them, both voltage and current.
  private func isClarius(_ header: [String]) -> Bool {
    let pattern =
      /(Anode|Cathode|Drain|Gate|Source|Bulk|Top|Bottom|[A-DGS])([VI])(?:\(\d+\))?/
    let found = header.compactMap { $0.wholeMatch(of: pattern)?.2 }
    return found.contains("V") && found.contains("I")
  }

  private func noTable() -> Failure {
    if LayoutFinder(head.lines).hasNoNames {
      return Failure(
        .badData, at: path, "has no header: its lines are numbers only",
        remedy: "describe the columns: [table] header = \"none\", columns = [\"V\", \"I\"];"
          + " [quantities] voltage = { column = \"V\", unit = \"V\" } …")
    }
    for line in head.lines.indices.dropLast() {
      let names = TextHead.cells(head.lines[line], 0x2C)
      let below = TextHead.cells(head.lines[line + 1], 0x2C)
      guard names.count > 1, below.count == 2 * names.count,
        names.allSatisfy({ ColumnHeading($0).quantity != nil }),
        below.allSatisfy({ if case .number = TextHead.number($0) { true } else { false } })
      else { continue }
      return decimalCommas(line, names.count, ["\(below.count)"])
    }
    return Failure(
      .badData, at: path, "holds no table: no line of names is followed by a row of numbers",
      remedy: "describe the layout with --description FILE.toml")
  }

  // MARK: Tables with a header

  private func table(
    _ layout: TableLayout, _ format: TableFormat
  ) throws(Failure) -> TableUnderstanding {
    var layout = layout
    try checkShape(layout)
    var description = describe(layout)
    var binder = TableBinder(
      numbersAreTerminals: [.clarius, .keithley2600, .acs].contains(format), place: path)
    var notes: [String] = []
    var shared: [MeasuredQuantity: SeriesDescription.Source] = [:]
    switch format {
    case .rigol:
      rigol(&layout, &description, &shared)
      binder.meanings = Self.rigolMeanings(layout.header)
    case .tektronix: layout.units = tektronixUnits(layout)
    case .arcOne: binder.meanings = Self.arcOneMeanings
    case .arcTwo: binder.meanings = Self.arcTwoMeanings
    case .keithley2600: binder.meanings = Self.keithleyMeanings
    default: break
    }
    binder.units = layout.units
    let samples = samples(layout)
    let assignment = try binder.assignment(
      layout.header, [:], samples: samples, groups: layout.groups)
    var series = assignment.series
    if format == .arcTwo { series = series.map(Self.withReadConductance) }
    guard !series.isEmpty, layout.recognised > 0 || format != .table else {
      throw unknownColumns(layout)
    }
    if format == .wide, !assignment.isWide {
      throw Failure(
        .badData, at: path, "is no wide table: no quantity has several columns",
        remedy: "leave --format out")
    }
    if format == .arcOne {
      shared[.device] = .joined([
        ColumnReference(name: "Wordline"), ColumnReference(name: "Bitline"),
      ])
      notes.append("device is \"Wordline,Bitline\"")
    }
    notes += blocks(layout, &description, series, &shared)
    for (quantity, source) in shared {
      for place in series.indices where series[place].quantities[quantity] == nil {
        series[place].quantities[quantity] = source
      }
    }
    description.series = series
    binder.fixed = series
    return TableUnderstanding(
      path: path, format: format == .table && assignment.isWide ? .wide : format,
      layout: facts(layout),
      columns: layout.header.enumerated().map {
        ($1, assignment.quantities[$0])
      }, notes: notes + assignment.notes, description: description, binder: binder)
  }

  /// Refuses a table most of whose rows have another number of cells than the header.
  private func checkShape(_ layout: TableLayout) throws(Failure) {
    var counts: [Int: Int] = [:]
    for line in head.lines[layout.firstRow...] {
      var cells = TextHead.cells(line, layout.delimiter)
      while cells.count > layout.header.count, cells.last?.isEmpty == true { cells.removeLast() }
      guard cells.contains(where: { if case .number = TextHead.number($0) { true } else { false } })
      else { continue }
      counts[cells.count, default: 0] += 1
    }
    let fitting = counts[layout.header.count] ?? 0
    let others = counts.filter { $0.key > layout.header.count }
    guard layout.delimiter == 0x2C, others.values.reduce(0, +) > fitting else { return }
    throw decimalCommas(
      layout.headerLine, layout.header.count, counts.keys.sorted().map { "\($0)" })
  }

  private func decimalCommas(_ line: Int, _ header: Int, _ counts: [String]) -> Failure {
    Failure(
      .badData, at: "\(path):\(line + 1)",
      "rows have \(counts.joined(separator: ", ")) cells under \(header) names: commas before"
        + " decimals and commas between columns cannot be told apart",
      remedy: "export with semicolons or tabs between columns, or with decimal points")
  }

  private func unknownColumns(_ layout: TableLayout) -> Failure {
    Failure(
      .badData, at: "\(path):\(layout.headerLine + 1)",
      "no column is a quantity with a unit: \(layout.header.prefix(40).joined(separator: ", "))",
      remedy: "use headers such as voltage_V,current_A or pass --description FILE.toml")
  }

  private func describe(_ layout: TableLayout) -> TableDescription {
    var description = TableDescription()
    description.name = "what was understood of \((path as NSString).lastPathComponent)"
    description.delimiter = layout.delimiter
    description.decimal = layout.decimal
    description.linesUnderHeader = layout.linesUnderHeader
    description.header = .line
    description.headerLine = layout.headerLine + 1
    description.headerMatch = head.lines[layout.headerLine].trimmingCharacters(in: .whitespaces)
    description.columns = layout.header
    description.hasOwnColumns = layout.headerDelimiter != layout.delimiter
    return description
  }

  /// Storage and place of the table in a sentence.
  private func facts(_ layout: TableLayout) -> String {
    let delimiters: [UInt8: String] = [
      0x2C: "commas", 0x09: "tabs", 0x3B: "semicolons", 0x20: "blanks", 0x7C: "bars",
    ]
    var facts = ["columns parted by \(delimiters[layout.delimiter] ?? "a sign")"]
    if layout.decimal == 0x2C { facts.append("decimal commas") }
    facts.append(
      layout.isCommented
        ? "header in the comment of line \(layout.headerLine + 1)"
        : "header in line \(layout.headerLine + 1)")
    if !layout.units.isEmpty { facts.append("units in a row below") }
    if head.encoding != .utf8 { facts.append(head.encoding.rawValue) }
    if head.hasCarriageReturns { facts.append("Windows line ends") }
    return facts.joined(separator: ", ")
  }

  /// - Parameter end: the line behind the rows that count; nil for all lines that were read.
  func samples(_ layout: TableLayout, upTo end: Int? = nil) -> [ColumnSample] {
    let headings = layout.headings
    var samples = layout.header.map { _ in ColumnSample() }
    for line in head.lines[layout.firstRow..<(end ?? head.lines.count)] {
      for (place, cell) in TextHead.cells(line, layout.delimiter).enumerated()
      where place < samples.count {
        switch TextHead.number(cell, decimal: layout.decimal) {
        case .number(let number): samples[place].take(number)
        case .word:
          if let quantity = headings[place].quantity,
            let value = UnitScale.value(of: cell, for: quantity)
          {
            samples[place].take(value)
          } else {
            samples[place].words += 1
          }
        default: break
        }
      }
    }
    return samples
  }

  /// Blocks that repeated headers or empty lines make.
  private func blocks(
    _ layout: TableLayout, _ description: inout TableDescription, _ series: [SeriesDescription],
    _ shared: inout [MeasuredQuantity: SeriesDescription.Source]
  ) -> [String] {
    let first = TextHead.cells(head.lines[layout.firstRow], layout.delimiter)
    let numeric = layout.header.indices.filter { place in
      guard first.indices.contains(place) else { return false }
      if case .number = TextHead.number(first[place], decimal: layout.decimal) { return true }
      return false
    }
    guard let scan = try? BlockScan(path: path, layout: layout, numeric: numeric) else { return [] }
    var blocks = TableBlocks()
    let why: String
    if scan.headers > 1 {
      blocks.isRepeated = true
      why = "the header stands \(scan.headers) times"
    } else if scan.parts > 1, series.allSatisfy({ $0.quantities[.cycle] == nil }) {
      blocks.isParted = true
      why = "empty lines part the table \(scan.parts) times"
    } else {
      return []
    }
    description.blocks = blocks
    guard series.allSatisfy({ $0.quantities[.cycle] == nil }) else {
      return ["\(why): blocks of one table"]
    }
    shared[.cycle] = .block
    return ["\(why): the number of the block is the cycle"]
  }
}

/// Counts what makes blocks in a whole file.
struct BlockScan {
  /// Lines that are the header.
  private(set) var headers = 0
  /// Runs of at least two rows of numbers, if empty lines part nothing else.
  private(set) var parts = 0

  /// - Parameter numeric: columns that hold numbers only.
  init(path: String, layout: TableLayout, numeric: [Int]) throws(Failure) {
    let lines = try ByteLines(path: path)
    var header: [UInt8] = []
    var (run, isClean, isAfterEmpty) = (0, true, false)
    let delimiter = layout.delimiter
    while true {
      let isInside = lines.number >= layout.headerLine
      let more = try lines.next { (line) throws(Failure) in
        if !isInside { return false }
        let trimmed = CellText.trimmed(line)
        if lines.number == layout.headerLine + 1 { header = Array(trimmed) }
        if trimmed.first == header.first, trimmed.elementsEqual(header) { headers += 1 }
        guard lines.number > layout.firstRow else { return false }
        if !trimmed.contains(where: { $0 != delimiter }) {
          if run == 1 { isClean = false }
          (run, isAfterEmpty) = (0, true)
          return false
        }
        if run == 0 {
          parts += 1
          if isAfterEmpty, !Self.isRow(trimmed, layout, numeric) { isClean = false }
        }
        run += 1
        return false
      }
      if more == nil { break }
    }
    if !isClean || run == 1 { parts = 1 }
  }

  private static func isRow(
    _ line: UnsafeBufferPointer<UInt8>, _ layout: TableLayout, _ numeric: [Int]
  ) -> Bool {
    let cells = TextHead.cells(CellText.string(line), layout.delimiter)
    return cells.count >= layout.header.count
      && numeric.allSatisfy {
        if case .word = TextHead.number(cells[$0], decimal: layout.decimal) { false } else { true }
      }
  }
}
