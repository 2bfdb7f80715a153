import Foundation

/// The one-sample Kolmogorov–Smirnov test.
package enum KolmogorovSmirnov {
  /// Largest distance between the empirical distribution of `sample` and `cumulative`.
  package static func statistic(_ sample: [Double], _ cumulative: (Double) -> Double) -> Double {
    let n = Double(sample.count)
    return sample.sorted().enumerated().reduce(0) { worst, entry in
      let p = cumulative(entry.element)
      return max(worst, max(Double(entry.offset + 1) / n - p, p - Double(entry.offset) / n))
    }
  }

  /// The distance a true hypothesis passes with probability α, by the asymptotic √(ln(2/α) / 2n).
  package static func critical(count: Int, alpha: Double = 1e-4) -> Double {
    (log(2 / alpha) / (2 * Double(count))).squareRoot()
  }
}
