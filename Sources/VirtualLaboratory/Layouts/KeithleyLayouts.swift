import Failures
import MeasuredTables

/// A layout of terminals, which have a voltage and a current each.
private func terminalRefusal(_ quantities: Set<MeasuredQuantity>) -> String? {
  let isReading = quantities.contains(.conductance) && !quantities.contains(.voltage)
  return isReading || quantities.isSuperset(of: [.voltage, .current])
    ? nil : "records voltages and currents of terminals, not pulses"
}

/// Keithley 4200 and Clarius, CSV: terminal A, the settings below the table.
struct ClariusLayout: TextLayout {
  func refusal(of quantities: Set<MeasuredQuantity>) -> String? { terminalRefusal(quantities) }

  func text(of table: RecordedTable) throws(Failure) -> String {
    let table = table.asSourceMeter
    return table.lines([.voltage: "AV", .current: "AI", .time: "Time"])
      + """

      ===================================
      Test Name,\(table.holdsSweeps && table[.time] == nil ? "sweep" : "sampling")#1@1
      Mode,\(table[.time] == nil ? "Sweeping" : "Sampling")
      Speed,Normal

      """
  }
}

/// Keithley 2600, CSV: the reading buffer of channel A.
struct Keithley2600Layout: TextLayout {
  func text(of table: RecordedTable) throws(Failure) -> String {
    "Model 2636B,Serial 1\nsmua.nvbuffer1\n"
      + table.asSourceMeter.lines([
        .voltage: "SourceValues", .current: "Readings", .time: "Timestamps",
      ])
  }
}

/// Keithley ACS, CSV: source-measure unit 1, first site.
struct ACSLayout: TextLayout {
  func refusal(of quantities: Set<MeasuredQuantity>) -> String? { terminalRefusal(quantities) }

  func text(of table: RecordedTable) throws(Failure) -> String {
    table.asSourceMeter.lines([
      .voltage: "Smu1.V[1][1]", .current: "Smu1.I[1][1]", .time: "Smu1.Time[1][1]",
    ])
  }
}
