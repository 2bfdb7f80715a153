import Failures
import MeasuredTables

/// A wide table: columns of each device side by side, what all devices share in one.
struct WideLayout: TextLayout {
  /// How the columns of a device are called behind its number.
  private static let names: [MeasuredQuantity: String] = [
    .voltage: "V (V)", .current: "I (A)", .conductance: "G (S)", .time: "t (s)",
    .temperature: "temperature (°C)", .width: "width (s)",
  ]

  func refusal(of quantities: Set<MeasuredQuantity>) -> String? {
    guard quantities.contains(.device) else { return "has columns per device, and there is none" }
    let others = quantities.subtracting(Self.names.keys).subtracting([.device, .cycle, .pulse])
    return others.isEmpty
      ? nil
      : "has one column of a kind per device, not \(others.map(\.rawValue).sorted())"
  }

  func text(of table: RecordedTable) throws(Failure) -> String {
    let parts = try parts(of: table)
    guard let first = parts.first, parts.count > 1 else {
      throw TableFormat.wide.failure("has columns of several devices, and there is one")
    }
    var shared = RecordedTable(quantities: [], readVoltage: table.readVoltage)
    var own: [(name: String, values: ArraySlice<Double>, quantity: MeasuredQuantity)] = []
    for (quantity, values) in zip(table.quantities, table.columns) where quantity != .device {
      if parts.allSatisfy({ values[$0.rows].elementsEqual(values[first.rows]) }) {
        shared.set(quantity, to: Array(values[first.rows]))
      } else if let name = Self.names[quantity] {
        own += parts.map { ("Device \($0.device) \(name)", values[$0.rows], quantity) }
      } else {
        throw TableFormat.wide.failure("has one \(quantity.rawValue) for all devices in a row")
      }
    }
    guard !own.isEmpty else {
      throw TableFormat.wide.failure("has columns per device, and all devices are alike")
    }
    var text = shared.quantities.map { "\($0.header)," }.joined()
    text += own.map(\.name).joined(separator: ",") + "\n"
    for row in 0..<first.rows.count {
      if !shared.quantities.isEmpty { text += shared.line(row) + "," }
      text +=
        own.map { RecordedTable.text($0.values[$0.values.startIndex + row], of: $0.quantity) }
        .joined(separator: ",") + "\n"
    }
    return text
  }

  /// The rows of each device, which stand together and are equally many.
  private func parts(
    of table: RecordedTable
  ) throws(Failure) -> [(device: String, rows: Range<Int>)] {
    let devices = table[.device] ?? []
    var parts: [(device: String, rows: Range<Int>)] = []
    var first = 0
    while first < devices.count {
      var end = first + 1
      while end < devices.count, devices[end] == devices[first] { end += 1 }
      parts.append((RecordedTable.text(devices[first], of: .device), first..<end))
      first = end
    }
    guard Set(parts.map(\.rows.count)).count < 2, Set(parts.map(\.device)).count == parts.count
    else {
      throw TableFormat.wide.failure("has as many rows for every device, one after the other")
    }
    return parts
  }
}
