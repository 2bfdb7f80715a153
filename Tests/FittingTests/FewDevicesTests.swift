import Calibration
import Devices
import DynamicFits
import Failures
import FitResults
import Foundation
import Mathematics
import MeasuredTables
import NoiseFits
import StaticFits
import Statistics
import Testing
import VirtualLaboratory
import _TestSupport

@Suite("What few devices determine")
struct FewDevicesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func reader(_ text: String) throws -> TableReader {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("t.csv")))
    return TableReader(files: [folder.file("t.csv")])
  }

  /// Ramps that switch at given volts, by device, to 2 V in steps of 0.02 V.
  private func ramps(_ thresholds: [[Double]]) throws -> TableReader {
    var text = "device,cycle,voltage_V,current_A,compliance_A\n"
    for (device, values) in thresholds.enumerated() {
      for (cycle, threshold) in values.enumerated() {
        for step in 0...100 {
          let voltage = 0.02 * Double(step)
          text +=
            "d\(device),\(cycle),\(voltage),\(voltage < threshold ? 2e-6 * voltage : 5e-5),5e-5\n"
        }
      }
    }
    return try reader(text)
  }

  private func draws(_ devices: Int, _ cycles: Int, seed: UInt64 = 2) -> [[Double]] {
    let normal = Normal.draws(devices * (cycles + 1), from: RandomStream(seed: seed, name: "ramps"))
    return (0..<devices).map { device in
      (0..<cycles).map { cycle in
        1 + 0.1 * normal[device] + 0.05 * normal[devices + device * cycles + cycle]
      }
    }
  }

  private func parameter(_ name: String, _ report: FitReport) throws -> FittedParameter {
    try #require(report.parameters.first { $0.name == name }, "\(name)")
  }

  @Test func `One device gives the spread of its cycles`() throws {
    let fit = try SwitchingFit(try ramps(draws(1, 30)))
    let cycle = try parameter("cycle_spread", fit.report)
    #expect(cycle.interval.contains(0.05) && cycle.isDetermined == false)
    #expect(!fit.report.parameters.contains { $0.name == "device_spread" })
    #expect(
      fit.report.notes.contains { $0.contains("one device") && $0.contains("not determined") })
    var draft = fit.assumedDraft(name: "x")
    #expect(throws: Failure.self) { try fit.enter(&draft, source: "test", share: nil) }
    try fit.enter(&draft, source: "test", share: .init(value: 0.5, origin: nil))
    let written = try #require(
      try Calibration.parse(draft.text(name: "x.toml"), name: "x.toml").device.switching)
    #expect(abs(written.cycleSpread - cycle.value) < 1e-9)
  }

  @Test func `One ramp per device gives the spread of all`() throws {
    var covered = 0
    for seed in 0..<12 {
      let fit = try SwitchingFit(try ramps(draws(30, 1, seed: UInt64(seed))))
      if try parameter("total_spread", fit.report).interval.contains(0.112) { covered += 1 }
      #expect(fit.report.notes.contains { $0.contains("one value per device") })
      #expect(!fit.report.parameters.contains { $0.name == "cycle_spread" })
    }
    // Of 12 draws of 95 % fewer than 8 happen with a probability below 1e-3.
    #expect(covered >= 8, "\(covered) of 12")
  }

  @Test func `Two devices have cycles, and no spread between them`() throws {
    let fit = try SwitchingFit(try ramps(draws(2, 20)))
    #expect(try parameter("cycle_spread", fit.report).interval.contains(0.05))
    #expect(!fit.report.parameters.contains { $0.name == "device_spread" })
    #expect(try parameter("threshold_mean", fit.report).interval.contains(1))
  }

  @Test func `Thresholds that are all equal are known to the step of the ramp`() throws {
    let fit = try SwitchingFit(try ramps([[Double]](repeating: [1, 1, 1, 1, 1, 1], count: 4)))
    let spread = try parameter("cycle_spread", fit.report)
    #expect(spread.interval.lowerBound == 0 && abs(spread.interval.upperBound - 0.02) < 1e-9)
    #expect(fit.report.distributions.allSatisfy { $0.fits.allSatisfy { $0.aic > -1000 } })
  }

  @Test func `The mean over four devices, pulsed often, has Student's interval`() throws {
    let truth = try #require(try Calibration.load("nili2020").device.switching)
    var (covered, halves) = (0, [Double]())
    for seed in 0..<12 {
      var measurement = SwitchingMeasurement(model: truth)
      (measurement.devices, measurement.cycles, measurement.seed) = (4, 10, UInt64(seed))
      try measurement.write(to: folder.file("s.csv"))
      let fit = try SwitchingFit(TableReader(files: [folder.file("s.csv")]), form: .probit)
      let mean = try parameter("threshold_mean", fit.report)
      if mean.interval.contains(truth.thresholdMean) { covered += 1 }
      halves.append((mean.interval.upperBound - mean.interval.lowerBound) / 2)
    }
    // 95 % of twelve: fewer than nine happen with probability below 2e-3.
    #expect(covered >= 9, "\(covered) of 12")
    // 3.18 · 0.17 V / √4.
    #expect(halves.sorted()[6] > 0.1)
  }

  @Test func `One trace has a drift of its own and no spread`() throws {
    let noise = Normal.draws(200, from: RandomStream(seed: 5, name: "trace"))
    var text = "device,time_s,conductance_S\n"
    for t in 1...200 {
      let share = pow(Double(t), -0.01) * (1 + 2e-3 * noise[t - 1])
      text += "1,\(t),\(2e-5 * share)\n"
    }
    let fit = try RetentionFit(try reader(text))
    #expect(try parameter("drift_coefficient", fit.report).interval.contains(0.01))
    #expect(!fit.report.parameters.contains { $0.name.contains("spread") })
    #expect(fit.report.correlations.isEmpty && fit.report.distributions.isEmpty)
    #expect(fit.report.notes.contains { $0.contains("one cell") && $0.contains("not determined") })
    var draft = CalibrationDraft(assumedAround: fit.conductance, readVoltage: 0.2, name: "x")
    try fit.enter(&draft, source: "test")
    #expect(try draft.text(name: "x.toml").contains("assumed: none; a spread needs three cells"))
  }

  @Test func `A trace without a device's name, linear in time, has a rate`() throws {
    let noise = Normal.draws(100, from: RandomStream(seed: 6, name: "trace"))
    let rows = (0..<100).map {
      "\($0 * 10),\(1e-5 * (1 - 2e-4 * Double($0 * 10)) * (1 + 1e-3 * noise[$0]))"
    }
    let fit = try RetentionFit(
      try reader("time_s,conductance_S\n" + rows.joined(separator: "\n") + "\n"))
    let rate = try parameter("drift_rate", fit.report)
    // d ln G/dt grows from 2.0e-4 to 2.5e-4.
    #expect(rate.value > 2.0e-4 && rate.value < 2.5e-4)
  }

  @Test func `Four cells have a mean drift with Student's interval`() throws {
    var covered = 0
    for seed in 0..<20 {
      var measurement = RetentionMeasurement(conductance: 1e-6...1e-4)
      (measurement.devices, measurement.seed) = (4, UInt64(seed))
      try measurement.write(to: folder.file("r.csv"))
      let report = try RetentionFit(TableReader(files: [folder.file("r.csv")])).report
      for (name, truth) in [("drift_coefficient", 0.02), ("drift_coefficient_spread", 0.006)] {
        if try parameter(name, report).interval.contains(truth) { covered += 1 }
      }
    }
    #expect(covered >= 33, "\(covered) of 40")
  }

  /// Soft bounds 20 … 60 µS with rates that vary by 20 % between devices.
  private func runs(devices: Int, cycles: Int, seed: UInt64) throws -> TableReader {
    let rates = Normal.draws(2 * devices, from: RandomStream(seed: seed, name: "rates"))
    let noise = Normal.draws(devices * cycles * 120, from: RandomStream(seed: seed, name: "reads"))
    var text = "device,cycle,pulse,voltage_V,width_s,conductance_S\n"
    var k = 0
    for device in 0..<devices {
      for cycle in 0..<cycles {
        for isSet in [true, false] {
          let spread = devices > 1 ? 0.2 * rates[2 * device + (isSet ? 0 : 1)] : 0
          let rate = (isSet ? 0.05 : 0.06) * (1 + spread)
          for pulse in 0..<60 {
            let share = exp(-rate * Double(pulse))
            let g = isSet ? 60 - 38 * share : 20 + 38 * share
            text += "\(device),\(cycle),\(pulse),\(isSet ? 2.5 : -2.7),1e-6,"
            text += "\((g + 0.4 * noise[k]) * 1e-6)\n"
            k += 1
          }
        }
      }
    }
    return try reader(text)
  }

  @Test(arguments: [1, 4]) func `Runs of one device and of four are covered`(devices: Int) throws {
    var covered = 0
    for seed in 0..<15 {
      let report = try SeriesFit(
        try runs(devices: devices, cycles: 6, seed: UInt64(seed)), form: .softBounds,
        given: .init()
      ).report
      for (name, truth) in [("set_step", 2e-6), ("reset_step", 2.4e-6)] {
        if try parameter(name, report).interval.contains(truth) { covered += 1 }
      }
    }
    #expect(covered >= 24, "\(covered) of 30")
  }

  @Test func `A reading of one siemens among microsiemens costs a row, not minutes`() throws {
    var measurement = PulseMeasurement(device: try Calibration.load("nili2020").device)
    (measurement.devices, measurement.pulses) = (12, 1000)
    try measurement.write(to: folder.file("p.csv"))
    var lines = try String(contentsOfFile: folder.file("p.csv"), encoding: .utf8)
      .split(separator: "\n")
    let header = lines[0].split(separator: ",")
    let column = try #require(header.firstIndex(of: "conductance_before_S"))
    var cells = lines[5000].split(separator: ",")
    cells[column] = "1.0"
    lines[5000] = Substring(cells.joined(separator: ","))
    let fit = try PulseFit(
      try reader(lines.joined(separator: "\n") + "\n"), workers: Workers(count: 2))
    #expect(fit.conductance.upperBound < 1e-2)
    #expect(
      fit.report.leftOut.contains {
        $0.rule.contains("far beyond") && $0.count == 1 && $0.of == 12_000
      })
  }
}
