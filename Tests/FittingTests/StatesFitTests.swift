import Calibration
import DynamicFits
import Failures
import FitResults
import Foundation
import Mathematics
import MeasuredTables
import StaticFits
import Statistics
import Testing
import _TestSupport

@Suite("fit states")
struct StatesFitTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func reader(_ text: String) throws -> TableReader {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("s.csv")))
    return TableReader(files: [folder.file("s.csv")])
  }

  /// Cycles of devices: ln R of ON around ln 10 kΩ (0.1 between devices, 0.15 between cycles), of OFF
  /// around ln 200 kΩ (0.2 and 0.4).
  private func cycles(devices: Int, cycles: Int, named: Bool, seed: UInt64) -> String {
    let count = devices * (cycles + 1) * 2
    let draws = Normal.draws(count, from: RandomStream(seed: seed, name: "states"))
    var text = named ? "device,cycle,operation,resistance_ohm\n" : "device,cycle,resistance_ohm\n"
    for device in 0..<devices {
      for cycle in 0..<cycles {
        let place = 2 * (devices + device * cycles + cycle)
        let on = 1e4 * exp(0.1 * draws[2 * device] + 0.15 * draws[place])
        let off = 2e5 * exp(0.2 * draws[2 * device + 1] + 0.4 * draws[place + 1])
        text += "\(device),\(cycle),\(named ? "set," : "")\(on)\n"
        text += "\(device),\(cycle),\(named ? "reset," : "")\(off)\n"
      }
    }
    return text
  }

  @Test func `Intervals of medians and spreads cover the truth`() throws {
    let truth = [
      "on_conductance": 1e-4, "off_conductance": 5e-6, "on_device_spread": 0.1,
      "on_cycle_spread": 0.15, "off_device_spread": 0.2, "off_cycle_spread": 0.4,
    ]
    var covered = 0
    for seed in 0..<12 {
      let fit = try StatesFit(
        try reader(cycles(devices: 12, cycles: 20, named: true, seed: UInt64(seed))))
      for (name, value) in truth {
        let found = try #require(fit.report.parameters.first { $0.name == name }, "\(name)")
        if found.interval.contains(value) { covered += 1 }
      }
    }
    // 72 draws of 95 %: fewer than 60 happen with probability below 1e-4.
    #expect(covered >= 60, "\(covered) of 72")
  }

  @Test func `States without names are told apart, and their number is that of the data`() throws {
    let two = try StatesFit(try reader(cycles(devices: 10, cycles: 20, named: false, seed: 3)))
    #expect(two.report.statistic("levels") == 2)
    let on = try #require(two.report.parameters.first { $0.name == "on_conductance" })
    #expect(abs(on.value / 1e-4 - 1) < 0.15)
    var text = "device,conductance_S\n"
    let draws = Normal.draws(400, from: RandomStream(seed: 9, name: "levels"))
    for cell in 0..<400 {
      text += "\(cell),\(1e-6 * pow(4, Double(cell % 4)) * exp(0.1 * draws[cell]))\n"
    }
    #expect(try StatesFit(try reader(text)).report.statistic("levels") == 4)
    text = "device,conductance_S\n"
    for cell in 0..<400 { text += "\(cell),\(1e-6 * exp(0.3 * draws[cell]))\n" }
    #expect(try StatesFit(try reader(text)).report.statistic("levels") == 1)
  }

  @Test func `Loops give their states and write them instead of assumptions`() throws {
    var text = "device,cycle,voltage_V,current_A,compliance_A\n"
    let up = (0...20).map { Double($0) * 0.1 }
    let path = up + up.reversed() + up.map { -$0 } + up.reversed().map { -$0 }
    let draws = Normal.draws(400, from: RandomStream(seed: 5, name: "loops"))
    for device in 0..<5 {
      for cycle in 0..<6 {
        let place = 4 * (device * 6 + cycle)
        let (on, off) = (2e-4 * exp(0.1 * draws[place]), 2e-6 * exp(0.3 * draws[place + 1]))
        let (set, reset) = (1.2 + 0.1 * draws[place + 2], 1.0 + 0.1 * draws[place + 3])
        var g = off
        for v in path {
          if v >= set { g = on }
          if v <= -reset { g = off }
          text += "\(device),\(cycle),\(v),\(min(g * v, 1e-4)),1e-4\n"
        }
      }
    }
    let fit = try SwitchingFit(try reader(text))
    #expect(abs(fit.onConductance / 2e-4 - 1) < 0.1, "\(fit.onConductance)")
    #expect(abs(fit.offConductance / 2e-6 - 1) < 0.3, "\(fit.offConductance)")
    var draft = fit.assumedDraft(name: "x")
    try fit.enter(&draft, source: "test", share: nil)
    let loaded = try Calibration.parse(draft.text(name: "x.toml"), name: "x.toml")
    let states = try #require(loaded.states)
    #expect(abs(states.on.conductance / 2e-4 - 1) < 0.1)
    for key in ["switching.on_conductance", "switching.off_conductance"] {
      let parameter = try #require(loaded.parameters.first { $0.key == key })
      #expect(!parameter.source.hasPrefix(CalibrationDraft.assumedSource))
      #expect(parameter.range.lowerBound >= 0)
    }
  }

  @Test func `A map of two populations refuses one mean`() throws {
    let draws = Normal.draws(1024, from: RandomStream(seed: 2, name: "chip"))
    let bits = Normal.draws(1024, from: RandomStream(seed: 3, name: "bits"))
    let values = (0..<1024).map { (bits[$0] < 0 ? 1.25e-4 : 6e-6) * exp(0.3 * draws[$0]) }
    let map = ConductanceMap(
      rowAddresses: Array(0..<32), columnAddresses: Array(0..<32), conductances: values)
    let fit = try MapFit(map, at: "test")
    #expect(fit.refusal != nil)
    #expect(!fit.report.parameters.contains { $0.name == "mean_conductance" })
    #expect(fit.report.parameters.contains { $0.name == "on_conductance" })
    let one = try MapFit(
      ConductanceMap(
        rowAddresses: Array(0..<32), columnAddresses: Array(0..<32),
        conductances: draws.map { 1e-5 * exp(0.3 * $0) }), at: "test")
    #expect(one.refusal == nil)
  }

  @Test func `What rules leave out together is held against the limit`() {
    var report = FitReport(kind: "iv", model: "sinh")
    report.leftOut = [
      LeftOut("first", "points", count: 15, of: 100),
      LeftOut("second", "points", count: 10, of: 100),
      LeftOut("other question", "points", count: 60, of: 100, isLoss: false),
      LeftOut("third", "sweeps", count: 1, of: 10),
    ]
    #expect(report.losses(above: 0.2).map(\.count) == [25])
    #expect(report.losses(above: 0.3).isEmpty)
  }
}
