import Studies
import Testing

@Suite("Statistics over seeds")
struct StatisticsTests {
  /// By hand: values 2, 4, 4, 6 have mean 4, s² = 8/3; t₀.₉₇₅(3) = 3.18244630528371.
  @Test func `Mean and interval`() throws {
    let summary = try #require(SampleSummary([2, 4, 4, 6]))
    #expect(summary.mean == 4)
    let deviation = (8.0 / 3).squareRoot()
    #expect(abs(try #require(summary.standardDeviation) - deviation) < 1e-15)
    #expect(abs(try #require(summary.halfWidth) - 3.18244630528371 * deviation / 2) < 1e-10)
  }

  @Test func `One value has no interval, none no mean`() {
    #expect(SampleSummary([]) == nil)
    #expect(SampleSummary([3])?.mean == 3)
    #expect(SampleSummary([3])?.halfWidth == nil)
  }

  /// By hand: differences 1, 2, 3 give t = 2/(1/√3) = 2√3 with 2 degrees of freedom, where the
  /// two-sided probability is 1 − t/√(2 + t²) = 1 − √(12/14).
  @Test func `Paired test`() throws {
    let test = try #require(PairedTest([(10, 11), (20, 22), (30, 33)]))
    #expect(test.difference.mean == 2)
    #expect(abs(test.t - 12.0.squareRoot()) < 1e-12)
    #expect(abs(test.p - (1 - (12.0 / 14).squareRoot())) < 1e-12)
  }

  @Test func `Differences without spread`() throws {
    #expect(try #require(PairedTest([(1, 1), (2, 2)])).p == 1)
    let shifted = try #require(PairedTest([(1, 0), (2, 1)]))
    #expect(shifted.t == -.infinity)
    #expect(shifted.p == 0)
    #expect(PairedTest([(1, 2)]) == nil)
  }

  /// Holm (1979) by hand: sorted 0.01, 0.02, 0.03, 0.2 times 4, 3, 2, 1, then never falling.
  @Test func `Adjustment for many tests`() {
    let adjusted = PairedTest.holm([0.03, 0.01, 0.2, 0.02])
    for (value, expected) in zip(adjusted, [0.06, 0.04, 0.2, 0.06]) {
      #expect(abs(value - expected) < 1e-15)
    }
    #expect(PairedTest.holm([0.6, 0.9]) == [1, 1])
  }

  @Test func `Pareto front`() {
    let points: [(x: Double, y: Double)] = [(1, 9), (2, 5), (3, 6), (4, 1), (2, 5), (1, 10)]
    #expect(ParetoFront.indices(points) == [0, 1, 4, 3])
    #expect(ParetoFront.indices([]).isEmpty)
  }
}
