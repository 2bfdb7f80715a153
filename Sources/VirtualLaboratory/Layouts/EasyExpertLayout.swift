import Failures
import MeasuredTables

/// Keysight EasyEXPERT, CSV: a titled block per device, and per cycle where devices are swept.
struct EasyExpertLayout: TextLayout {
  private static let names: [MeasuredQuantity: String] = [
    .voltage: "Vtop", .current: "Itop", .time: "Time",
  ]

  func text(of table: RecordedTable) throws(Failure) -> String {
    var table = table.asSourceMeter
    let (devices, cycles) = (table[.device], table.holdsSweeps ? table[.cycle] : nil)
    let title =
      table[.time] != nil
      ? "I/V-t Sampling" : table.holdsSweeps ? "I/V Sweep" : "Pulsed Measurement"
    table.remove(.device)
    if cycles != nil { table.remove(.cycle) }
    var text = ""
    var first = 0
    while first < table.rows {
      var end = first + 1
      while end < table.rows, devices?[end] == devices?[first], cycles?[end] == cycles?[first] {
        end += 1
      }
      text += head(title, table, device: devices?[first], cycle: cycles?[first], rows: end - first)
      for row in first..<end { text += "DataValue, \(table.line(row, ", "))\n" }
      first = end
    }
    return text
  }

  /// Settings of a test, and the names of its columns.
  private func head(
    _ title: String, _ table: RecordedTable, device: Double?, cycle: Double?, rows: Int
  ) -> String {
    func whole(_ value: Double) -> String { RecordedTable.text(value, of: .device) }
    var lines = ["", "SetupTitle, \(title)", "PrimitiveTest, \(title)"]
    if table[.voltage] != nil, table[.current] != nil {
      lines += [
        "TestParameter, Channel.UnitType, SMU", "TestParameter, Channel.IName, Itop",
        "TestParameter, Channel.VName, Vtop", "TestParameter, Channel.Func, VAR1",
      ]
    }
    if let device { lines.append("MetaData, TestRecord.TestTarget, \(whole(device))") }
    if let cycle { lines.append("MetaData, TestRecord.IterationIndex, \(whole(cycle + 1))") }
    let columns = table.columns.map { _ in "\(rows)" }.joined(separator: ", ")
    lines += [
      "AnalysisSetup, Analysis.Setup.Title, \(title)", "Dimension1, \(columns)",
      "Dimension2, \(table.columns.map { _ in "1" }.joined(separator: ", "))",
      "DataName, \(table.header(Self.names, ", "))",
    ]
    return lines.joined(separator: "\n") + "\n"
  }
}
