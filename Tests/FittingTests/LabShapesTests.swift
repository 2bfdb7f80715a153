import DynamicFits
import FitResults
import Foundation
import Mathematics
import MeasuredTables
import NoiseFits
import StaticFits
import Statistics
import Testing
import _TestSupport

/// Shapes of tables that laboratories have: thresholds of cycles, states by their names, SET below zero.
@Suite("Tables as laboratories write them")
struct LabShapesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func reader(_ text: String) throws -> TableReader {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("t.csv")))
    return TableReader(files: [folder.file("t.csv")])
  }

  private func parameter(_ name: String, _ report: FitReport) throws -> FittedParameter {
    try #require(report.parameters.first { $0.name == name }, "\(name)")
  }

  private func draws(_ count: Int, _ seed: UInt64) -> [Double] {
    Normal.draws(count, from: RandomStream(seed: seed, name: "shapes"))
  }

  @Test func `Thresholds of cycles are data, and one that is absent takes no other with it`() throws
  {
    let noise = draws(120, 1)
    var text = "device,cycle,set_voltage_V,reset_voltage_V\n"
    for device in 0..<5 {
      for cycle in 0..<12 {
        let place = 12 * device + cycle
        let reset = cycle == 3 ? "" : "\(-0.8 + 0.05 * noise[place + 60])"
        text += "\(device),\(cycle),\(1.2 + 0.1 * noise[place]),\(reset)\n"
      }
    }
    let report = try SwitchingFit(try reader(text)).report
    #expect(try parameter("threshold_mean", report).interval.contains(1.2))
    #expect(try parameter("reset_threshold_mean", report).interval.contains(-0.8))
    #expect(report.statistic("thresholds") == 60 && report.statistic("reset_thresholds") == 55)
    let absent = try #require(report.leftOut.first { $0.rule.contains("no number") })
    #expect((absent.count, absent.of) == (5, 60) && absent.unit == "RESET ramps")
  }

  @Test(arguments: [1.2, 0.0]) func `Equal thresholds, and two values of them, are no surprise`(
    step: Double
  ) throws {
    var text = "device,cycle,set_voltage_V\n"
    for device in 0..<4 {
      for cycle in 0..<6 { text += "\(device),\(cycle),\(1.2 + step * Double(cycle % 2))\n" }
    }
    let report = try SwitchingFit(try reader(text)).report
    #expect(abs(try parameter("threshold_mean", report).value - 1.2 - step / 2) < 1e-9)
    for entry in report.distributions {
      #expect(entry.fits.allSatisfy { $0.aic > -1000 }, "\(entry.name)")
    }
  }

  /// Loops of four devices; SET on the side of a sign, at 1 V, RESET on the other, at 0.8 V.
  private func loops(sign: Double) throws -> TableReader {
    let path = (0...30).map { Double($0) / 20 } + (0..<30).reversed().map { Double($0) / 20 }
    let noise = draws(80, 2)
    var (text, place) = ("device,cycle,voltage_V,current_A\n", 0)
    for device in 0..<4 {
      for cycle in 0..<5 {
        let (set, reset) = (1 + 0.08 * noise[place], 0.8 + 0.05 * noise[place + 40])
        place += 1
        var isOn = false
        for side in [1.0, -1] {
          for (k, v) in path.enumerated() {
            if k <= 30, side > 0, v >= set { isOn = true }
            if k <= 30, side < 0, v >= reset { isOn = false }
            let current = min(v * (isOn ? 1.2e-4 : 3e-6), side > 0 ? 1e-4 : 1)
            text += "\(device),\(cycle),\(sign * side * v),\(sign * side * current)\n"
          }
        }
      }
    }
    return try reader(text)
  }

  @Test(arguments: [1.0, -1]) func `SET is found on either side of zero`(sign: Double) throws {
    let fit = try SwitchingFit(try loops(sign: sign))
    #expect(fit.report.statistic("thresholds") == 20)
    #expect(fit.report.statistic("reset_thresholds") == 20)
    #expect(try parameter("threshold_mean", fit.report).interval.contains(sign * 1.0))
    #expect(try parameter("reset_threshold_mean", fit.report).interval.contains(-sign * 0.8))
    #expect(fit.thresholdMean > 0.9 && fit.report.losses(above: 0.05).isEmpty)
    #expect(fit.report.notes.contains { $0.contains("negative voltages") } == (sign < 0))
    #expect(abs(fit.onConductance / 1.2e-4 - 1) < 0.05)
  }

  @Test(arguments: ["HRS,LRS", "reset,set", "off,on", "LTD,LTP"])
  func `States have the names that the trade gives them`(names: String) throws {
    let words = names.split(separator: ",")
    let noise = draws(160, 3)
    var text = "device,cycle,operation,current_A,read_voltage_V\n"
    for place in 0..<80 {
      for (k, resistance) in [2e5, 1e4].enumerated() {
        let current = 0.1 / (resistance * exp(0.2 * noise[2 * place + k]))
        text += "d\(place % 4),\(place / 4),\(words[k]),\(current),0.1\n"
      }
    }
    let report = try StatesFit(try reader(text)).report
    #expect(try parameter("off_conductance", report).interval.contains(5e-6))
    #expect(try parameter("on_conductance", report).interval.contains(1e-4))
    #expect(report.statistic("mixture_components") == nil)
  }

  @Test func `A table that begins with HRS has no row of units`() throws {
    var text = "cycle,operation,resistance_ohm\n"
    for cycle in 0..<20 { text += "\(cycle),HRS,\(2e5 + Double(cycle))\n\(cycle),LRS,1e4\n" }
    let report = try StatesFit(try reader(text)).report
    #expect(report.statistic("off_readings") == 20 && report.statistic("on_readings") == 20)
  }

  @Test func `A spread that may be zero has a bound, and an odd trace says so`() throws {
    let noise = draws(24 * 24, 4)
    var map = "row,column,conductance_S\n"
    for cell in 0..<24 * 24 {
      map += "\(cell / 24),\(cell % 24),\(2e-5 * exp(0.3 * noise[cell]))\n"
    }
    let spreads = try MapFit(
      ConductanceMap(try reader(map)), at: "map"
    ).report.parameters.filter { ["row_spread", "column_spread"].contains($0.name) }
    #expect(spreads.count == 2)
    for spread in spreads { #expect(spread.interval.upperBound < 0.3, "\(spread)") }
    let rows = (0..<300).map { t -> String in
      let share = 0.7 + 0.3 * exp(-Double(t) / 50)
      return "\(t),\(1e-5 * share * (1 + 0.002 * noise[t]))"
    }
    let drift = try RetentionFit(
      try reader("time_s,conductance_S\n" + rows.joined(separator: "\n") + "\n")
    ).report
    #expect(drift.notes.contains { $0.contains("autocorrelated") })
  }
}
