import Devices
import Foundation
import Mathematics

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
    parameter("set_step", "S") { $0.set.step }
    parameter("reset_step", "S") { $0.reset.step }
    if form == .power {
      parameter("set_exponent", "1") { $0.set.exponent }
      parameter("reset_exponent", "1") { $0.reset.exponent }
    }
    if fits.count < 3 { oneDevice(&report) }
    let model = model(threshold: 0)
    report.statistics = [
      ("rows", Double(series.report.rows)), ("devices", Double(fits.count)),
      ("runs", Double(series.runs.count)),
      ("rmse_S", Self.mean(fits.map(\.fit.rmse))), ("set_spread", model.set.spread),
      ("reset_spread", model.reset.spread), ("cycle_to_cycle_per_pulse", cycleToCycle),
      ("read_noise_S", readVariance.squareRoot()), ("cycle_offset_S", cycleVariance.squareRoot()),
    ]
    if !scores.isEmpty {
      let table = scores.map { "\($0.form.rawValue) \(String(format: "%.3g", 100 * $0.score)) %" }
      report.notes.append(
        "error on devices left out, relative to a device's range: "
          + table.joined(separator: ", "))
    }
    if failures > 0 { report.notes.append("\(failures) devices on which the fit fails left out") }
    if fits.count < 3 {
      report.notes.append("\(fits.count) device(s): the spread between devices cannot be found")
    }
    report.notes += series.report.suspicions.map { "look: \($0)" }
    addFigures(&report, series)
    return report
  }

  /// With one device the errors are those of its own curve.
  private func oneDevice(_ report: inout FitReport) {
    guard let own = fits.first?.fit else { return }
    let errors = own.fit.standardErrors
    let width = own.bounds.upperBound - own.bounds.lowerBound
    let scale = width / (own.fit.parameters[1] - own.fit.parameters[0])
    for (at, error) in [errors[0] * scale, errors[1] * scale].enumerated() {
      let old = report.parameters[at]
      report.parameters[at] = FittedParameter(
        old.name, old.value, unit: old.unit, standardError: error)
    }
    for (at, error) in [(2, errors[2]), (3, errors[3])] {
      let old = report.parameters[at]
      report.parameters[at] = FittedParameter(
        old.name, old.value, unit: old.unit, standardError: error * old.value)
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
