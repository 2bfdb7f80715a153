import Mathematics
import Testing
import _TestSupport

/// Medians and quantiles against definitions spelled out.
@Suite struct SortedSampleTests {
  /// Half of the values lie at or below the median and half at or above.
  private func slowMedian(_ values: [Double]) -> Double? {
    func rank(_ value: Double) -> (below: Int, above: Int) {
      (values.count { $0 <= value }, values.count { $0 >= value })
    }
    let middle = values.filter {
      let (below, above) = rank($0)
      return 2 * below >= values.count && 2 * above >= values.count
    }
    guard let low = middle.min(), let high = middle.max() else { return nil }
    return (low + high) / 2
  }

  /// The piecewise linear function that takes the k-th smallest value at k/(n − 1).
  private func slowQuantile(_ values: [Double], _ p: Double) -> Double? {
    func smallest(_ k: Int) -> Double? {
      values.first { value in
        values.count { $0 < value } <= k && values.count { $0 <= value } > k
      }
    }
    for k in 0..<max(0, values.count - 1) {
      let (low, high) = (
        Double(k) / Double(values.count - 1), Double(k + 1) / Double(values.count - 1)
      )
      guard p >= low, p <= high, let left = smallest(k), let right = smallest(k + 1) else {
        continue
      }
      return left + (right - left) * (p - low) / (high - low)
    }
    return values.first
  }

  /// Ties, negative values, even and odd numbers, one value.
  private static let samples: [[Double]] = [
    [3], [2, 1], [5, -1, 4], [1, 1, 1, 2], [0.1, 7, 7, -3, 2, 9, 9.5],
    (0..<40).map { Double($0 * 17 % 41) },
  ]

  @Test(arguments: samples) func mediansHalveTheSample(_ values: [Double]) throws {
    let found = try #require(values.median)
    #expect(found == slowMedian(values))
  }

  @Test(arguments: samples) func quantilesInterpolate(_ values: [Double]) throws {
    for p in [0, 0.01, 0.3, 0.5, 0.77, 0.99, 1] {
      let found = try #require(SortedSample(values).quantile(p))
      let expected = try #require(slowQuantile(values, p))
      #expect(abs(found - expected) <= 1e-12 * max(1, abs(expected)))
    }
  }

  @Test func missingValuesAreLeftOut() {
    #expect([Double.nan, 2, .nan, 1, 6].median == 2)
    #expect([Double]().median == nil)
    #expect([Double.nan].medianDeviation() == nil)
    #expect(SortedSample([]).quantile(0.5) == nil)
    #expect(SortedSample([]).ends(settingAside: 100) == nil)
  }

  @Test func endsAreSetAsideByCount() throws {
    let few = try #require(SortedSample((0..<99).map(Double.init)).ends(settingAside: 100))
    #expect(few == (0, 98))
    let many = try #require(SortedSample((0..<250).map(Double.init)).ends(settingAside: 100))
    #expect(many == (2, 247))
  }

  /// A third of outliers leaves the estimate of the spread near that of the rest.
  @Test func deviationsIgnoreOutliers() throws {
    let normal = (1..<1000).map { Normal.quantile(Double($0) / 1000) }
    let clean = try #require(normal.medianDeviation())
    #expect(abs(clean - 1) < 0.002)
    let shifted = try #require(normal.map { $0 + 3 }.medianDeviation(from: 3))
    #expect(abs(shifted - clean) < 1e-12)
    let dirty = try #require((normal + Array(repeating: 1e6, count: 333)).medianDeviation())
    #expect(dirty > 1 && dirty < 2)
  }
}
