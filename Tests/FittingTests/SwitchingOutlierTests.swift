import Calibration
import Devices
import DynamicFits
import Failures
import FitResults
import Foundation
import Mathematics
import MeasuredTables
import Statistics
import Testing
import VirtualLaboratory
import _TestSupport

@Suite("Stuck devices and lapses of fit switching")
struct SwitchingOutlierTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A measurement of 60 devices with the conductance after each pulse changed.
  private func fit(
    seed: UInt64 = 1, voltages: [Double] = [],
    _ change: (_ device: Int, _ row: Int, _ conductance: Double) -> Double
  ) throws -> SwitchingFit {
    var measurement = SwitchingMeasurement(
      model: try #require(try Calibration.load("nili2020").device.switching))
    measurement.devices = 60
    measurement.cycles = 4
    measurement.voltages = voltages
    measurement.seed = seed
    try measurement.write(to: folder.file("s.csv"))
    let lines = try String(contentsOfFile: folder.file("s.csv"), encoding: .utf8)
      .split(separator: "\n")
    let changed = try lines.dropFirst().enumerated().map { row, line in
      var cells = line.split(separator: ",").map(String.init)
      let (device, after) = (try #require(Int(cells[0])), try #require(Double(cells[5])))
      cells[5] = "\(change(device, row, after))"
      return cells.joined(separator: ",")
    }
    try Data(([String(lines[0])] + changed).joined(separator: "\n").utf8)
      .write(to: URL(fileURLWithPath: folder.file("c.csv")))
    return try SwitchingFit(TableReader(files: [folder.file("c.csv")]), form: .probit)
  }

  @Test func `Lapses are stated and do not widen the cycles' spread`() throws {
    let clean = try fit { $2 }
    #expect(!clean.report.parameters.contains { $0.name == "lapse_rate" })
    let draws = Normal.draws(60 * 13 * 4, from: RandomStream(seed: 9, name: "lapses"))
    // One outcome in a hundred is the other one.
    let fit = try fit { _, row, value in
      abs(draws[row]) > 2.576 ? (value > 3e-5 ? 1e-5 : 1e-4) : value
    }
    let (found, expected) = (try #require(fit.spreads), try #require(clean.spreads))
    #expect(abs(found.cycle / expected.cycle - 1) < 0.15)
    #expect(abs(found.device / expected.device - 1) < 0.05)
    let rate = try #require(fit.report.parameters.first { $0.name == "lapse_rate" })
    #expect(abs(rate.value - 0.01) < 0.006)
    #expect(fit.report.notes.contains { $0.contains("are lapses") && $0.contains("device ") })
  }

  @Test func `Devices that never or always switch are named and left out`() throws {
    let clean = try fit { $2 }
    let fit = try fit { device, _, value in device == 5 ? 1e-5 : device == 40 ? 1e-4 : value }
    let (found, expected) = (try #require(fit.spreads), try #require(clean.spreads))
    #expect(abs(found.device / expected.device - 1) < 0.1)
    #expect(fit.report.statistic("devices") == 58)
    #expect(fit.report.notes.contains { $0.contains("never switched") && $0.contains("device 5") })
    #expect(
      fit.report.notes.contains { $0.contains("always switched") && $0.contains("device 40") })
  }

  @Test func `Devices beyond a narrow range are the population's`() throws {
    let fit = try fit(voltages: [0.85, 0.9, 0.95, 1, 1.05, 1.1, 1.15]) { $2 }
    #expect(fit.report.statistic("devices") == 60)
  }

  @Test func `One amplitude is not written`() throws {
    let fit = try fit(voltages: [1]) { $2 }
    var draft = fit.assumedDraft(name: "x")
    let failure = #expect(throws: Failure.self) {
      try fit.enter(&draft, source: "test", share: nil)
    }
    #expect(failure?.kind == .badData && failure?.remedy != nil)
  }

  @Test func `RESET pulses are fitted apart`() throws {
    let draws = Normal.draws(60 * 40 + 60, from: RandomStream(seed: 2, name: "resets"))
    var text = "device,voltage_V,width_s,conductance_before_S,conductance_after_S\n"
    for device in 0..<60 {
      for pulse in 0..<40 {
        let threshold = 1.5 + 0.1 * draws[2400 + device] + 0.08 * draws[device * 40 + pulse]
        let voltage = 1.2 + 0.1 * Double(pulse % 8)
        text += "\(device),\(-voltage),1e-7,1e-4,\(voltage > threshold ? 1e-5 : 1e-4)\n"
      }
    }
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("t.csv")))
    let fit = try SwitchingFit(TableReader(files: [folder.file("t.csv")]), form: .probit)
    for (name, truth) in [
      ("reset_threshold_mean", 1.5), ("reset_device_spread", 0.1), ("reset_cycle_spread", 0.08),
    ] {
      let found = try #require(fit.report.parameters.first { $0.name == name })
      #expect(abs(found.value - truth) < 4 * found.standardError, "\(name)")
    }
    var draft = fit.assumedDraft(name: "x")
    let failure = #expect(throws: Failure.self) {
      try fit.enter(&draft, source: "test", share: nil)
    }
    #expect(failure?.cause.contains("RESET only") == true)
  }
}
