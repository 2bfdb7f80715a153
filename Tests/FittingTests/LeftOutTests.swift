import DynamicFits
import Failures
import FitResults
import Foundation
import Mathematics
import MeasuredTables
import NodalAnalysis
import NoiseFits
import StaticFits
import Statistics
import Testing
import _TestSupport

/// Every rule that leaves out data says how many of how many.
@Suite("What is left out is counted")
struct LeftOutTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func reader(_ text: String) throws -> TableReader {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("t.csv")))
    return TableReader(files: [folder.file("t.csv")])
  }

  private func rule(_ words: String, _ report: FitReport) throws -> LeftOut {
    try #require(
      report.leftOut.first { $0.rule.contains(words) }, "\(words) of \(report.leftOut.map(\.text))")
  }

  @Test func `Rows of the files by their fault, and no value counts as a loss`() throws {
    var text = "device,voltage_V,current_A\n"
    for device in 0..<4 {
      for k in -10...10 {
        let v = 0.1 * Double(k)
        let current = k == 10 ? "9.91e37" : k == 9 && device == 0 ? "x" : "\(1e-5 * sinh(2 * v))"
        text += "\(device),\(v),\(current)\n"
      }
    }
    let report = try StaticFit(try reader(text), form: .sinh, workers: Workers(count: 1)).report
    let none = try rule("no value", report)
    #expect((none.count, none.of, none.isLoss) == (4, 84, true))
    #expect(try rule("no number", report).count == 1)
    #expect(report.losses(above: 0.2).isEmpty && report.losses(above: 0.05).count == 1)
  }

  @Test func `A file that cannot be read is counted and refuses nothing`() throws {
    let good = (-10...10).map { "1,\(0.1 * Double($0)),\(1e-5 * Double($0))" }
    try Data(("device,voltage_V,current_A\n" + good.joined(separator: "\n") + "\n").utf8).write(
      to: URL(fileURLWithPath: folder.file("a.csv")))
    try Data("nothing here\n".utf8).write(to: URL(fileURLWithPath: folder.file("b.csv")))
    let report = try StaticFit(
      TableReader(files: [folder.file("b.csv"), folder.file("a.csv")]), form: .sinh,
      workers: Workers(count: 1)
    ).report
    let files = try rule("cannot be read", report)
    #expect((files.count, files.of, files.isLoss) == (1, 2, false))
  }

  @Test func `Readings of pulse runs: spikes, the impossible, and reads between runs`() throws {
    let noise = Normal.draws(4 * 2 * 40, from: RandomStream(seed: 3, name: "reads"))
    var (text, k) = ("device,operation,pulse,voltage_V,width_s,conductance_S\n", 0)
    for device in 0..<4 {
      for name in ["potentiation", "depression"] {
        for pulse in 0..<40 {
          let share = exp(-0.1 * Double(pulse))
          let isSpike = device == 1 && name == "potentiation" && pulse == 20
          let g = name == "potentiation" ? 60 - 38 * share : 20 + 38 * share
          let value = isSpike ? 300 : g + 0.3 * noise[k]
          // Magnitudes: the name says which pulses are which.
          text += "\(device),\(name),\(pulse),2.5,1e-6,\(value * 1e-6)\n"
          k += 1
        }
      }
      text += (0..<6).map { "\(device),read,\($0),0.1,1e-6,4e-5\n" }.joined()
    }
    let fit = try SeriesFit(try reader(text), form: .softBounds, given: .init())
    #expect(try rule("spikes", fit.report).count == 1)
    #expect(try rule("spikes", fit.report).of == 320)
    let reads = try rule("forming, reading", fit.report)
    #expect((reads.count, reads.of, reads.isLoss) == (4, 12, false))
    let step = try #require(fit.report.parameters.first { $0.name == "set_step" })
    #expect(abs(step.value / 4e-6 - 1) < 0.1)
  }

  @Test func `Traces, spikes in them, cells read once and readings below zero`() throws {
    let white = Normal.draws(6 * 2000, from: RandomStream(seed: 4, name: "white"))
    var text = "device,time_s,conductance_S\n"
    for device in 0..<6 {
      for t in 0..<(device == 5 ? 40 : 2000) {
        let spike = device == 0 && t == 900 ? 50.0 : 0
        text += "t\(device),\(Double(t) * 1e-3),\(1e-6 * (10 + spike + white[device * 2000 + t]))\n"
      }
    }
    let noise = try NoiseFit(try reader(text)).report
    let traces = try rule("cannot be used", noise)
    #expect((traces.count, traces.of) == (1, 6) && noise.losses(above: 0.2).isEmpty)
    #expect(try rule("spikes", noise).count == 1)
    var cells = "device,time_s,conductance_S\n"
    for cell in 0..<10 {
      for (index, time) in [0.0, 1, 10, 100].enumerated() where cell < 9 || index == 0 {
        let g = 1e-5 * pow(1 + time, -0.01 - 0.001 * Double(cell))
        cells += "\(cell),\(time),\(cell == 3 && index == 2 ? -g : g)\n"
      }
    }
    let drift = try RetentionFit(try reader(cells)).report
    #expect(try (rule("read once", drift).count, rule("read once", drift).of) == (1, 10))
    #expect(try rule("positive", drift).count == 1)
  }

  @Test func `Wires: readings that lie apart and rows without a voltage`() throws {
    var text = "row,column,voltage_V,current_A,conductance_S\n"
    for row in 0..<12 {
      for column in 0..<12 {
        let path = 3 * Double(column + 12 - row) + 600
        let g = 3e-5 + 1e-6 * Double((7 * row + 5 * column) % 11)
        let v = row == 2 && column == 3 ? 0 : 0.1
        let current = row == 5 && column == 5 ? 9e-6 : v / (1 / g + path)
        text += "\(row),\(column),\(v),\(current),\(g)\n"
      }
    }
    var read = FitReport(kind: "wires", model: "")
    let readout = try WireReadout(try reader(text), left: &read)
    let fit = try WireFit(readout, read: read, at: "wires")
    let lost = try rule("without a voltage", fit.report)
    #expect((lost.count, lost.of) == (1, 144))
    #expect(try rule("robust standard deviations", fit.report).count >= 1)
  }

  @Test func `Loops without a column of cycles are one cycle each`() throws {
    var text = "device,voltage_V,current_A\n"
    let path = (0...20).map { Double($0) / 10 } + (0..<20).reversed().map { Double($0) / 10 }
    for device in 0..<3 {
      for cycle in 0..<5 {
        let on = 1e-4 * (1 + 0.02 * Double(cycle) + 0.1 * Double(device))
        var isOn = false
        for sign in [1.0, -1] {
          for (k, v) in path.enumerated() {
            if sign > 0, v >= 1.2 { isOn = true }
            if sign < 0, v >= 1.2, k < 21 { isOn = false }
            text += "\(device),\(sign * v),\(sign * v * (isOn ? on : 2e-6))\n"
          }
        }
      }
    }
    let report = try StatesFit(try reader(text)).report
    #expect(report.statistic("on_readings") == 15 && report.statistic("cycle_yield") == 1)
    #expect(report.parameters.contains { $0.name == "on_cycle_spread" })
  }
}
