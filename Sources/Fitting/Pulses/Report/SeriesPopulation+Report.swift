import Devices
import Foundation
import Mathematics
import MeasuredTables
import Statistics

extension SeriesPopulation {
  /// The population in numbers; a mean over devices has the standard error of their spread.
  func report(_ series: PulseSeries) -> FitReport {
    var report = FitReport(kind: "pulses", model: form.rawValue)
    func parameter(_ name: String, _ unit: String, _ value: (StepCurveFit) -> Double) {
      let values = fits.map { value($0.fit) }
      let error =
        values.count > 2
        ? Self.deviation(values) / Double(values.count).squareRoot() : Double.infinity
      report.parameters.append(
        FittedParameter(name, Self.mean(values), unit: unit, standardError: error))
    }
    parameter("bounds.low", "S") { $0.bounds.lowerBound }
    parameter("bounds.high", "S") { $0.bounds.upperBound }
    if form == .piecewise {
      report.parameters += nodeParameters("set_steps", sign: 1, \.set)
      report.parameters += nodeParameters("reset_steps", sign: -1, \.reset)
    } else {
      parameter("set_step", "S") { $0.set.step }
      parameter("reset_step", "S") { $0.reset.step }
    }
    if form == .power {
      parameter("set_exponent", "1") { $0.set.exponent }
      parameter("reset_exponent", "1") { $0.reset.exponent }
    }
    if fits.count < 3 { oneDevice(&report) }
    report.parameters.append(
      FittedParameter(
        "cycle_to_cycle", noise.cycleToCycle, unit: "1", standardError: noise.cycleToCycleError))
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
    if fits.count < 3 {
      report.notes.append("\(fits.count) device(s): the spread between devices cannot be found")
    }
    report.notes += series.report.suspicions.map { "look: \($0)" }
    addFigures(&report, series)
    addTrust(&report, series)
    return report
  }

  /// Steps at the nodes, whose logarithms spread evenly about their mean.
  private func nodeParameters(
    _ name: String, sign: Double, _ part: KeyPath<StepCurveFit, StepCurveFit.Branch>
  ) -> [FittedParameter] {
    (0..<PiecewiseWalk.nodeCount).map { node in
      let steps = fits.map { $0.fit[keyPath: part].nodeSteps[node] }
      let mean = Self.geometricMean(steps)
      let relative = Self.deviation(steps.map { log($0) }) / Double(steps.count).squareRoot()
      return FittedParameter(
        "\(name).\(node)", sign * mean, unit: "S",
        standardError: steps.count > 2 ? mean * relative : .infinity)
    }
  }

  /// With one device the errors are those of its own curve.
  private func oneDevice(_ report: inout FitReport) {
    guard let own = fits.first?.fit else { return }
    let (names, covariance, open) = own.covariance
    for (at, name) in names.enumerated() {
      guard let index = report.parameters.firstIndex(where: { $0.name == name }) else { continue }
      let old = report.parameters[index]
      let variance = covariance[at * names.count + at]
      report.parameters[index] = FittedParameter(
        name, old.value, unit: old.unit,
        standardError: open.contains(at) || variance <= 0 ? .infinity : variance.squareRoot())
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
