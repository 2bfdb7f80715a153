import Failures
import MeasuredTables
import Reports

/// The file of a measurement: a tidy table, written row by row, or an instrument's layout.
struct MeasurementFile {
  private let path: String
  private let format: TableFormat
  /// The tidy table; nil for an instrument's layout, which is written as a whole.
  private let tidy: TableFile?
  private var table: RecordedTable
  private var rows = 0

  /// Rows that an instrument's layout holds at most: it is made in memory.
  static let mostRows = 10_000_000
  /// Volts at which states are read where the measurement does not say.
  static let usualReadVoltage = 0.1

  /// - Parameters:
  ///   - columns: tidy headers, labels and counts first.
  ///   - readVoltage: volts at which states are read.
  /// - Throws: ``Failure``: `usage` when the layout does not hold these columns, and as ``TableFile``.
  init(
    path: String, columns: [String], format: TableFormat,
    readVoltage: Double = MeasurementFile.usualReadVoltage
  ) throws(Failure) {
    self.path = path
    self.format = format
    let quantities = columns.compactMap { column in
      MeasuredQuantity.allCases.first { $0.header == column }
    }
    guard quantities.count == columns.count else {
      throw Failure(.internal, at: path, "a column is no quantity: \(columns)")
    }
    table = RecordedTable(quantities: quantities, readVoltage: readVoltage)
    if let cause = format.layout?.refusal(of: Set(quantities)) { throw format.failure(cause) }
    tidy = format == .table ? try TableFile(path: path, columns: columns) : nil
  }

  /// Adds a row: whole numbers as words first, then numbers.
  mutating func append(_ words: [String], _ numbers: [Double]) {
    if let tidy { return tidy.append(words, numbers) }
    rows += 1
    guard rows <= Self.mostRows else { return }
    table.append(row: words.map { Double($0) ?? .nan } + numbers)
  }

  /// Completes the file.
  ///
  /// - Throws: ``Failure``: as ``TableFile``, and `usage` for more rows than a layout holds.
  func finish() throws(Failure) {
    if let tidy { return try tidy.finish() }
    guard rows <= Self.mostRows else {
      throw format.failure("holds \(Self.mostRows) rows, and there are \(rows)")
    }
    try format.layout?.write(table, to: path)
  }
}
