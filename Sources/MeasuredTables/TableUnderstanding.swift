package import Failures
import Foundation

/// What was understood of a file before its rows are read: format, layout, columns.
///
/// `fit inspect` prints it, every fit reads through it, and it can be written down as a description.
package struct TableUnderstanding: Sendable {
  package var path: String
  package var format: TableFormat
  /// How the file is stored and where its table is, one line.
  package var layout: String
  /// Whether a description says how, and not the file.
  var isDescribed = false
  /// Columns with the quantity that each is; nil for one that is not read.
  package var columns: [(name: String, quantity: MeasuredQuantity?)] = []
  /// What was decided and assumed, one line each.
  package var notes: [String] = []
  /// The description that stands for it.
  package var description: TableDescription
  /// Chooses the series of every block, where blocks differ.
  var binder = TableBinder(numbersAreTerminals: false, place: "")

  /// What a user is told: format and layout, then the notes.
  package var lines: [String] {
    [isDescribed ? layout : "read as \(format.title) (\(format.rawValue)): \(layout)"] + notes
  }

  /// The description in TOML, to be corrected.
  ///
  /// - Throws: ``Failure`` of kind `badData` when nothing was understood.
  package func text() throws(Failure) -> String {
    guard !description.series.isEmpty else {
      throw Failure(
        .badData, at: path, "there is nothing to write down: no column was understood")
    }
    return
      "# What fit inspect understood of \((path as NSString).lastPathComponent):"
      + " \(format.title). Correct what is wrong.\n"
      + notes.map { "# \($0)\n" }.joined() + description.toml
  }

  /// Understands a file.
  ///
  /// - Parameters:
  ///   - description: what is known already; a tidy one leaves everything to the file.
  ///   - format: nil finds it by the file's marks.
  ///   - dataset: path of the table in a file that holds several.
  static func of(
    _ path: String, description: TableDescription, format: TableFormat?, dataset: String?
  ) throws(Failure) -> TableUnderstanding {
    let found = try FileMarks(path: path)
    if let format = format ?? description.format ?? found.format, format.holdsArrays {
      var understanding = TableUnderstanding(
        path: path, format: format, layout: "arrays", description: description)
      if description.isAutomatic {
        let arrays = try ArrayFile.read(path, format: format, dataset: dataset)
        try understanding.assign(arrays)
      }
      understanding.description.format = format
      understanding.description.dataset = dataset ?? description.dataset
      return understanding
    }
    guard description.isAutomatic else {
      return TableUnderstanding(
        path: path, format: .table, layout: "read as \(description.name) says", isDescribed: true,
        description: try settled(description, path: path))
    }
    var text = try TextUnderstanding(path: path, requested: format)
    return try text.understand()
  }

  /// A description whose delimiter and decimals the file's first lines complete.
  private static func settled(
    _ description: TableDescription, path: String
  ) throws(Failure) -> TableDescription {
    var description = description
    if description.delimiter == nil, let mark = description.blocks?.header {
      let head = try TextHead(path: path)
      description.delimiter = head.lines.first { $0.hasPrefix(mark) }.map {
        TextTable.likelyDelimiter(Array($0.utf8))
      }
    }
    guard description.decimal == nil, description.delimiter != 0x2C else { return description }
    let head = try TextHead(path: path, lines: 200)
    let filled = head.lines.filter { line in
      !line.isEmpty && (description.comment.isEmpty || !line.hasPrefix(description.comment))
    }
    let likely = filled.last.map { TextTable.likelyDelimiter(Array($0.utf8)) }
    guard let delimiter = description.delimiter ?? likely, delimiter != 0x2C else {
      return description
    }
    let cells = head.lines.flatMap { TextHead.cells($0, delimiter) }
    let commas = cells.contains {
      if case .word = TextHead.number($0), case .number = TextHead.number($0, decimal: 0x2C) {
        return true
      }
      return false
    }
    let points = cells.contains {
      if case .number = TextHead.number($0), $0.contains(".") { return true }
      return false
    }
    if commas, !points { description.decimal = 0x2C }
    return description
  }

  /// Assigns the arrays of a file to quantities.
  private mutating func assign(_ arrays: ArrayFile) throws(Failure) {
    let names = arrays.names
    var binder = TableBinder(numbersAreTerminals: false, place: path)
    let isArcTwo = Set(names).isSuperset(of: TextUnderstanding.arcTwoNames)
    if isArcTwo { binder.meanings = TextUnderstanding.arcTwoMeanings }
    let assignment = try binder.assignment(
      names, [:], samples: names.map { arrays.sample(of: $0) })
    guard !assignment.series.isEmpty else {
      throw Failure(
        .badData, at: path,
        "no array is a quantity with a unit: \(names.prefix(20).joined(separator: ", "))",
        remedy: arrays.remedy)
    }
    description.series =
      isArcTwo
      ? assignment.series.map(TextUnderstanding.withReadConductance) : assignment.series
    layout = arrays.layout + (isArcTwo ? " of ArC TWO" : "")
    notes = arrays.notes + assignment.notes
    columns = names.enumerated().map { ($1, assignment.quantities[$0]) }
    description.name = "what was understood of \((path as NSString).lastPathComponent)"
  }
}

/// Chooses the series of a block from its header and the lines above it.
struct TableBinder: Sendable {
  var numbersAreTerminals: Bool
  var place: String
  /// What the first block's columns hold, by name.
  var samples: [String: ColumnSample] = [:]
  /// Quantities that a preset gives to all series: title, block, device.
  var shared: [MeasuredQuantity: SeriesDescription.Source] = [:]
  /// Names that a preset gives a meaning of its own, in lower case.
  var meanings: [String: ColumnMeaning] = [:]
  /// Units in a row of their own.
  var units: [String] = []
  /// Series that do not depend on the block.
  var fixed: [SeriesDescription] = []

  /// - Parameter keys: what the lines above the header say.
  func series(
    _ columns: [String], _ keys: [String: String]
  ) throws(Failure) -> [SeriesDescription] {
    guard fixed.isEmpty else { return fixed }
    return try assignment(columns, keys, samples: columns.map { samples[$0] ?? ColumnSample() })
      .series.map { one in
        var one = one
        for (quantity, source) in shared where one.quantities[quantity] == nil {
          if case .key(let key) = source, keys[key]?.isEmpty ?? true { continue }
          one.quantities[quantity] = source
        }
        return one
      }
  }

  func assignment(
    _ columns: [String], _ keys: [String: String], samples: [ColumnSample], groups: [String] = []
  ) throws(Failure) -> ColumnAssignment {
    var headings = columns.enumerated().map {
      ColumnHeading($1, unitBelow: units.indices.contains($0) ? units[$0] : "")
    }
    for place in headings.indices {
      if let meaning = meanings[headings[place].text.lowercased()] {
        meaning.apply(to: &headings[place])
      }
    }
    SweptChannel(keys)?.mark(&headings)
    return try ColumnAssignment(
      headings: headings, samples: samples, groups: groups,
      numbersAreTerminals: numbersAreTerminals, place: place)
  }
}

/// What a preset knows of a column by its name.
struct ColumnMeaning: Sendable {
  /// nil: the column is not to be read.
  var quantity: MeasuredQuantity?
  var unit = ""

  func apply(to heading: inout ColumnHeading) {
    guard let quantity else {
      heading.quantity = nil
      heading.isIgnored = true
      return
    }
    heading.quantity = quantity
    heading.key = .none
    heading.isForced = false
    heading.isMeasured = false
    heading.trouble = nil
    if heading.unit == nil, !unit.isEmpty {
      heading.unit = unit
      heading.scale = UnitScale(unit, for: quantity) ?? .identity
    }
  }
}

/// The channel that an EasyEXPERT test sweeps (`Channel.Func` VAR1), and what it calls its readings.
struct SweptChannel {
  private let voltage: String
  private let current: String
  private let others: Set<String>

  init?(_ keys: [String: String]) {
    func list(_ key: String) -> [String] {
      (keys[key] ?? "").split(separator: ",", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    }
    let (voltages, currents) = (list("Channel.VName"), list("Channel.IName"))
    guard let place = list("Channel.Func").firstIndex(of: "VAR1"), voltages.indices.contains(place),
      currents.indices.contains(place)
    else { return nil }
    (voltage, current) = (voltages[place], currents[place])
    others = Set(voltages + currents).subtracting([voltage, current, ""])
  }

  /// Leaves the other channels' readings alone where the swept channel has its own.
  func mark(_ headings: inout [ColumnHeading]) {
    for (name, quantity) in [(voltage, MeasuredQuantity.voltage), (current, .current)] {
      guard headings.contains(where: { $0.text == name }) else { continue }
      for place in headings.indices {
        if headings[place].text == name {
          headings[place].quantity = quantity
          headings[place].key = .none
        } else if others.contains(headings[place].text), headings[place].quantity == quantity {
          headings[place].quantity = nil
        }
      }
    }
  }
}
