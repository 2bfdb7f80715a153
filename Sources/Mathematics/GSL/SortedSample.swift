import CGSL

/// Values in ascending order, and their quantiles.
///
/// NaN stands for a missing value and is left out.
package struct SortedSample: Sendable {
  package let values: [Double]

  package init(_ values: [Double]) {
    self.values = values.filter { !$0.isNaN }.sorted()
  }

  /// The middle value, or the mean of the two middle ones; nil for none.
  package var median: Double? {
    values.isEmpty ? nil : gsl_stats_median_from_sorted_data(values, 1, values.count)
  }

  /// The value below which a fraction of the sample lies, interpolated linearly; nil for none.
  ///
  /// With n values, x₀ the smallest, it is x at the place (n − 1)·p: R. J. Hyndman and Y. Fan, The
  /// American Statistician 50, 361 (1996), definition 7.
  ///
  /// - Parameter p: 0 … 1.
  package func quantile(_ p: Double) -> Double? {
    values.isEmpty ? nil : gsl_stats_quantile_from_sorted_data(values, 1, values.count, p)
  }

  /// The smallest and the largest value after setting aside one in so many at either end as outliers.
  ///
  /// Fewer values than `oneIn` keep all. nil for none.
  package func ends(settingAside oneIn: Int) -> (low: Double, high: Double)? {
    let aside = values.count / oneIn
    return values.isEmpty ? nil : (values[aside], values[values.count - 1 - aside])
  }
}

extension Sequence<Double> {
  /// The median; the mean of the two middle values of an even number, nil for none.
  package var median: Double? { SortedSample(Array(self)).median }

  /// 1.4826 times the median distance from a centre; nil for none.
  ///
  /// It estimates the standard deviation of normal values around the centre, whatever up to half of
  /// them are: the median of |z| of the standard normal distribution is 1/1.4826.
  package func medianDeviation(from centre: Double = 0) -> Double? {
    Array(self).map { abs($0 - centre) }.median.map { 1.482_602_218_505_602 * $0 }
  }
}
