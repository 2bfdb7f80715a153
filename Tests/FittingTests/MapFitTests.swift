import Calibration
import Failures
import FitResults
import Foundation
import Mathematics
import StaticFits
import Statistics
import Testing
import VirtualLaboratory

@Suite("Variation over an array")
struct MapFitTests {
  static let truth = SpatialVariation(
    meanConductance: 2e-5, rowGradient: 0.004, columnGradient: -0.003, rowSpread: 0.06,
    columnSpread: 0.04, residualSpread: 0.1, correlatedShare: 0.6, correlationLength: 3)

  private func map(
    _ variation: SpatialVariation, seed: UInt64, rows: Int = 40, columns: Int = 32
  ) -> ConductanceMap {
    var measurement = MapMeasurement(variation: variation)
    (measurement.rows, measurement.columns, measurement.seed) = (rows, columns, seed)
    return ConductanceMap(
      rowAddresses: Array(0..<rows), columnAddresses: Array(0..<columns),
      conductances: measurement.conductances())
  }

  private var truths: [String: Double] {
    let t = Self.truth
    return [
      "mean_conductance": t.meanConductance, "row_gradient": t.rowGradient,
      "column_gradient": t.columnGradient, "row_spread": t.rowSpread,
      "column_spread": t.columnSpread, "residual_spread": t.residualSpread,
      "correlated_share": t.correlatedShare, "correlation_length": t.correlationLength,
    ]
  }

  @Test func `Intervals cover the truth`() throws {
    var covered: [String: Int] = [:]
    let seeds = 12
    for seed in 0..<seeds {
      let fit = try MapFit(map(Self.truth, seed: UInt64(seed)), at: "test")
      #expect(fit.report.model == "exponential")
      for parameter in fit.report.parameters {
        if let value = truths[parameter.name], parameter.interval.contains(value) {
          covered[parameter.name, default: 0] += 1
        }
      }
    }
    // Of 12 at 95 %, fewer than 7 have a probability of 1e-5.
    for name in truths.keys { #expect(covered[name, default: 0] >= 7, "\(name)") }
    #expect(covered.values.reduce(0, +) >= 80, "of 96: \(covered)")
  }

  @Test func `Faults are counted and located; without correlation it says none`() throws {
    var variation = Self.truth
    variation.correlatedShare = 0
    variation.deadShare = 0.01
    variation.stuckShare = 0.005
    let map = map(variation, seed: 3)
    let fit = try MapFit(map, at: "test")
    let mean = variation.meanConductance
    let dead = map.conductances.indices.filter { map.conductances[$0] < mean / 100 }
    let stuck = map.conductances.indices.filter { map.conductances[$0] > mean * 30 }
    #expect(!dead.isEmpty && !stuck.isEmpty)
    #expect(fit.faults.dead == dead)
    #expect(fit.faults.stuck == stuck)
    #expect(fit.report.model == "uncorrelated")
    #expect(fit.report.notes.contains { $0.contains("correlation of the residual: none") })
  }

  @Test func `Row and column parts return what was put in`() throws {
    let (rows, columns) = (6, 5)
    let values = (0..<rows * columns).map { Double($0 / columns) * 0.3 - Double($0 % columns) }
    let polish = MedianPolish(values, rows: rows, columns: columns)
    #expect(polish.residuals.allSatisfy { abs($0) < 1e-9 })
    for i in 1..<rows {
      #expect(abs(polish.rowEffects[i] - polish.rowEffects[i - 1] - 0.3) < 1e-9)
    }
  }

  @Test func `Bad maps are refused`() {
    let flat = ConductanceMap(
      rowAddresses: Array(0..<5), columnAddresses: Array(0..<5),
      conductances: Array(repeating: 1e-5, count: 25))
    #expect(throws: Failure.self) { try MapFit(flat, at: "test") }
    let dead = ConductanceMap(
      rowAddresses: Array(0..<5), columnAddresses: Array(0..<5),
      conductances: Array(repeating: 0, count: 25))
    #expect(throws: Failure.self) { try MapFit(dead, at: "test") }
  }
}
