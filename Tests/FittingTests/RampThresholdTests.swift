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
import _TestSupport

@Suite("SET and RESET thresholds of ramps")
struct RampThresholdTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Loops of 8 devices, 10 each, without a compliance column.
  ///
  /// SET near 0.8 V held at 100 µA and RESET near −0.7 V with a current
  /// that is up to nine times as large. Every second device begins below zero.
  private func loops(onto contrast: Double = 30, failing: Int = 0) throws -> TableReader {
    let draws = Normal.draws(2000, from: RandomStream(seed: 6, name: "loops"))
    var text = "device,cycle,voltage_V,current_A\n"
    let half = (0..<80).map { 1.5 * Double(min($0, 80 - $0)) / 40 }
    for device in 0..<8 {
      for cycle in 0..<10 {
        let number = device * 10 + cycle
        let set = 0.8 + 0.05 * draws[device] + 0.06 * draws[100 + number]
        let reset = 0.7 + 0.05 * draws[10 + device] + 0.06 * draws[200 + number]
        let on = 2e-4 * exp(0.9 * abs(draws[300 + number]))
        let isReversed = device % 2 == 1
        var conducts = isReversed
        for (part, sign) in [(0, isReversed ? -1.0 : 1), (1, isReversed ? 1.0 : -1)] {
          for (step, magnitude) in half.enumerated() {
            let voltage = sign * magnitude
            if number >= failing {
              if voltage >= set { conducts = true }
              if voltage <= -reset { conducts = false }
            }
            let noise = 2e-8 * draws[400 + (number * 160 + part * 80 + step) % 1500]
            let current = (conducts ? on : 1.2e-4 / contrast) * voltage
            text += "\(device),\(cycle),\(voltage),\(min(current, 1e-4) + noise)\n"
          }
        }
      }
    }
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("l.csv")))
    return TableReader(files: [folder.file("l.csv")])
  }

  @Test(arguments: [5.0, 30]) func `Loops give both thresholds`(contrast: Double) throws {
    let fit = try SwitchingFit(try loops(onto: contrast))
    #expect(fit.report.statistic("thresholds") == 80)
    #expect(fit.report.statistic("reset_thresholds") == 80)
    // A threshold is read at the step of 37.5 mV that passes it, RESET at the one before.
    for (name, truth) in [("threshold_mean", 0.82), ("reset_threshold_mean", -0.68)] {
      let found = try #require(fit.report.parameters.first { $0.name == name })
      #expect(abs(found.value - truth) < 0.06, "\(name) \(found.value)")
    }
    for name in ["cycle_spread", "reset_cycle_spread"] {
      let found = try #require(fit.report.parameters.first { $0.name == name })
      #expect(abs(found.value - 0.06) < 0.02, "\(name) \(found.value)")
    }
    let named = fit.report.distributions.map(\.name)
    #expect(named.contains("threshold") && named.contains("reset_threshold"))
  }

  @Test func `Ramps without a threshold are counted by their reason`() throws {
    // The first three loops, of a device that begins off, never switch.
    let fit = try SwitchingFit(try loops(failing: 3))
    #expect(fit.report.statistic("thresholds") == 77)
    #expect(fit.report.statistic("reset_thresholds") == 77)
    let note = try #require(fit.report.notes.first { $0.contains("RESET ramps") })
    #expect(note.contains("3 never fell for good"))
    #expect(
      fit.report.notes.contains { $0.contains("80 SET ramps") && $0.contains("3 never switched") })
  }

  @Test func `RESET thresholds set the calibration's RESET`() throws {
    let fit = try SwitchingFit(try loops())
    var draft = fit.assumedDraft(name: "x")
    try fit.enter(&draft, source: "test", share: nil)
    let calibration = try Calibration.parse(draft.text(name: "x.toml"), name: "x.toml")
    let found = try #require(calibration.device.switching)
    let reset = try #require(fit.resetThreshold)
    #expect(abs(found.resetPulse.voltage - (reset.mean - 3 * reset.totalSpread)) < 1e-9)
  }

  @Test(.enabled(if: SharedData.folder != nil, "needs ../shared/data"))
  func `RESET ramps of Cu/TaOx/Pt have thresholds`() throws {
    let data = try #require(SharedData.folder) + "/rram/cu-taox-pt-iv/"
    let examples =
      URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path + "/Examples/fit"
    let files = try FileManager.default.contentsOfDirectory(atPath: data)
      .filter { $0.contains("_reset_") }.sorted().map { data + $0 }
    let fit = try SwitchingFit(
      TableReader(
        files: files,
        description: try TableDescription(path: examples + "/cu-taox-pt-ramps.toml")))
    let mean = try #require(fit.report.parameters.first { $0.name == "reset_threshold_mean" })
    // PROVENANCE.md: RESET at −0.5 to −5 V.
    #expect(-3 < mean.value && mean.value < -1)
    #expect(try #require(fit.report.statistic("reset_thresholds")) > 80)
  }
}
