import Calibration
import Devices
import DynamicFits
import Failures
import FitResults
import Foundation
import Mathematics
import MeasuredTables
import StaticFits
import Statistics
import Testing
import VirtualLaboratory
import _TestSupport

/// What every kind says of itself: correlations, structure of its residuals, populations, figures.
@Suite("Trust in a fit")
struct TrustTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func table(_ text: String) throws -> TableReader {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("t.csv")))
    return TableReader(files: [folder.file("t.csv")])
  }

  private func expect(
    _ report: FitReport, figures: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let titles = report.figures.map(\.title)
    for figure in figures {
      #expect(
        titles.contains { $0.contains(figure) }, "\(figure) of \(titles)",
        sourceLocation: sourceLocation)
    }
    for figure in report.figures {
      #expect(!figure.points.isEmpty, "\(figure.title)", sourceLocation: sourceLocation)
      #expect(
        figure.points.allSatisfy { $0.x.isFinite && $0.y.isFinite }, "\(figure.title)",
        sourceLocation: sourceLocation)
    }
    let names = Set(report.parameters.map(\.name))
    for pair in report.correlations {
      #expect(
        names.contains(pair.first) && names.contains(pair.second) && pair.first != pair.second,
        "\(pair)", sourceLocation: sourceLocation)
      #expect(abs(pair.value) <= 1, "\(pair)", sourceLocation: sourceLocation)
    }
  }

  private func correlation(_ report: FitReport, _ a: String, _ b: String) throws -> Double {
    try #require(
      report.correlations.first {
        ($0.first, $0.second) == (a, b) || ($0.first, $0.second) == (b, a)
      }?.value)
  }

  /// 30 devices of sinh(4·V)/4, 10 % apart, 0.2 % noise.
  private func sweeps() throws -> TableReader {
    let spread = Normal.draws(30, from: RandomStream(seed: 1, name: "devices"))
    let noise = Normal.draws(30 * 41, from: RandomStream(seed: 2, name: "reads"))
    var text = "device,conductance_S,voltage_V,current_A\n"
    for device in 0..<30 {
      let g = 1e-5 * (1 + Double(device % 5))
      for point in 0..<41 {
        let v = Double(point - 20) / 50
        let i = g * (1 + 0.1 * spread[device]) * sinh(4 * v) / 4
        let reading = i * (1 + 2e-3 * noise[41 * device + point]) + 1e-10 * noise[point]
        text += "\(device),\(g),\(v),\(reading)\n"
      }
    }
    return try table(text)
  }

  @Test func `A static form that is wrong leaves structure, and the right one does not`() throws {
    let right = try StaticFit(try sweeps(), form: .sinh, workers: .one).report
    #expect(abs(try #require(right.statistic("residual_runs_z"))) < 4)
    #expect(!right.notes.contains { $0.contains("leaves structure") })
    let wrong = try StaticFit(try sweeps(), form: .powerLaw, workers: .one).report
    #expect(try #require(wrong.statistic("residual_runs_z")) < -10)
    #expect(wrong.notes.contains { $0.contains("leaves structure") })
    expect(
      right, figures: ["Sweep", "Residuals", "Distribution of", "Q–Q plot of"])
    let devices = try #require(right.distributions.first { $0.name == "device_z" })
    #expect(devices.fits.first?.count == 30)
    // A larger slope bends the curve up: what is left for the gain falls.
    #expect(try correlation(right, "gain", "slope") < 0)
  }

  /// Soft bounds as in the fit's own test, with rates and ranges that differ between devices.
  private func runs(devices: Int, cycles: Int = 2) throws -> TableReader {
    let draws = Normal.draws(3 * devices, from: RandomStream(seed: 4, name: "devices"))
    let noise = Normal.draws(devices * cycles * 120, from: RandomStream(seed: 5, name: "reads"))
    var text = "device,cycle,pulse,voltage_V,width_s,conductance_S\n"
    var k = 0
    for device in 0..<devices {
      let width = 40 * (1 + 0.3 * draws[3 * device])
      for cycle in 0..<cycles {
        for isSet in [true, false] {
          let rate = (isSet ? 0.05 : 0.06) * (1 + 0.02 * draws[3 * device + (isSet ? 1 : 2)])
          for pulse in 0..<60 {
            let share = 0.95 * exp(-rate * Double(pulse))
            let g = isSet ? 20 + width * (1 - share) : 20 + width * share
            text += "\(device),\(cycle),\(pulse),\(isSet ? 2.5 : -2.7),1e-6,"
            text += "\((g + 0.2 * noise[k]) * 1e-6)\n"
            k += 1
          }
        }
      }
    }
    return try table(text)
  }

  @Test func `Runs of pulses: devices correlate, lines leave structure`() throws {
    let right = try SeriesFit(try runs(devices: 12), form: .softBounds, given: .init()).report
    #expect(abs(try #require(right.statistic("residual_runs_z"))) < 4)
    #expect(try #require(right.statistic("r_squared")) > 0.99)
    // A step is the width times a rate, and it is the width that differs.
    #expect(try correlation(right, "bounds.high", "set_step") > 0.8)
    #expect(Set(right.distributions.map(\.name)).isSuperset(of: ["set_step_S", "bounds_high_S"]))
    expect(right, figures: ["SET of", "Residuals", "Distribution of", "Q–Q plot of"])
    let wrong = try SeriesFit(try runs(devices: 12), form: .linear, given: .init()).report
    #expect(try #require(wrong.statistic("residual_runs_z")) < -10)
    #expect(wrong.notes.contains { $0.contains("autocorrelated along the pulse number") })
  }

  @Test func `One device: its own curve gives errors and correlations`() throws {
    let report = try SeriesFit(
      try runs(devices: 1, cycles: 6), form: .softBounds, given: .init()
    ).report
    #expect(report.correlations.count == 6)
    #expect(report.distributions.isEmpty)
    let step = try #require(report.parameters.first { $0.name == "set_step" })
    #expect(step.standardError > 0 && step.standardError < 0.1 * step.value)
  }

  @Test func `Single pulses are drawn, and c0 trades off within its bin alone`() throws {
    let truth = try Calibration.load("nili2020")
    var measurement = PulseMeasurement(device: truth.device)
    measurement.devices = 60
    measurement.pulses = 500
    try measurement.write(to: folder.file("pulses.csv"))
    let report = try PulseFit(
      TableReader(files: [folder.file("pulses.csv")]), workers: Workers(count: 2)
    ).report
    expect(
      report, figures: ["Measured and fitted", "Residuals", "Distribution of", "Q–Q plot of"])
    #expect(Set(report.distributions.map(\.name)) == ["set_z", "reset_z"])
    #expect(try #require(report.statistic("set_r_squared")) > 0.9)
    #expect(!report.correlations.isEmpty)
    for pair in report.correlations {
      #expect(pair.first.split(separator: "[").last == pair.second.split(separator: "[").last)
    }
  }

  @Test func `Switching: thresholds of devices are a population`() throws {
    let model = try #require(try Calibration.load("nili2020").device.switching)
    var measurement = SwitchingMeasurement(model: model)
    measurement.devices = 60
    measurement.cycles = 4
    try measurement.write(to: folder.file("s.csv"))
    let fit = try SwitchingFit(TableReader(files: [folder.file("s.csv")]), form: .probit)
    let devices = try #require(fit.report.distributions.first { $0.name == "device_threshold_V" })
    let normal = try #require(devices.fits.first { $0.family == .normal })
    #expect(normal.count >= 58)
    // Posterior means hold less than the spread, and their mean is the population's.
    #expect(abs(normal.parameters[0] - fit.thresholdMean) < 0.01)
    let spread = try #require(fit.spreads).device
    #expect(normal.parameters[1] < spread && normal.parameters[1] > 0.5 * spread)
    #expect(try #require(fit.report.statistic("r_squared")) > 0.95)
    #expect(fit.report.correlations.count == 3)
    expect(
      fit.report,
      figures: ["Switching probability", "Residuals", "Distribution of", "Q–Q plot of"])
  }

  @Test func `Ramps: thresholds that drift are no independent draws`() throws {
    for drift in [0, 0.02] {
      let draws = Normal.draws(20 * 30, from: RandomStream(seed: 6, name: "ramps"))
      var text = "device,cycle,voltage_V,current_A\n"
      for device in 0..<20 {
        for cycle in 0..<30 {
          let threshold = 2 + drift * Double(cycle) + 0.1 * draws[30 * device + cycle]
          for point in 0...300 {
            let v = Double(point) / 100
            text += "\(device),\(cycle),\(v),\(v > threshold ? 1e-4 : 1e-8 * v)\n"
          }
        }
      }
      let report = try SwitchingFit(try table(text)).report
      let z = try #require(report.statistic("residual_runs_z"))
      #expect(drift == 0 ? abs(z) < 4 : z < -4, "\(z)")
      expect(
        report,
        figures: ["Thresholds of SET ramps", "Residuals", "Distribution of", "Q–Q plot of"])
      #expect(
        Set(report.distributions.map(\.name)) == ["threshold", "device_threshold_V"])
    }
  }

  @Test func `Retention: the same cells read again correlate`() throws {
    var measurement = RetentionMeasurement(conductance: 1e-6...1e-4)
    measurement.devices = 100
    try measurement.write(to: folder.file("r.csv"))
    let report = try RetentionFit(TableReader(files: [folder.file("r.csv")])).report
    let times = report.parameters.map(\.name).filter { $0.hasPrefix("drift_25_C") }
    #expect(times.count == 5)
    // One coefficient of the cell moves it at all times; noise is a hundredth of that.
    #expect(try correlation(report, times[3], times[4]) > 0.99)
    #expect(abs(try correlation(report, "drift_coefficient", "drift_coefficient_spread")) < 0.5)
    #expect(report.distributions.contains { $0.name == "cell_drift_coefficient" })
    #expect(try #require(report.statistic("r_squared")) > 0.99)
    #expect(try #require(report.statistic("residual_runs_z")) > -4)
    #expect(abs(try #require(report.statistic("largest_mean_residual_t"))) < 4.5)
    expect(report, figures: ["over its first", "Residuals", "Distribution of", "Q–Q plot of"])
  }

  @Test func `Retention: a law of another shape leaves structure`() throws {
    let draws = Normal.draws(7 * 50, from: RandomStream(seed: 8, name: "cells"))
    var text = "device,time_s,conductance_S\n"
    for cell in 0..<50 {
      for (number, time) in [0.0, 1, 10, 100, 1000, 10_000].enumerated() {
        // A stretched exponential bends the other way in ln t.
        let share = exp(-(0.3 + 0.03 * draws[7 * cell + 6]) * pow(time / 1e4, 0.6))
        // Cells of many states: readings of one state would not correlate.
        let state = Double(cell + 1) * 1e-6
        text += "\(cell),\(time),\(state * share * (1 + 1e-3 * draws[7 * cell + number]))\n"
      }
    }
    let report = try RetentionFit(try table(text)).report
    #expect(abs(try #require(report.statistic("largest_mean_residual_t"))) > 10)
    #expect(report.notes.contains { $0.contains("the law leaves structure in time") })
  }

  @Test func `Wires: ends correlate, and readings are residuals of a population`() throws {
    var measurement = WireMeasurement()
    (measurement.rows, measurement.columns) = (12, 16)
    measurement.spread = 0.4
    let fit = try WireFit(try measurement.readout(), at: "test")
    let ends = try #require(fit.report.statistic("correlation_of_ends"))
    #expect(abs(try correlation(fit.report, "word_end", "bit_end") - ends) < 1e-9)
    #expect(try correlation(fit.report, "word_end", "sum_of_ends") > -1)
    #expect(abs(try #require(fit.report.statistic("residual_runs_z"))) < 4)
    #expect(try #require(fit.report.statistic("r_squared")) > 0.99)
    expect(fit.report, figures: ["Measured", "Residuals", "Distribution of", "Q–Q plot of"])
  }
}
