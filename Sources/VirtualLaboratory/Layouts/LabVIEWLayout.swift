import Failures
import MeasuredTables

/// LabVIEW Measurement: one segment with a channel per quantity, against time or voltage.
struct LabVIEWLayout: TextLayout {
  private static let units: [MeasuredQuantity: String] = Dictionary(
    uniqueKeysWithValues: MeasuredQuantity.allCases.map { quantity in
      switch quantity.unit {
      case "V": (quantity, "Volts")
      case "A": (quantity, "Amperes")
      case "°C": (quantity, "degC")
      default: (quantity, quantity.unit)
      }
    })

  func text(of table: RecordedTable) throws(Failure) -> String {
    let axis: MeasuredQuantity? =
      table[.time] != nil ? .time : table.holdsSweeps ? .voltage : nil
    let abscissa = axis.flatMap { table[$0] }
    var channels = table
    if let axis { channels.remove(axis) }
    var text = Self.head
    func line(_ key: String, _ cell: (MeasuredQuantity) -> String) {
      text += "\(key)\t\(channels.quantities.map(cell).joined(separator: "\t"))\t\n"
    }
    text += "Channels\t\(channels.quantities.count)\t\n"
    line("Samples") { _ in "\(table.rows)" }
    line("Date") { _ in "2000/01/01" }
    line("Time") { _ in "00:00:00" }
    line("Y_Unit_Label") { Self.units[$0] ?? "" }
    line("X_Dimension") { _ in axis == .time ? "Time" : axis == .voltage ? "Voltage" : "Index" }
    line("X0") { _ in "0.0E+0" }
    line("Delta_X") { _ in "1.0" }
    text += "***End_of_Header***\t\n"
    text += "X_Value\t\(channels.quantities.map(\.rawValue).joined(separator: "\t"))\tComment\n"
    for row in 0..<table.rows {
      let x = abscissa.map { $0[row].description } ?? "\(row)"
      text += "\(x)\t\(channels.line(row, "\t"))\t\n"
    }
    return text
  }

  private static let head = """
    LabVIEW Measurement\t
    Writer_Version\t2
    Reader_Version\t2
    Separator\tTab
    Decimal_Separator\t.
    Multi_Headings\tNo
    X_Columns\tOne
    Time_Pref\tRelative
    Operator\tcrossbar-gan
    Date\t2000/01/01
    Time\t00:00:00
    ***End_of_Header***\t
    \t

    """
}
