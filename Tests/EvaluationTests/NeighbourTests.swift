import Evaluation
import Mathematics
import Testing

@Suite struct NeighbourTests {
  static func balls(_ features: Matrix, workers: Workers = .one) -> NeighbourBalls {
    let centre = [Double](repeating: 0.1, count: features.rows)
    let points = PointSet(features, count: features.columns, centre: centre)
    return NeighbourBalls(points, workers: workers)
  }

  static func squaredDistance(_ a: Matrix, _ i: Int, _ b: Matrix, _ j: Int) -> Double {
    (0..<a.rows).reduce(0) {
      let difference = Double(a[$1, i]) - Double(b[$1, j])
      return $0 + difference * difference
    }
  }

  static func squaredRadius(_ a: Matrix, _ i: Int) -> Double {
    (0..<a.columns).filter { $0 != i }.map { squaredDistance(a, i, a, $0) }.sorted()[4]
  }

  /// Sizes beyond one tile in both directions, against every pair in double precision.
  @Test(arguments: [(7, 6), (300, 1_100)])
  func metricsAreTheDefinition(realCount: Int, fakeCount: Int) {
    let real = gaussianMatrix(rows: 3, columns: realCount, seed: 1)
    var fake = gaussianMatrix(rows: 3, columns: fakeCount, seed: 2)
    for index in fake.elements.indices { fake.elements[index] = 0.5 * fake.elements[index] + 0.7 }
    let realRadii = (0..<realCount).map { Self.squaredRadius(real, $0) }
    let fakeRadii = (0..<fakeCount).map { Self.squaredRadius(fake, $0) }
    var (precise, recalled, covered) = (Set<Int>(), Set<Int>(), Set<Int>())
    var pairs = 0
    for i in 0..<realCount {
      for j in 0..<fakeCount {
        let distance = Self.squaredDistance(real, i, fake, j)
        if distance < realRadii[i] {
          pairs += 1
          precise.insert(j)
          covered.insert(i)
        }
        if distance < fakeRadii[j] { recalled.insert(i) }
      }
    }
    let metrics = NeighbourMetrics(
      real: Self.balls(real), fake: Self.balls(fake), workers: .one)
    #expect(metrics.precision == Double(precise.count) / Double(fakeCount))
    #expect(metrics.recall == Double(recalled.count) / Double(realCount))
    #expect(metrics.density == Double(pairs) / Double(5 * fakeCount))
    #expect(metrics.coverage == Double(covered.count) / Double(realCount))
  }

  @Test func radiiReachTheFifthNeighbour() {
    let points = gaussianMatrix(rows: 64, columns: 1_100, seed: 3)
    let radii = PointSet(points, count: 1_100, centre: [Double](repeating: 0, count: 64))
      .squaredRadii(k: 5, workers: .one)
    for index in stride(from: 0, to: 1_100, by: 37) {
      let expected = Self.squaredRadius(points, index)
      #expect(abs(Double(radii[index]) - expected) < 1e-5 * expected)
    }
  }

  /// Expected coverage 1 − 2⁻⁵; 2,000 nearly independent balls spread by 0.004.
  @Test func equalDistributionsHaveTheExpectedCoverage() {
    let metrics = NeighbourMetrics(
      real: Self.balls(gaussianMatrix(rows: 64, columns: 2_000, seed: 4)),
      fake: Self.balls(gaussianMatrix(rows: 64, columns: 2_000, seed: 5)), workers: .one)
    #expect(abs(metrics.coverage - 0.969) < 0.016)
    #expect(abs(metrics.density - 1) < 0.1)
  }

  /// Copies of one point are no neighbourhood: nothing lies inside a ball of radius zero.
  @Test func repeatedPointRecallsNothing() {
    let real = gaussianMatrix(rows: 64, columns: 500, seed: 6)
    var fake = Matrix(rows: 64, columns: 500)
    for row in 0..<64 { for column in 0..<500 { fake[row, column] = real[row, 17] } }
    let metrics = NeighbourMetrics(
      real: Self.balls(real), fake: Self.balls(fake), workers: .one)
    #expect(metrics.precision == 1)
    #expect(metrics.recall == 0)
    #expect(metrics.coverage < 0.1)
  }

  @Test func twoWorkersGiveTheSameBits() {
    let real = gaussianMatrix(rows: 64, columns: 700, seed: 7)
    let fake = gaussianMatrix(rows: 64, columns: 700, seed: 8)
    let results = [Workers.one, Workers(count: 2)].map {
      NeighbourMetrics(
        real: Self.balls(real, workers: $0), fake: Self.balls(fake, workers: $0), workers: $0)
    }
    #expect(results[0] == results[1])
    #expect(
      Self.balls(real).squaredRadii == Self.balls(real, workers: Workers(count: 2)).squaredRadii)
  }
}
