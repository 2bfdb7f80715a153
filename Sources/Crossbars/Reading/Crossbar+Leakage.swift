import ArrayOperations
import Mathematics

extension Crossbar {
  /// Adds what devices leak to the sensed lines whether they are driven or not.
  ///
  /// Every device passes `leakage` times its current at V_read. What the lines of a pair leak is
  /// subtracted like their signals; each line's noise is not.
  func addLeakage(to currents: MatrixView, _ direction: ReadDirection, draw: UInt64) {
    let nonIdealities = technology.conditions.nonIdealities
    guard nonIdealities.leakage > 0 else { return }
    let isForward = direction == .forward
    let scale = nonIdealities.leakage * technology.conditions.read.voltage
    let totals = isForward ? columnTotals : rowTotals
    for line in 0..<currents.rows {
      let offset = Float(scale * netConductance(of: line, isForward: isForward))
      let deviation = Float(scale * nonIdealities.leakageNoise * totals[line])
      let row = currents.row(line)
      for sample in row.indices {
        row[sample] += offset
        guard deviation > 0 else { continue }
        row[sample] +=
          deviation
          * leakageNoise.gaussian(at: line * currents.columns + sample, substream: draw)
      }
    }
  }

  /// Σ (a⁺ − a⁻) of the first term over a sensed line's devices, in siemens.
  private func netConductance(of line: Int, isForward: Bool) -> Double {
    isForward
      ? (0..<wordLines).reduce(0.0) { $0 + Double(difference[$1 * outputs + line]) }
      : (0..<outputs).reduce(0.0) { $0 + Double(transposedDifference[line * outputs + $1]) }
  }
}
