import Foundation
import Mathematics
import Statistics

/// What an instrument adds to a current: an offset, a floor and a share of the reading.
struct InstrumentNoise: Sendable, Equatable {
  var offset: Double
  /// Standard deviation at zero current, A.
  var floor: Double
  /// Standard deviation relative to the current.
  var gain: Double

  /// Variance of a reading, A².
  func variance(at current: Double) -> Double { floor * floor + gain * gain * current * current }

  /// Estimates the three from sweeps, without a model of the device beyond smoothness.
  ///
  /// The scatter is what is left of a point between its four neighbours, interpolated by a cubic of
  /// the current or of its logarithm: steep curves are straight in the one, flat ones in the other.
  init(of sweeps: [Sweep]) {
    offset = Self.commonOffset(sweeps)
    let scatter = Self.scatter(sweeps, offset: offset)
    let largest = sweeps.flatMap { $0.currents.map { abs($0) } }.max() ?? 0
    let least = max(1e-15, 1e-12 * largest)
    guard let fit = Self.parts(of: scatter, least: least) else {
      // Sweeps of a few points say nothing of their scatter; the dispersion of the fit does.
      (floor, gain) = (max(least, 1e-4 * largest), 0.01)
      return
    }
    (floor, gain) = fit
  }
}

extension InstrumentNoise {
  /// A residual with the current that it belongs to, A.
  private typealias Scatter = (residual: Double, current: Double)

  /// Residuals kept at most.
  private static let scatterLimit = 40_000
  /// Residuals in a bin of similar currents, at least.
  private static let leastPerBin = 12
  private static let mostBins = 24

  /// The current at zero volts, where sweeps agree on one, else 0.
  ///
  /// Of a sweep it is the reading at 0 V, or what a cubic through the nearest points has there.
  private static func commonOffset(_ sweeps: [Sweep]) -> Double {
    let constants = sweeps.compactMap { $0.currentAtZero }
    guard constants.count > 2, let middle = constants.median,
      let spread = constants.medianDeviation(from: middle)
    else { return 0 }
    return abs(middle) > 4 * spread / Double(constants.count).squareRoot() ? middle : 0
  }

  private static func scatter(_ sweeps: [Sweep], offset: Double) -> [Scatter] {
    let points = sweeps.reduce(0) { $0 + $1.voltages.count }
    let stride = max(1, points / scatterLimit)
    var found: [Scatter] = []
    var seen = 0
    for sweep in sweeps where sweep.voltages.count > 4 {
      for middle in 2..<sweep.voltages.count - 2 {
        seen += 1
        guard seen % stride == 0, let weights = sweep.interpolation(at: middle) else { continue }
        let others = [middle - 2, middle - 1, middle + 1, middle + 2]
        let currents = others.map { sweep.currents[$0] - offset }
        let current = sweep.currents[middle] - offset
        let noise = (1 + weights.reduce(0) { $0 + $1 * $1 }).squareRoot()
        var residual = abs(current - zip(weights, currents).reduce(0) { $0 + $1.0 * $1.1 })
        if currents.allSatisfy({ $0 * current > 0 }) {
          let logarithm = zip(weights, currents).reduce(0) { $0 + $1.0 * log(abs($1.1)) }
          residual = min(residual, abs(current * (log(abs(current)) - logarithm)))
        }
        found.append((residual / noise * sweep.counts[middle].squareRoot(), abs(current)))
      }
    }
    return found.filter { $0.residual.isFinite && $0.current.isFinite }
  }

  /// Floor and share from the scatter in bins of similar currents; nil for too few.
  private static func parts(of scatter: [Scatter], least: Double) -> (Double, Double)? {
    guard scatter.count >= 2 * leastPerBin else { return nil }
    let sorted = scatter.sorted { $0.current < $1.current }
    let count = min(mostBins, sorted.count / leastPerBin)
    let bins = (0..<count).map { bin -> (current: Double, deviation: Double) in
      let part = sorted[bin * sorted.count / count..<(bin + 1) * sorted.count / count]
      return (
        part.map(\.current).median ?? 0, max(least, part.map(\.residual).medianDeviation() ?? 0)
      )
    }
    // A grid in both logarithms around what the ends say, refined twice: no gradient, no failure.
    var (floor, gain) = (
      bins[0].deviation, bins.map { $0.deviation / max($0.current, least) }.min() ?? 0.01
    )
    for step in [1.0, 0.25, 0.06] {
      let (f, g) = (floor, gain)
      var best = Double.infinity
      for i in -8...8 {
        for j in -8...8 {
          let (a, b) = (f * exp(step * Double(i)), g * exp(step * Double(j)))
          let cost = bins.reduce(0) { sum, bin in
            let expected = (a * a + b * b * bin.current * bin.current).squareRoot()
            return sum + abs(log(bin.deviation / expected))
          }
          if cost < best { (best, floor, gain) = (cost, a, b) }
        }
      }
    }
    return (max(floor, least), min(max(gain, 1e-6), 1))
  }
}

extension Sweep {
  /// Weights of the cubic through the four neighbours of a point; nil unless the five voltages go one
  /// way.
  fileprivate func interpolation(at middle: Int) -> [Double]? {
    let v = voltages[middle]
    let nodes = [middle - 2, middle - 1, middle + 1, middle + 2].map { voltages[$0] }
    let steps = [nodes[1] - nodes[0], v - nodes[1], nodes[2] - v, nodes[3] - nodes[2]]
    guard steps.allSatisfy({ $0 > 0 }) || steps.allSatisfy({ $0 < 0 }) else { return nil }
    return nodes.indices.map { k in
      nodes.indices.reduce(1.0) {
        $1 == k ? $0 : $0 * (v - nodes[$1]) / (nodes[k] - nodes[$1])
      }
    }
  }

  /// The current at zero volts, A: readings there, or a cubic through the points around; nil where the
  /// sweep does not reach across zero.
  fileprivate var currentAtZero: Double? {
    let reach = voltages.reduce(0) { max($0, abs($1)) }
    guard reach > 0 else { return nil }
    let still = voltages.indices.filter { abs(voltages[$0]) <= 1e-9 * reach }
    if !still.isEmpty {
      return still.reduce(0) { $0 + currents[$1] } / Double(still.count)
    }
    let near = voltages.indices.sorted { abs(voltages[$0]) < abs(voltages[$1]) }.prefix(8)
    guard near.count == 8, near.contains(where: { voltages[$0] > 0 }),
      near.contains(where: { voltages[$0] < 0 })
    else { return nil }
    var part = self
    let kept = near.sorted()
    part.voltages = kept.map { voltages[$0] }
    part.currents = kept.map { currents[$0] }
    part.counts = kept.map { counts[$0] }
    return PolynomialFit(part, powers: [0, 1, 2, 3])?.coefficients[0]
  }
}
