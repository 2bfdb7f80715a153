import FitResults
import Foundation
import Statistics

extension NiliPulseFit {
  /// Pairs within a bin: bins share no parameter, and of the spread's terms only the sum is known.
  var correlations: [ParameterCorrelation] {
    let (n, terms) = (NiliPulseModel.perBin, 5)
    let size = (edges.count - 1) * n
    return fitted.flatMap { bin -> [ParameterCorrelation] in
      let names = (0..<terms).map {
        "\(isSet ? "set" : "reset").\(NiliPulseModel.names[$0])[\(bin)]"
      }
      // The fit's first coordinate is ln|c₀|, and c₀ of RESET is negative.
      let signs = (0..<terms).map { $0 == 0 && !isSet ? -1.0 : 1 }
      let block = (0..<terms * terms).map { k -> Double in
        let (i, j) = (k / terms, k % terms)
        return signs[i] * signs[j] * covariance[(bin * n + i) * size + bin * n + j]
      }
      return ParameterCorrelation.all(
        names, covariance: block, without: undetermined.map { $0 - bin * n })
    }
  }
}

extension PulseFit {
  /// What the response leaves, whether it has structure, and how devices spread.
  mutating func addResiduals(_ set: NiliPulseFit, _ reset: NiliPulseFit) {
    var all = set.residuals
    all.add(reset.residuals)
    for (name, part) in [("set", set.residuals), ("reset", reset.residuals)] {
      report.statistics += [("\(name)_rmse_S", part.rmse), ("\(name)_r_squared", part.rSquared)]
    }
    report.add(all.structure, along: "amplitude, within bins of conductance,")
    let ends = [all.drawn.map(\.predicted).min(), all.drawn.map(\.predicted).max()]
    report.figures = [
      FitFigure(
        title: "Measured and fitted steps", xLabel: "fitted step (S)",
        yLabel: "measured step (S)",
        points: FitFigure.thinned(all.drawn.map { ($0.predicted, $0.seen) }),
        curve: ends.compactMap { $0 }.map { ($0, $0) }),
      .residuals(
        all.drawn.map { ($0.voltage, $0.residual) }, xLabel: "amplitude (V)",
        yLabel: "residual / its error"),
    ]
    report.addResidualDistribution(all.drawn.map(\.residual), label: "residual / its error")
    report.addPopulation("set_z", set.deviations, label: "deviation of a device, SET (z)")
    report.addPopulation("reset_z", reset.deviations, label: "deviation of a device, RESET (z)")
  }
}
