import Foundation
import Mathematics

extension SwitchingLikelihood {
  /// Posterior mean of every device's threshold at the reference width, V; empty where devices were
  /// not pulsed repeatedly.
  func deviceThresholds(_ point: [Double]) -> [Double] {
    guard isRepeated else { return [] }
    let (scale, spread) = (exp(point[scaleIndex]), exp(point[scaleIndex + 1]))
    let slope = slope(point)
    return counts.map { device in
      let terms = Self.nodes.indices.map { k -> Double in
        device.reduce(Self.weights[k]) { sum, count in
          let chance = form.logarithms(
            voltage: observations.levels[count.level].voltage,
            median: point[0] + slope * decades[count.level] + spread * Self.nodes[k], scale: scale)
          return sum + count.switched * chance.yes + (count.total - count.switched) * chance.no
        }
      }
      let top = terms.max() ?? 0
      let shares = terms.map { exp($0 - top) }
      let mean = zip(shares, Self.nodes).reduce(0) { $0 + $1.0 * $1.1 } / shares.reduce(0, +)
      return point[0] + spread * mean
    }
  }

  /// Share of switched pulses of every level with the one that is expected, in the order of the
  /// amplitude at the reference width.
  func shares(_ point: [Double]) -> [SwitchingShare] {
    let device = isRepeated ? exp(point[scaleIndex + 1]) : 0
    let spread = (exp(2 * point[scaleIndex]) + device * device).squareRoot()
    let slope = slope(point)
    let lapse = lapseRate(point)
    return observations.pooled.filter { $0.total > 0 }.map { count in
      let voltage = observations.levels[count.level].voltage - slope * decades[count.level]
      let chance = form.logarithms(voltage: voltage, median: point[0], scale: spread)
      return SwitchingShare(
        voltage: voltage, seen: count.switched / count.total,
        expected: lapse + (1 - 2 * lapse) * exp(chance.yes),
        total: count.total)
    }.sorted { $0.voltage < $1.voltage }
  }
}

/// Pulses of one amplitude and width.
struct SwitchingShare {
  /// At the reference width.
  var voltage: Double
  var seen: Double
  var expected: Double
  var total: Double

  /// Variance of the number of switched pulses.
  var variance: Double { total * expected * (1 - expected) }
  var residual: Double { total * (seen - expected) / max(variance, 1e-12).squareRoot() }
}
