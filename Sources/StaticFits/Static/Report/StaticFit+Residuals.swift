import FitResults
import Foundation
import Statistics

extension StaticFit {
  /// Points of sweeps that go into the figures of residuals at most.
  private static let drawnPoints = 20_000

  /// Numbers of what the model leaves, whether it has structure, and its figures.
  mutating func addResiduals(_ prepared: PreparedSweeps) {
    let points = prepared.devices.joined().reduce(0) { $0 + $1.voltages.count }
    let stride = max(1, points / Self.drawnPoints)
    var structure = ResidualStructure()
    var (squares, total, relative, count) = (0.0, 0.0, 0.0, 0)
    var drawn: [(x: Double, y: Double)] = []
    var sample: [Double] = []
    var seen = 0
    for device in prepared.devices {
      let found = prepared.residuals(of: model, on: device)
      squares += found.squares
      total += found.total
      relative += found.relative
      count += found.count
      decades.add(found.decades)
      for (index, sweep) in device.enumerated() {
        let standardised = prepared.standardised(found.amperes[index], of: sweep)
        structure.add(standardised)
        for point in standardised.indices {
          if seen % stride == 0 {
            drawn.append(
              (sweep.voltages[point], found.amperes[index][point] / found.scales[index]))
            sample.append(standardised[point])
          }
          seen += 1
        }
      }
    }
    report.statistics += [
      ("rmse_relative", (relative / Double(max(1, count))).squareRoot()),
      ("r_squared", FitReport.explained(squares, of: total)),
    ]
    report.statistics += decades.medians.map { ("median_error_1e\($0.decade)_A", $0.error) }
    report.notes.append("median relative error by decade of current: \(decades.text)")
    report.add(structure, along: "voltage")
    report.figures.append(
      .residuals(
        drawn, xLabel: "voltage (V)", yLabel: "residual / largest current of the sweep"))
    report.addResidualDistribution(sample, label: "residual / noise of the instrument")
  }
}
