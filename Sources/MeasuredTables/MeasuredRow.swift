package import Failures

/// One row of a measurement: a number per quantity, NaN where the table has none.
///
/// Words (device, cycle, operation) are numbers of a ``LabelPool``.
package struct MeasuredRow {
  let values: UnsafePointer<Double>

  package subscript(_ quantity: MeasuredQuantity) -> Double { values[quantity.index] }

  /// The number of a word in its pool.
  package func label(_ quantity: MeasuredQuantity) -> Int { Int(values[quantity.index]) }
}

extension MeasuredQuantity {
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
  /// Troubles by kind: how many, and where the first one is.
  var troubles: [String: (count: Int, first: String)] = [:]

  package init() {}

  package mutating func note(_ trouble: String, at place: String) {
    troubles[trouble, default: (0, place)].count += 1
  }

  /// Rows and files that look wrong, one line per kind.
  package var suspicions: [String] {
    troubles.sorted { $0.key < $1.key }.map { trouble in
      let (count, first) = trouble.value
      return "\(trouble.key): \(count)\(count == 1 ? ", " : " times, first ")at \(first)"
    }
  }

  mutating func label(_ quantity: MeasuredQuantity, _ name: String) -> Int {
    switch quantity {
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
        "\(purpose) needs \(missing.map(\.rawValue).joined(separator: ", ")), which no column gives",
        remedy: "name columns such as \(missing[0].header), or pass --description FILE.toml")
    }
  }
}
