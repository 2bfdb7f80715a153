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

@Suite("fit switching")
struct SwitchingFitTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func model() throws -> SwitchingModel {
    try #require(try Calibration.load("nili2020").device.switching)
  }

  private func measured(seed: UInt64, devices: Int = 40, cycles: Int = 4) throws -> TableReader {
    var measurement = SwitchingMeasurement(model: try model())
    measurement.devices = devices
    measurement.cycles = cycles
    measurement.seed = seed
    try measurement.write(to: folder.file("s\(seed).csv"))
    return TableReader(files: [folder.file("s\(seed).csv")])
  }

  private func table(_ text: String) throws -> TableReader {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("t.csv")))
    return TableReader(files: [folder.file("t.csv")])
  }

  @Test func `Intervals cover the truth`() throws {
    let truth = try model()
    let values = [
      "threshold_mean": truth.thresholdMean, "device_spread": truth.deviceSpread,
      "cycle_spread": truth.cycleSpread,
    ]
    var covered = 0
    for seed in 0..<20 {
      let fit = try SwitchingFit(try measured(seed: UInt64(seed)), form: .probit)
      for (name, value) in values {
        let found = try #require(fit.report.parameters.first { $0.name == name })
        if found.interval.contains(value) { covered += 1 }
      }
    }
    // 60 draws of 95 %: fewer than 49 happen with probability below 1e-4.
    #expect(covered >= 49, "\(covered) of 60")
  }

  @Test func `The section loads and says what is assumed`() throws {
    let fit = try SwitchingFit(try measured(seed: 1))
    var draft = fit.assumedDraft(name: "x")
    try fit.enter(&draft, source: "test", share: nil)
    let calibration = try Calibration.parse(draft.text(name: "x.toml"), name: "x.toml")
    let found = try #require(calibration.device.switching)
    #expect(abs(found.thresholdMean - 1) < 0.15)
    #expect(found.setWidth == 100e-9)
    #expect(abs(found.onConductance / 100e-6 - 1) < 0.02)
    #expect(calibration.parameters.contains { $0.source.hasPrefix("assumed") })
  }

  @Test func `One pulse per cell does not part the spread`() throws {
    var text = "device,voltage_V,width_s,switched\n"
    let draws = Normal.draws(3000, from: RandomStream(seed: 3, name: "cells"))
    for (cell, draw) in draws.enumerated() {
      let voltage = 0.7 + 0.05 * Double(cell % 13)
      text += "\(cell),\(voltage),1e-7,\(voltage > 1 + 0.13 * draw ? 1 : 0)\n"
    }
    let fit = try SwitchingFit(try table(text), form: .probit)
    let spread = try #require(fit.report.parameters.first { $0.name == "total_spread" })
    #expect(abs(spread.value - 0.13) < 0.02)
    #expect(fit.spreads == nil)
    var draft = fit.assumedDraft(name: "x")
    #expect(throws: Failure.self) { try fit.enter(&draft, source: "test", share: nil) }
    try fit.enter(&draft, source: "test", share: .init(value: 0.8, origin: "Cu/TaOx/Pt"))
    #expect(try draft.text(name: "x.toml").contains("from another device: Cu/TaOx/Pt"))
  }

  @Test(arguments: [
    "device,voltage_V,switched\n0,1,1\n",
    "device,voltage_V,switched\n" + (0..<40).map { "\($0),1.\($0),1\n" }.joined(),
    "device,voltage_V,switched\n"
      + (0..<40).map { "\($0),\($0 < 20 ? 1 : 2),\($0 < 20 ? 0 : 1)\n" }.joined(),
    "device,voltage_V,conductance_before_S\n0,1,1e-5\n",
  ])
  func `Tables that determine nothing are refused`(text: String) throws {
    let failure = #expect(throws: Failure.self) { try SwitchingFit(try table(text)) }
    #expect(failure?.kind == .badData)
  }
}
