import Devices
import FitResults
import Foundation
import Mathematics
import MeasuredTables
import Statistics

extension SeriesPopulation {
  /// The population in numbers; a mean over devices has the interval that their number allows.
  func report(_ series: PulseSeries) -> FitReport {
    var report = FitReport(kind: "pulses", model: form.rawValue)
    report.parameters = means
    if fits.count == 1 { oneDevice(&report, series) }
    if fits.count >= VarianceComponents.fewestGroups {
      for (name, part) in [
        ("set_spread", \StepCurveFit.set), ("reset_spread", \StepCurveFit.reset),
      ] {
        report.parameters.append(
          FittedParameter(
            name, ofDeviation: spread(part), freedom: Double(fits.count - 1), unit: "1"))
      }
    }
    report.parameters.append(noise.parameter)
    report.statistics = [
      ("rows", Double(series.report.rows)), ("devices", Double(fits.count)),
      ("runs", Double(series.runs.count)),
      ("rmse_S", Self.mean(fits.map(\.fit.rmse))), ("set_spread", spread(\.set)),
      ("reset_spread", spread(\.reset)), ("read_noise_S", noise.white.squareRoot()),
      ("read_flicker_S_per_efold", noise.flicker.squareRoot()),
      ("cycle_offset_S", noise.cycleVariance.squareRoot()),
    ]
    if !scores.isEmpty {
      let table = scores.map { "\($0.form.rawValue) \(String(format: "%.3g", 100 * $0.score)) %" }
      report.notes.append(
        (fits.count + failures > 1
          ? "error on devices left out" : "error on the only device, which is no test of a form")
          + ", relative to a device's range: "
          + table.joined(separator: ", "))
      let failed = StepForm.allCases.filter { form in !scores.contains { $0.form == form } }
      if !failed.isEmpty {
        report.notes.append(
          "not compared, as it does not converge on the mean of the others: "
            + failed.map(\.rawValue).joined(separator: ", "))
      }
    }
    if failures > 0 { report.notes.append("\(failures) devices on which the fit fails left out") }
    if fits.count < VarianceComponents.fewestGroups {
      report.notes.append(
        (fits.count == 1
          ? "one device: parameters are its own" : "\(fits.count) devices: a mean is hardly known")
          + ", and the spread between devices is not determined (three are needed)")
    }
    report.notes += series.report.suspicions.map { "look: \($0)" }
    addFigures(&report, series)
    addTrust(&report, series)
    return report
  }

  /// Means over the devices of what a calibration gets.
  var means: [FittedParameter] {
    func mean(_ name: String, _ unit: String, _ value: (StepCurveFit) -> Double) -> FittedParameter
    {
      FittedParameter(name, meanOf: fits.map { value($0.fit) }, unit: unit)
    }
    var result = [
      mean("bounds.low", "S") { $0.bounds.lowerBound },
      mean("bounds.high", "S") { $0.bounds.upperBound },
    ]
    guard form != .piecewise else {
      return result + nodeParameters("set_steps", sign: 1, \.set)
        + nodeParameters("reset_steps", sign: -1, \.reset)
    }
    result += [mean("set_step", "S") { $0.set.step }, mean("reset_step", "S") { $0.reset.step }]
    guard form == .power else { return result }
    return result + [
      mean("set_exponent", "1") { $0.set.exponent },
      mean("reset_exponent", "1") { $0.reset.exponent },
    ]
  }

  /// Steps at the nodes, whose logarithms spread evenly about their mean.
  private func nodeParameters(
    _ name: String, sign: Double, _ part: KeyPath<StepCurveFit, StepCurveFit.Branch>
  ) -> [FittedParameter] {
    (0..<PiecewiseWalk.nodeCount).map { node in
      FittedParameter(
        "\(name).\(node)", geometricMeanOf: fits.map { $0.fit[keyPath: part].nodeSteps[node] },
        sign: sign, unit: "S")
    }
  }

  private func addFigures(_ report: inout FitReport, _ series: PulseSeries) {
    guard let first = fits.first else { return }
    let curve = MeanCurve(series, device: first.device)
    for isSet in [true, false] {
      let points = isSet ? curve.set : curve.reset
      report.figures.append(
        FitFigure(
          title: "\(isSet ? "SET" : "RESET") of the first device, mean over cycles",
          xLabel: "pulse", yLabel: "conductance (S)", points: points.map { ($0.n, $0.g) },
          curve: points.map { ($0.n, first.fit.value(isSet: isSet, pulses: $0.n)) }))
    }
  }
}
