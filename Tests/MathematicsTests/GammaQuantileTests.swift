import Mathematics
import Testing

struct GammaQuantileTests {
  /// The distribution function is the reference; GSL's own quantile is NaN at some of the larger shapes.
  @Test(arguments: [0.5, 100, 4999, 5000, 17066, 34132, 50000, 1e6])
  func `Quantiles are where the distribution has their share`(shape: Double) {
    for p in [0.001, 0.025, 0.5, 0.975, 0.999] {
      let x = CumulativeFunctions.gammaQuantile(p, shape: shape, scale: 2)
      #expect(x.isFinite)
      #expect(abs(CumulativeFunctions.gamma(x, shape: shape, scale: 2) - p) < 2e-4 * p, "p = \(p)")
    }
  }

  @Test func `Both ways of working quantiles out meet`() {
    for p in [0.025, 0.5, 0.975] {
      let below = CumulativeFunctions.gammaQuantile(p, shape: 4999.999, scale: 1)
      let above = CumulativeFunctions.gammaQuantile(p, shape: 5000, scale: 1)
      #expect(above > below && above / below - 1 < 1e-6)
    }
  }
}
