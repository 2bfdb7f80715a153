package import Failures
import Foundation

/// One row of a measurement: a number per quantity, NaN where the table has none.
///
/// Words (device, cycle, operation) are numbers of a ``LabelPool``.
package struct MeasuredRow {
  let values: UnsafePointer<Double>

  package subscript(_ quantity: MeasuredQuantity) -> Double { values[quantity.index] }

  /// The number of a word in its pool.
  package func label(_ quantity: MeasuredQuantity) -> Int {
    Int(clamping: values[quantity.index], to: 0...Int.max)
  }
}

extension MeasuredQuantity {
  /// What an error calls it: a conductance may be a resistance, or current over voltage.
  fileprivate var wanted: String {
    substitutes.map {
      "\(rawValue) (or \($0.resistance.rawValue), or \($0.current.rawValue) and a voltage)"
    } ?? rawValue
  }

  /// Place of a quantity's value in a row.
  var index: Int { Self.places[self] ?? 0 }

  static let count = allCases.count

  private static let places = Dictionary(
    uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })
}

/// Words by number, in the order of their first appearance.
package struct LabelPool: Sendable {
  package private(set) var names: [String] = []
  private var numbers: [String: Int] = [:]

  mutating func number(of name: String) -> Int {
    if let known = numbers[name] { return known }
    numbers[name] = names.count
    names.append(name)
    return names.count - 1
  }

  /// The name behind a number; the number itself where the table names none.
  package func name(_ number: Int) -> String {
    names.indices.contains(number) ? names[number] : "\(number)"
  }

  /// Names for a note: the first twelve, and whether there are more.
  package func list(_ numbers: [Int]) -> String {
    numbers.prefix(12).map(name).joined(separator: ", ") + (numbers.count > 12 ? ", …" : "")
  }
}

/// What reading a set of files came to.
package struct ReadReport: Sendable {
  /// A file that was read, for provenance.
  package struct Source: Sendable {
    package var path: String
    package var bytes: Int
    /// `sha256:` or, above 64 MB, `crc32:` and hexadecimal digits.
    package var digest: String
  }

  package var rows = 0
  package var sources: [Source] = []
  package var devices = LabelPool()
  package var cycles = LabelPool()
  package var operations = LabelPool()
  /// Quantities the description gives.
  package var quantities: Set<MeasuredQuantity> = []
  /// Comments above the header, with the file they stand in.
  package var comments: [(path: String, text: String)] = []
  /// What was understood of each file that was read.
  package var understandings: [TableUnderstanding] = []
  /// Files that could not be read while others could, with the reason.
  package var leftOut: [(path: String, reason: Failure)] = []
  /// Troubles by kind: how many, and where the first one is.
  var troubles: [String: (count: Int, first: String)] = [:]

  package init() {}

  package mutating func note(_ trouble: String, at place: String) {
    troubles[trouble, default: (0, place)].count += 1
  }

  /// Troubles that are no readings: of a file, or of what stands around a table.
  private static let noReadings: Set<String> = [
    "no usable row", "a comment speaks of missing or copied columns", "a line outside the table",
    "a line without samples",
  ]
  /// Where an instrument or a table has nothing to say, nothing that was measured is lost.
  private static let nothingMeasured: Set<String> = [
    "an empty cell", "a first row, which has no row before",
  ]

  /// Readings that were left out, by the rule that did, of all that were seen; `isLoss` tells those that
  /// were measured.
  package var droppedRows: [(rule: String, count: Int, of: Int, isLoss: Bool)] {
    let dropped = troubles.filter { !Self.noReadings.contains($0.key) }
    let all = rows + dropped.values.reduce(0) { $0 + $1.count }
    return dropped.sorted { $0.key < $1.key }.map {
      ($0.key, $0.value.count, all, !Self.nothingMeasured.contains($0.key))
    }
  }

  /// What every fit says of its files: those left out, and how the others were read.
  package var provenance: [String] {
    leftOut.map { "left out: \($0.path): \($0.reason.description)" } + understood
  }

  /// How files were read; files that were read alike are one entry.
  private var understood: [String] {
    var seen: [[String]: [String]] = [:]
    var order: [[String]] = []
    for one in understandings {
      if seen[one.lines] == nil { order.append(one.lines) }
      seen[one.lines, default: []].append(one.path)
    }
    return order.flatMap { lines -> [String] in
      let files = seen[lines] ?? []
      let name = files.count == 1 ? files[0] : "\(files[0]) and \(files.count - 1) more"
      return lines.map { "\(name): \($0)" }
    }
  }

  /// What a fit is to say of its files: those left out, what their format and columns were taken
  /// for, and rows that look wrong.
  package var suspicions: [String] {
    let notes = understandings.flatMap { one -> [String] in
      let isPlain = one.isDescribed || one.format == .table
      return (isPlain ? [] : [one.lines[0]]) + one.notes
    }
    let unique = notes.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return leftOut.map { "left out: \($0.path): \($0.reason.description)" } + unique + troubleLines
  }

  /// Rows and files that look wrong, one line per kind.
  var troubleLines: [String] {
    troubles.sorted { $0.key < $1.key }.map { trouble in
      let (count, first) = trouble.value
      return "\(trouble.key): \(count)\(count == 1 ? ", " : " times, first ")at \(first)"
    }
  }

  mutating func label(_ quantity: MeasuredQuantity, _ name: String) -> Int {
    // Blanks around a word, as behind the comma of ", ", are no part of it.
    let name = name.trimmingCharacters(in: .whitespaces)
    return switch quantity {
    case .cycle: cycles.number(of: name)
    case .operation: operations.number(of: name)
    default: devices.number(of: name)
    }
  }

  /// The first rows a fit cannot do without.
  ///
  /// - Throws: ``Failure`` of kind `badData` that lists what is missing.
  package func require(_ needed: [MeasuredQuantity], for purpose: String) throws(Failure) {
    let missing = needed.filter { !quantities.contains($0) }
    guard missing.isEmpty else {
      let place = sources.first?.path ?? "table"
      throw Failure(
        .badData, at: place,
        "\(purpose) needs \(missing.map(\.wanted).joined(separator: ", ")), which no column gives",
        remedy: "name columns such as \(missing[0].header), or pass --description FILE.toml")
    }
  }
}
