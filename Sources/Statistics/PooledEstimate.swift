import Foundation
import Mathematics

/// The mean of a population from estimates of some members, each with an error of its own, and how the
/// members differ.
///
/// x_i = μ + a_i + e_i with a ~ N(0, spread²) and known errors. The spread is that of Paule and Mandel
/// (1982) with an interval from its Q profile (Viechtbauer 2007); the mean has Student's interval
/// (Hartung and Knapp 2001), so that a few members promise no more than they can.
package struct PooledEstimate {
  package let mean: Double
  package let standardError: Double
  /// 95 %.
  package let interval: ClosedRange<Double>
  /// Between members, without their errors.
  package let spread: Double
  package let spreadInterval: ClosedRange<Double>

  /// - Parameters:
  ///   - values: estimates of two members or more.
  ///   - errors: their standard errors, > 0.
  package init(_ values: [Double], errors: [Double]) {
    let freedom = Double(values.count - 1)
    /// Σ w (x − mean)² at a variance between members, which falls as it grows.
    func squares(_ variance: Double) -> (mean: Double, sum: Double, weight: Double) {
      let weights = errors.map { 1 / ($0 * $0 + variance) }
      let total = weights.reduce(0, +)
      let mean = zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 } / total
      let sum = zip(weights, values).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) }
      return (mean, sum, total)
    }
    let low = values.min() ?? 0
    let high = values.max() ?? 0
    let widest = 1e4 * max((high - low) * (high - low), 1e-300)
    /// The variance at which the sum has a value; 0 where it never is so large.
    func variance(_ target: Double) -> Double {
      guard squares(0).sum > target else { return 0 }
      var (inside, outside) = (0.0, widest)
      for _ in 0..<200 {
        let middle = (inside + outside) / 2
        if squares(middle).sum > target { inside = middle } else { outside = middle }
      }
      return (inside + outside) / 2
    }
    let between = variance(freedom)
    let found = squares(between)
    mean = found.mean
    standardError = (found.sum / freedom / found.weight).squareRoot()
    let half = StudentT.quantile(0.975, degrees: freedom) * standardError
    interval = mean - half...mean + half
    spread = between.squareRoot()
    func end(_ probability: Double) -> Double {
      variance(CumulativeFunctions.gammaQuantile(probability, shape: freedom / 2, scale: 2))
        .squareRoot()
    }
    spreadInterval = end(0.975)...max(end(0.975), end(0.025))
  }
}
