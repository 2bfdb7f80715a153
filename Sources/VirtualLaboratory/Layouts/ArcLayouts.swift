import Failures
import MeasuredTables

/// One state a row, read after what was done to the device.
private func stateRefusal(_ quantities: Set<MeasuredQuantity>) -> String? {
  if quantities.contains(.current) { return "records states that were read, not sweeps" }
  return quantities.contains(.conductance)
    ? nil : "records one reading a row: runs of pulses (--series N) have one, others have two"
}

extension RecordedTable {
  fileprivate func filled(_ value: Double) -> [Double] { Array(repeating: value, count: rows) }
}

/// ArC ONE, CSV: resistances of crosspoints; devices count along the 32 bit lines of its board.
struct ArcOneLayout: TextLayout {
  private static let bitLines = 32.0
  private static let names: [MeasuredQuantity: String] = [
    .row: "Wordline", .column: "Bitline", .resistance: "Resistance", .voltage: "Amplitude (V)",
    .width: "Pulse width (s)", .readVoltage: "ReadVoltage",
  ]

  func refusal(of quantities: Set<MeasuredQuantity>) -> String? { stateRefusal(quantities) }

  func text(of table: RecordedTable) throws(Failure) -> String {
    var table = table
    let isPulsed = table[.width] != nil
    if let devices = table[.device] {
      table.set(.row, to: devices.map { ($0 / Self.bitLines).rounded(.down) + 1 })
      table.set(
        .column, to: devices.map { $0.truncatingRemainder(dividingBy: Self.bitLines) + 1 })
      table.remove(.device)
    }
    table.set(.resistance, to: (table[.conductance] ?? []).map { 1 / $0 })
    table.remove(.conductance)
    if table[.voltage] == nil { table.set(.voltage, to: table.filled(table.readVoltage)) }
    if !isPulsed { table.set(.width, to: table.filled(0)) }
    table.set(.readVoltage, to: table.filled(table.readVoltage))
    let tag = isPulsed ? "P" : "R"
    var text = "session 1\ncrossbar-gan\n\(table.header(Self.names)),Tag,ReadTag\n"
    for row in 0..<table.rows { text += "\(table.line(row)),\(tag),R1\n" }
    return text
  }
}

/// ArC TWO, CSV: a current at the read voltage after each pulse.
struct ArcTwoLayout: TextLayout {
  private static let names: [MeasuredQuantity: String] = [
    .device: "crosspoint", .current: "current", .voltage: "voltage", .width: "pulse_width",
    .readVoltage: "read_voltage",
  ]

  func refusal(of quantities: Set<MeasuredQuantity>) -> String? { stateRefusal(quantities) }

  func text(of table: RecordedTable) throws(Failure) -> String {
    var table = table
    let isPulsed = table[.width] != nil
    table.set(.current, to: (table[.conductance] ?? []).map { $0 * table.readVoltage })
    table.remove(.conductance)
    if table[.voltage] == nil { table.set(.voltage, to: table.filled(0)) }
    if !isPulsed { table.set(.width, to: table.filled(0)) }
    table.set(.readVoltage, to: table.filled(table.readVoltage))
    // Operations of ArC TWO: 1 reads, 3 pulses and reads.
    var text = "\(table.header(Self.names)),op_type\n"
    for row in 0..<table.rows { text += "\(table.line(row)),\(isPulsed ? 3 : 1)\n" }
    return text
  }
}
