import FitResults
import Foundation
import Mathematics
import Statistics

extension SwitchingFit {
  /// What the probit leaves of the shares, and how thresholds spread over devices.
  mutating func addResiduals(_ likelihood: SwitchingLikelihood, _ point: [Double]) {
    let shares = likelihood.shares(point)
    let total = shares.reduce(0) { $0 + $1.total }
    let mean = shares.reduce(0) { $0 + $1.total * $1.seen } / total
    let squares = shares.reduce(0) { $0 + $1.total * pow($1.seen - $1.expected, 2) }
    let spread = shares.reduce(0) { $0 + $1.total * pow($1.seen - mean, 2) }
    report.statistics += [
      ("rmse_share", (squares / total).squareRoot()),
      ("r_squared", spread > 0 ? 1 - squares / spread : 0),
    ]
    // Where all or no pulses are expected to switch a residual has no sign of its own.
    let open = shares.filter { $0.variance > 1 }
    var structure = ResidualStructure()
    structure.add(open.map(\.residual))
    report.add(structure, along: "amplitude")
    report.figures.append(
      .residuals(
        open.map { ($0.voltage, $0.residual) }, xLabel: "amplitude at the reference width (V)",
        yLabel: "residual / its error"))
    report.addResidualDistribution(open.map(\.residual), label: "residual / its error")
    report.addPopulation(
      "device_threshold_V", likelihood.deviceThresholds(point),
      label: "posterior mean threshold of a device (V)")
  }

  /// Thresholds of ramps: all of them, what devices leave of them, and devices' means.
  mutating func addRamps(
    _ groups: [[Double]], mean: Double, spread: Double, prefix: String, kind: String
  ) {
    let all = groups.flatMap { $0 }
    let sorted = all.sorted()
    report.figures.append(
      FitFigure(
        title: "Thresholds of \(kind) ramps and the normal model", xLabel: "threshold (V)",
        yLabel: "share below",
        points: FitFigure.thinned(
          sorted.enumerated().map { ($1, (Double($0) + 0.5) / Double(sorted.count)) }),
        curve: (0...100).map { k in
          let z = Double(k) / 12.5 - 4
          return (mean + spread * z, Normal.cumulative(z))
        }))
    let means = groups.map { $0.reduce(0, +) / Double($0.count) }
    var (residuals, structure) = ([(x: Double, y: Double)](), ResidualStructure())
    for (group, centre) in zip(groups, means) {
      let own = group.enumerated().map { (x: Double($0), y: $1 - centre) }
      residuals += own
      structure.add(own.map(\.y))
    }
    // Statistics have plain names: those of SET where a table holds both.
    if report.statistic("residual_runs_z") == nil {
      report.add(
        structure, along: "cycle number",
        reservation: "thresholds that drift, or remember the cycle before, look like this")
    }
    report.figures.append(
      .residuals(residuals, xLabel: "ramp of a device", yLabel: "threshold less its mean (V)"))
    report.addPopulation(
      "\(prefix)device_threshold_V", means, label: "mean threshold of a device (V)")
  }
}
