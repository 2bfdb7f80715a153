package import Failures
import Foundation
import Mathematics
package import MeasuredTables
package import NodalAnalysis

/// `measure wires`: every word line driven in turn, every bit line sensed.
package struct WireMeasurement: Sendable {
  package var rows = 32
  package var columns = 32
  /// Ohms between crosspoints, and all that is in series at driven and at sensed ends.
  package var segment = 3.0
  package var wordEnd = 400.0
  package var bitEnd = 400.0
  package var drive = ArrayWires.Drive.single
  /// Siemens, and the standard deviation of ln G between devices.
  package var conductance = 5e-5
  package var spread = 0.0
  /// Volts on the driven word line.
  package var voltage = 0.1
  package var instrument = Instrument()
  package var seed: UInt64 = 0

  package init() {}

  /// What the instrument reads, with the devices' conductances.
  ///
  /// - Throws: ``Failure`` of kind `badData` when the array cannot be solved.
  package func readout() throws(Failure) -> WireReadout {
    let cells = rows * columns
    let deviations = Normal.draws(cells, from: RandomStream(seed: seed, name: "wired devices"))
    let conductances = deviations.map { conductance * exp(spread * $0) }
    var readout = WireReadout(
      rows: rows, columns: columns,
      readings: (0..<cells).map {
        .init(row: $0 / columns, column: $0 % columns, voltage: voltage, current: 0)
      }, conductances: conductances)
    let currents = try readout.currents(
      wires: .driven(
        rows: rows, columns: columns, wordSegment: segment, bitSegment: segment, source: wordEnd,
        sense: bitEnd, drive: drive), conductances: conductances)
    let noise = Normal.draws(cells, from: RandomStream(seed: seed, name: "instrument"))
    for cell in 0..<cells {
      readout.readings[cell].current = instrument.reading(of: currents[cell], normal: noise[cell])
    }
    return readout
  }

  /// Writes the table; conductances only when devices differ, for they are known then.
  package func write(to path: String, as format: TableFormat = .table) throws(Failure) {
    let readout = try readout()
    let isKnown = spread > 0
    var file = try MeasurementFile(
      path: path,
      columns: ["row", "column", "voltage_V", "current_A"] + (isKnown ? ["conductance_S"] : []),
      format: format)
    for (cell, reading) in readout.readings.enumerated() {
      file.append(
        ["\(reading.row ?? 0)", "\(reading.column)"],
        [reading.voltage, reading.current] + (isKnown ? [readout.conductances?[cell] ?? 0] : []))
    }
    try file.finish()
  }
}
