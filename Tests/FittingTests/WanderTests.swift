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
import _TestSupport

@Suite("A slow wander is no trap")
struct WanderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func fit(_ traces: [[Double]], step: Double = 0) throws -> NoiseFit {
    var text = "device,time_s,conductance_S\n"
    for (device, trace) in traces.enumerated() {
      for (t, value) in trace.enumerated() {
        let read = step > 0 ? (value / step).rounded() * step : value
        text += "t\(device),\(Double(t) * 5e-3),\(1e-6 * (10 + read))\n"
      }
    }
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("n.csv")))
    return try NoiseFit(TableReader(files: [folder.file("n.csv")]))
  }

  private func normals(_ count: Int, _ seed: UInt64) -> [Double] {
    Normal.draws(count, from: RandomStream(seed: seed, name: "wander"))
  }

  /// White noise through a filter of the first order, so many times.
  private func wander(_ samples: Double, order: Int, seed: UInt64, count: Int = 4096) -> [Double] {
    let keep = exp(-1 / samples)
    var values = normals(count + 2000, seed)
    for _ in 0..<order {
      var state = 0.0
      for t in values.indices {
        state = keep * state + (1 - keep) * values[t]
        values[t] = state
      }
    }
    let kept = Array(values.suffix(count))
    let scale = (kept.reduce(0) { $0 + $1 * $1 } / Double(count)).squareRoot()
    return kept.map { $0 / scale }
  }

  private func trap(_ count: Int, _ seed: UInt64, amplitude: Double, noise: Double = 0.1)
    -> [Double]
  {
    let stream = RandomStream(seed: seed, name: "trap")
    let white = normals(count, seed + 100)
    var isFilled = false
    return (0..<count).map { t in
      if stream.preciseUniform(at: t, substream: 0) < (isFilled ? 1 / 40.0 : 1 / 80.0) {
        isFilled.toggle()
      }
      return (isFilled ? -amplitude : 0) + noise * white[t]
    }
  }

  @Test(arguments: [
    (20.0, 1, 0.0), (100, 1, 0), (300, 1, 0.1), (50, 2, 0.0), (100, 2, 0.2), (200, 1, 1),
  ])
  func `Filtered noise has no levels`(samples: Double, order: Int, white: Double) throws {
    for seed in 0..<3 {
      let reading = normals(4096, UInt64(seed) + 50)
      let trace = zip(wander(samples, order: order, seed: UInt64(seed)), reading).map {
        $0 + white * $1
      }
      let fit = try fit([trace])
      #expect(fit.report.statistic("telegraph_levels") == 1, "\(samples) \(order) \(white) \(seed)")
      #expect(!fit.report.model.contains("telegraph"))
    }
  }

  @Test func `Filtered noise on a converter's grid has no levels`() throws {
    for step in [0.25, 1.0] {
      let fit = try fit([wander(100, order: 1, seed: 3)], step: step)
      #expect(fit.report.statistic("telegraph_levels") == 1, "\(step)")
    }
  }

  @Test func `A trap has levels, with a wander beside it too`() throws {
    let plain = try fit([trap(4096, 1, amplitude: 0.5)])
    #expect(plain.report.statistic("telegraph_levels") == 2)
    let slow = wander(150, order: 1, seed: 8)
    let both = zip(trap(8192, 2, amplitude: 1), wander(150, order: 1, seed: 8, count: 8192)).map {
      $0 + 0.1 * $1
    }
    #expect(slow.count == 4096)
    #expect(try fit([both]).report.statistic("telegraph_levels") == 2)
    // Two values and nothing else, as from a simulation.
    let bare = try fit([trap(4096, 4, amplitude: 1, noise: 0)])
    #expect(bare.report.statistic("telegraph_levels") == 2)
  }

  @Test func `A square wave is a clock's`() throws {
    let noise = normals(4096, 9)
    let square = (0..<4096).map { ($0 % 90 < 45 ? 1.0 : 0) + 0.05 * noise[$0] }
    let fit = try fit([square])
    #expect(!fit.report.model.contains("telegraph"))
  }

  @Test func `Traps of several traces are pooled, and one odd trace discards nothing`() throws {
    let traces = (0..<5).map { trap(4096, UInt64($0) + 20, amplitude: 0.5) } + [[0, 0.1, 0.2]]
    let report = try fit(traces).report
    #expect(report.statistic("telegraph_traces") == 5)
    for (name, truth) in [("capture_time", 80 * 5e-3), ("emission_time", 40 * 5e-3)] {
      let pooled = try #require(report.parameters.first { $0.name == name })
      #expect(pooled.interval.contains(truth), "\(name) \(pooled.value)")
      #expect(report.parameters.contains { $0.name == "\(name)_spread" })
      #expect(report.parameters.contains { $0.name == "t3.\(name)" })
    }
    #expect(report.notes.contains { $0.contains("1 of 6 traces left out") && $0.contains("t5") })
    #expect(report.withoutDetails.parameters.allSatisfy { !$0.name.hasPrefix("t3.") })
  }
}
