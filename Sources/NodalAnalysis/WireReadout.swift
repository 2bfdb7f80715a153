package import Failures

/// Currents of a passive array under known voltages: what a source-measure unit reads of it.
///
/// One word line is driven at a time, all others are at 0 V; or, where the table has no row, all
/// word lines are driven together. Bit lines are sensed at 0 V.
package struct WireReadout: Sendable {
  package struct Reading: Sendable, Equatable {
    /// nil when all word lines are driven.
    package var row: Int?
    package var column: Int
    /// Volts at the driver, amperes into the sense amplifier.
    package var voltage: Double
    package var current: Double

    package init(row: Int?, column: Int, voltage: Double, current: Double) {
      self.row = row
      self.column = column
      self.voltage = voltage
      self.current = current
    }
  }

  package var rows: Int
  package var columns: Int
  package var readings: [Reading]
  /// Siemens, row by row, where they are known; else all devices count as equal.
  package var conductances: [Double]?

  package init(rows: Int, columns: Int, readings: [Reading], conductances: [Double]? = nil) {
    self.rows = rows
    self.columns = columns
    self.readings = readings
    self.conductances = conductances
  }

  /// Currents of all readings in amperes.
  package func currents(
    wires: ArrayWires, conductances: [Double]
  ) throws(Failure) -> [Double] {
    let array = try WiredArray(
      devices: DeviceGrid(
        rows: rows, columns: columns, conductances: conductances), wires: wires)
    // Direct solves: what iteration leaves of an error would spoil derivatives by differences.
    let solver = try ExactSolver(array)
    let m = columns
    var matrix: [Double] = []
    for line in 0..<rows {
      var input = LineEnds(rows: rows, columns: m)
      (input.wordFirst[line], input.wordLast[line]) = (1, 1)
      matrix += try solver.solve(input).currents.bitTotals
    }
    var totals = [Double](repeating: 0, count: m)
    for cell in matrix.indices { totals[cell % m] += matrix[cell] }
    return readings.map { reading in
      reading.voltage
        * (reading.row.map { matrix[$0 * m + reading.column] } ?? totals[reading.column])
    }
  }
}
