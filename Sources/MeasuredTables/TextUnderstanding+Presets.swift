import Failures
import Foundation

/// Layouts of instruments that are known by their own marks.
extension TextUnderstanding {
  // MARK: EasyEXPERT

  /// Titled blocks: settings, then a line `DataName` with the columns and lines `DataValue`.
  func easyexpert() throws(Failure) -> TableUnderstanding {
    guard let at = head.lines.firstIndex(where: { $0.hasPrefix("DataName") }) else {
      throw missing("a line DataName", .easyexpert)
    }
    let delimiter: UInt8 = head.lines[at].contains("\t") ? 0x09 : 0x2C
    var description = TableDescription()
    description.name = "EasyEXPERT"
    description.delimiter = delimiter
    description.decimal = 0x2E
    var blocks = TableBlocks()
    (blocks.title, blocks.header, blocks.rows) = ("SetupTitle", "DataName", "DataValue")
    description.blocks = blocks
    var keys: [String: String] = [:]
    for line in head.lines[..<at] {
      let cells = TextHead.cells(line, delimiter)
      if cells.count > 1 { keys[cells[0]] = cells[1] }
      if cells.count > 2 { keys[cells[1]] = cells.dropFirst(2).joined(separator: ", ") }
    }
    let header = TextHead.cells(head.lines[at], delimiter)
    var samples = header.map { _ in ColumnSample() }
    for line in head.lines[at...] where line.hasPrefix("DataValue") {
      for (place, cell) in TextHead.cells(line, delimiter).enumerated() where place < header.count {
        if case .number(let number) = TextHead.number(cell) { samples[place].take(number) }
      }
    }
    var binder = TableBinder(numbersAreTerminals: true, place: path)
    binder.meanings = ["dataname": ColumnMeaning()]
    binder.samples = Dictionary(zip(header, samples)) { first, _ in first }
    binder.shared[.cycle] = .block
    if keys["SetupTitle"] != nil { binder.shared[.operation] = .title }
    if keys["TestRecord.TestTarget"]?.isEmpty == false {
      binder.shared[.device] = .key("TestRecord.TestTarget")
    }
    let assignment = try binder.assignment(header, keys, samples: samples)
    description.series = try binder.series(header, keys)
    guard !assignment.series.isEmpty else {
      throw Failure(
        .badData, at: "\(path):\(at + 1)",
        "no column is a quantity with a unit: \(header.dropFirst().joined(separator: ", "))",
        remedy: "pass --description FILE.toml with [blocks] header = \"DataName\"")
    }
    return TableUnderstanding(
      path: path, format: .easyexpert,
      layout: "titled blocks; the title is the operation, the number among those of a title the"
        + " cycle" + (binder.shared[.device] != nil ? ", the test target the device" : ""),
      columns: header.enumerated().map { ($1, assignment.quantities[$0]) },
      notes: assignment.notes,
      description: description, binder: binder)
  }

  func missing(_ mark: String, _ format: TableFormat) -> Failure {
    Failure(
      .badData, at: path, "is no \(format.title) file: it has not \(mark)",
      remedy: "leave --format out, or give another")
  }

  // MARK: LabVIEW

  /// Header, then segments of a header and channels each, closed by `***End_of_Header***`.
  func lvm() throws(Failure) -> TableUnderstanding {
    guard let at = head.lines.firstIndex(where: { $0.hasPrefix("X_Value") }) else {
      throw missing("a line X_Value", .lvm)
    }
    let delimiter: UInt8 = head.lines[at].contains("\t") ? 0x09 : 0x2C
    var keys: [String: [String]] = [:]
    for line in head.lines[..<at] {
      let cells = TextHead.cells(line, delimiter)
      keys[cells[0]] = Array(cells.dropFirst())
    }
    let decimal: UInt8 = keys["Decimal_Separator"]?.first == "," ? 0x2C : 0x2E
    let kind = keys["X_Columns"]?.first?.lowercased() ?? "one"
    func number(_ key: String) -> Double? {
      guard let cell = keys[key]?.first,
        case .number(let value) = TextHead.number(
          cell, decimal: decimal)
      else { return nil }
      return value
    }
    let header = TextHead.cells(head.lines[at], delimiter)
    let units = Self.channelUnits(header, keys)
    var description = Self.channelTable(delimiter: delimiter, decimal: decimal)
    let layout = TableLayout(
      headerLine: at, header: header, units: units, linesUnderHeader: 0, groups: [],
      isCommented: false, headerDelimiter: delimiter, delimiter: delimiter, decimal: decimal,
      firstRow: min(at + 1, head.lines.count), recognised: 0, run: 0)
    var binder = TableBinder(numbersAreTerminals: false, place: path)
    binder.units = units
    binder.meanings = ["comment": ColumnMeaning()]
    if kind == "no" { binder.meanings["x_value"] = ColumnMeaning() }
    let samples = samples(layout)
    try checkTimes(header, samples)
    let assignment = try binder.assignment(header, [:], samples: samples)
    var series = assignment.series
    let isStepped = kind == "no"
    if isStepped {
      guard let step = number("Delta_X") else { throw missing("Delta_X", .lvm) }
      for place in series.indices {
        series[place].quantities[.time] = .rowNumber(scale: step, start: number("X0") ?? 0)
      }
    }
    let segments = head.lines.count { $0.hasPrefix("X_Value") }
    if segments > 1 || !head.isWhole {
      for place in series.indices where series[place].quantities[.cycle] == nil {
        series[place].quantities[.cycle] = .block
      }
    }
    guard !series.isEmpty else { throw unnamedChannels(header, line: at + 1) }
    description.series = series
    binder.fixed = series
    return TableUnderstanding(
      path: path, format: .lvm,
      layout: "\(segments) segment(s)" + (decimal == 0x2C ? ", decimal commas" : "")
        + (isStepped ? ", time from X0 and Delta_X" : ""),
      columns: header.enumerated().map { ($1, assignment.quantities[$0]) },
      notes: assignment.notes,
      description: description, binder: binder)
  }

  private static func channelTable(delimiter: UInt8, decimal: UInt8) -> TableDescription {
    var description = TableDescription()
    description.name = "LabVIEW Measurement"
    (description.delimiter, description.decimal) = (delimiter, decimal)
    description.comment = ""
    description.isRagged = true
    var blocks = TableBlocks()
    blocks.header = "X_Value"
    description.blocks = blocks
    return description
  }

  /// The unit of every column of LabVIEW's header.
  private static func channelUnits(_ header: [String], _ keys: [String: [String]]) -> [String] {
    let xUnit = xUnits[keys["X_Dimension"]?.first?.lowercased() ?? "time"]
    let labels = keys["Y_Unit_Label"] ?? []
    var (channel, hasX) = (0, false)
    return header.map { name in
      if name.hasPrefix("X_Value") {
        // Where every channel has an X of its own, the first one's holds for all.
        defer { hasX = true }
        return hasX ? "" : xUnit ?? ""
      }
      defer { channel += 1 }
      return labels.indices.contains(channel) && name != "Comment" ? labels[channel] : ""
    }
  }

  private func unnamedChannels(_ header: [String], line: Int) -> Failure {
    Failure(
      .badData, at: "\(path):\(line)",
      "no channel is a quantity with a unit: \(header.joined(separator: ", "))",
      remedy: "name channels and units in LabVIEW, or pass --description FILE.toml")
  }

  /// Channels whose times differ are no rows of one table.
  private func checkTimes(_ header: [String], _ samples: [ColumnSample]) throws(Failure) {
    let times = header.indices.filter { header[$0].hasPrefix("X_Value") }.map { samples[$0] }
    guard let first = times.first,
      let other = times.first(where: { $0.low != first.low || $0.high != first.high })
    else { return }
    throw Failure(
      .badData, at: path,
      "channels have times of their own: \(first.low) … \(first.high) and \(other.low) …"
        + " \(other.high) s",
      remedy: "describe them as several series with --description FILE.toml")
  }

  private static let xUnits = ["time": "s", "voltage": "V", "current": "A"]

  // MARK: Oscilloscopes

  /// The layout with settings in the first columns beside the first rows: time and value in the
  /// fourth and fifth.
  func tektronixColumns() throws(Failure) -> TableUnderstanding? {
    let rows = head.lines.prefix(30).map { TextHead.cells($0, 0x2C) }
    guard let first = rows.first, first.count >= 5, case .number = TextHead.number(first[3]),
      case .number = TextHead.number(first[4])
    else { return nil }
    func setting(_ key: String) -> String? {
      rows.first { $0.first?.lowercased() == key }.flatMap { $0.count > 1 ? $0[1] : nil }
    }
    let unit = setting("vertical units") ?? ""
    let found = UnitDimension.of(unit)
    let quantity = found?.dimension.quantity ?? .voltage
    var description = TableDescription()
    description.name = "Tektronix"
    (description.delimiter, description.decimal) = (0x2C, 0x2E)
    description.header = .none
    description.comment = ""
    description.columns = ["setting", "of", "", "time", "channel"]
    description.isRagged = true
    let scale = UnitScale(setting("horizontal units") ?? "s", for: .time) ?? .identity
    var series = SeriesDescription(quantities: [
      .time: .expression(ColumnExpression(column: "time"), scale),
      quantity: .expression(ColumnExpression(column: "channel"), found?.scale ?? .identity),
    ])
    if let source = setting("source"), !source.isEmpty {
      series.quantities[.device] = .constant(source)
    }
    description.series = [series]
    var binder = TableBinder(numbersAreTerminals: false, place: path)
    binder.fixed = description.series
    return TableUnderstanding(
      path: path, format: .tektronix,
      layout: "settings beside the first rows, time and channel in columns 4 and 5",
      columns: [("time", .time), ("channel", quantity)],
      notes: found == nil ? ["no vertical unit is given: taken as volts"] : [],
      description: description, binder: binder)
  }

  /// Units that stand above the table: `Vertical Units,V,V`.
  func tektronixUnits(_ layout: TableLayout) -> [String] {
    var (time, channels) = ("s", [String]())
    for line in head.lines[..<layout.headerLine] {
      let cells = TextHead.cells(line, layout.delimiter)
      if cells[0].lowercased() == "horizontal units", cells.count > 1 { time = cells[1] }
      if cells[0].lowercased() == "vertical units" { channels = Array(cells.dropFirst()) }
    }
    return layout.header.indices.map { place in
      if place == 0 { return time }
      return channels.indices.contains(place - 1) && !channels[place - 1].isEmpty
        ? channels[place - 1] : "V"
    }
  }

  /// Rigol: `X,CH1,Start,Increment` counts samples; `CH1(V),t0 = …,tInc = …` has no times.
  func rigol(
    _ layout: inout TableLayout, _ description: inout TableDescription,
    _ shared: inout [MeasuredQuantity: SeriesDescription.Source]
  ) {
    description.isRagged = true
    let names = layout.header.map { $0.lowercased() }
    if let start = names.firstIndex(of: "start"), let step = names.firstIndex(of: "increment"),
      layout.units.count > max(start, step), let zero = Double(layout.units[start]),
      let scale = Double(layout.units[step])
    {
      let text = "\(zero) + \"X\" * \(scale)"
      if let expression = try? ColumnExpression(text, at: path) {
        shared[.time] = .expression(expression, .identity)
      }
      layout.units[start] = ""
      layout.units[step] = ""
      return
    }
    func value(_ key: String) -> Double? {
      guard let cell = names.first(where: { $0.hasPrefix(key) }),
        let text = cell.split(separator: "=").last
      else { return nil }
      return UnitScale.value(of: text.trimmingCharacters(in: .whitespaces), for: .time)
    }
    guard let step = value("tinc"), !names.contains(where: { $0.hasPrefix("time") }) else { return }
    shared[.time] = .rowNumber(scale: step, start: value("t0") ?? 0)
  }

  /// Cells of a header that hold settings, and the count of samples, are no columns to be read.
  static func rigolMeanings(_ header: [String]) -> [String: ColumnMeaning] {
    let settings = header.map { $0.lowercased() }.filter {
      $0.contains("=") || ["x", "start", "increment"].contains($0)
    }
    return Dictionary(uniqueKeysWithValues: Set(settings).map { ($0, ColumnMeaning()) })
  }

  // MARK: Names with a meaning of their own

  static let arcOneMeanings: [String: ColumnMeaning] = [
    "wordline": .init(quantity: .row), "bitline": .init(quantity: .column),
    "resistance": .init(quantity: .resistance, unit: "ohm"), "tag": .init(quantity: .operation),
    "readtag": .init(), "readvoltage": .init(quantity: .readVoltage, unit: "V"),
  ]

  static let arcTwoNames: Set<String> = ["current", "voltage", "pulse_width", "read_voltage"]

  /// The current was read at the read voltage, not at that of the pulse.
  static let arcTwoMeanings: [String: ColumnMeaning] = [
    "current": .init(), "voltage": .init(quantity: .voltage, unit: "V"),
    "pulse_width": .init(quantity: .width, unit: "s"),
    "read_voltage": .init(quantity: .readVoltage, unit: "V"),
    "op_type": .init(quantity: .operation), "crosspoint": .init(quantity: .device),
  ]

  static func withReadConductance(_ series: SeriesDescription) -> SeriesDescription {
    var series = series
    if let expression = try? ColumnExpression("current / read_voltage", at: "ArC TWO") {
      series.quantities[.conductance] = .expression(expression, .identity)
    }
    return series
  }

  static let keithleyMeanings: [String: ColumnMeaning] = {
    var meanings: [String: ColumnMeaning] = [:]
    for buffer in ["", "smua.", "smub.", "smua.nvbuffer1.", "smub.nvbuffer1.", "nvbuffer1."] {
      for end in ["", "s"] {
        meanings["\(buffer)reading\(end)"] = .init(quantity: .current, unit: "A")
        meanings["\(buffer)sourcevalue\(end)"] = .init(quantity: .voltage, unit: "V")
        meanings["\(buffer)source value\(end)"] = .init(quantity: .voltage, unit: "V")
        meanings["\(buffer)timestamp\(end)"] = .init(quantity: .time, unit: "s")
      }
    }
    return meanings
  }()
}
