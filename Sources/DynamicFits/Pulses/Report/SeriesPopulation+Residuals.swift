import FitResults
import Foundation
import Statistics

extension SeriesPopulation {
  /// What every device says of the parameters, to first order in the parameters themselves.
  private var columns: [(name: String, values: [Double])] {
    var result = [
      ("bounds.low", fits.map(\.fit.bounds.lowerBound)),
      ("bounds.high", fits.map(\.fit.bounds.upperBound)),
    ]
    guard form == .piecewise else {
      result += [
        ("set_step", fits.map(\.fit.set.step)), ("reset_step", fits.map(\.fit.reset.step)),
      ]
      if form == .power {
        result += [
          ("set_exponent", fits.map(\.fit.set.exponent)),
          ("reset_exponent", fits.map(\.fit.reset.exponent)),
        ]
      }
      return result
    }
    // Geometric means, those of RESET negative.
    for node in 0..<PiecewiseWalk.nodeCount {
      result.append(("set_steps.\(node)", fits.map { log($0.fit.set.nodeSteps[node]) }))
    }
    for node in 0..<PiecewiseWalk.nodeCount {
      result.append(("reset_steps.\(node)", fits.map { -log($0.fit.reset.nodeSteps[node]) }))
    }
    return result
  }

  /// Devices below which their scatter says nothing of a correlation.
  private static let fewDevices = 5

  /// Correlations, what the mean curves leave of their readings, and how devices spread.
  func addTrust(_ report: inout FitReport, _ series: PulseSeries) {
    if fits.count >= Self.fewDevices {
      report.correlations = ParameterCorrelation.all(ofMeans: columns)
    } else if fits.count == 1, let own = fits.first?.fit {
      let known = own.covariance
      report.correlations = ParameterCorrelation.all(
        known.names, covariance: known.values, without: known.open)
    }
    addResiduals(&report, series)
    for (name, isSet) in [("set", true), ("reset", false)] {
      report.addPopulation(
        "\(name)_step_S", fits.map { isSet ? $0.fit.set.step : $0.fit.reset.step },
        label: "\(isSet ? "SET" : "RESET") step of a device (S)")
    }
    report.addPopulation(
      "bounds_low_S", fits.map(\.fit.bounds.lowerBound), label: "lower bound of a device (S)")
    report.addPopulation(
      "bounds_high_S", fits.map(\.fit.bounds.upperBound), label: "upper bound of a device (S)")
  }

  private func addResiduals(_ report: inout FitReport, _ series: PulseSeries) {
    var structure = ResidualStructure()
    var (squares, total) = (0.0, 0.0)
    var (drawn, sample): ([(x: Double, y: Double)], [Double]) = ([], [])
    for (device, fit) in fits {
      let curve = MeanCurve(series, device: device)
      let scale = max(fit.rmse, 1e-300)
      let centre = Self.mean((curve.set + curve.reset).map(\.g))
      for isSet in [true, false] {
        let residuals = (isSet ? curve.set : curve.reset).map { n, g in
          (n: n, g: g - fit.value(isSet: isSet, pulses: n))
        }
        structure.add(residuals.map { $0.g / scale })
        drawn += residuals.map { (x: isSet ? $0.n : -$0.n, y: $0.g / scale) }
        sample += residuals.map { $0.g / scale }
        squares += residuals.reduce(0) { $0 + $1.g * $1.g }
      }
      total += (curve.set + curve.reset).reduce(0) { $0 + ($1.g - centre) * ($1.g - centre) }
    }
    report.statistics.append(("r_squared", FitReport.explained(squares, of: total)))
    report.add(
      structure, along: "pulse number",
      reservation: "1/f noise, and noise that adds up from pulse to pulse, look the same")
    report.figures.append(
      .residuals(
        drawn, xLabel: "pulse (RESET to the left)",
        yLabel: "residual of the mean curve / its rms"))
    report.addResidualDistribution(sample, label: "residual of the mean curve / its rms")
  }
}
