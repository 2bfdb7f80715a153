import MeasuredTables

/// A measurement on its way into an instrument's layout: a column of numbers per quantity.
///
/// Labels (device, cycle) are whole numbers.
struct RecordedTable: Sendable {
  private(set) var quantities: [MeasuredQuantity]
  private(set) var columns: [[Double]]
  /// Volts at which states were read.
  let readVoltage: Double

  init(quantities: [MeasuredQuantity], readVoltage: Double) {
    self.quantities = quantities
    self.readVoltage = readVoltage
    columns = quantities.map { _ in [] }
  }

  var rows: Int { columns.first?.count ?? 0 }

  subscript(_ quantity: MeasuredQuantity) -> [Double]? {
    quantities.firstIndex(of: quantity).map { columns[$0] }
  }

  mutating func append(row: [Double]) {
    for (place, value) in row.enumerated() { columns[place].append(value) }
  }

  /// Replaces a column, or adds it behind the others.
  mutating func set(_ quantity: MeasuredQuantity, to values: [Double]) {
    if let place = quantities.firstIndex(of: quantity) {
      columns[place] = values
    } else {
      quantities.append(quantity)
      columns.append(values)
    }
  }

  mutating func remove(_ quantity: MeasuredQuantity) {
    guard let place = quantities.firstIndex(of: quantity) else { return }
    quantities.remove(at: place)
    columns.remove(at: place)
  }

  /// Whether rows are points of sweeps: voltages and currents without pulses.
  var holdsSweeps: Bool {
    self[.voltage] != nil && self[.current] != nil && self[.width] == nil
  }

  /// The table as a source meter records it: a conductance that was read is a voltage and a current.
  ///
  /// Beside a voltage of its own, a pulse's or a sweep's, a conductance stays.
  var asSourceMeter: RecordedTable {
    guard let conductances = self[.conductance], self[.voltage] == nil else { return self }
    var table = self
    table.remove(.conductance)
    table.set(.voltage, to: conductances.map { _ in readVoltage })
    table.set(.current, to: conductances.map { $0 * readVoltage })
    return table
  }

  /// The text of a value: the shortest decimal that reads back as the same number.
  static func text(_ value: Double, of quantity: MeasuredQuantity) -> String {
    guard quantity.unit.isEmpty, let whole = Int(exactly: value) else { return value.description }
    return whole.description
  }

  /// The names of all columns, tidy ones where a layout has none of its own, parted by `delimiter`.
  func header(_ names: [MeasuredQuantity: String], _ delimiter: String = ",") -> String {
    quantities.map { names[$0] ?? $0.header }.joined(separator: delimiter)
  }

  func line(_ row: Int, _ delimiter: String = ",") -> String {
    zip(quantities, columns).map { Self.text($1[row], of: $0) }.joined(separator: delimiter)
  }

  /// Header and rows, each with the end of its line.
  func lines(_ names: [MeasuredQuantity: String], _ delimiter: String = ",") -> String {
    var text = header(names, delimiter) + "\n"
    for row in 0..<rows { text += line(row, delimiter) + "\n" }
    return text
  }
}
