import Evaluation
import Mathematics
import Testing

@Suite struct FrechetTests {
  @Test func statisticsAreTheDefinition() {
    // More than one block of samples, far from the origin.
    let features = gaussianMatrix(rows: 4, columns: 1100, seed: 1)
    var shifted = features
    for index in shifted.elements.indices { shifted.elements[index] += 1000 }
    let statistics = FeatureStatistics(of: shifted)
    func value(_ row: Int, _ column: Int) -> Double { Double(shifted[row, column]) }
    let mean = (0..<4).map { row in (0..<1100).reduce(0.0) { $0 + value(row, $1) } / 1100 }
    for i in 0..<4 {
      #expect(abs(statistics.mean[i] - mean[i]) < 1e-9)
      for j in 0..<4 {
        let covariance =
          (0..<1100).reduce(0.0) { $0 + (value(i, $1) - mean[i]) * (value(j, $1) - mean[j]) }
          / 1099
        #expect(abs(statistics.covariance[4 * i + j] - covariance) < 1e-9)
      }
    }
  }

  /// For diagonal covariances the distance is Σ (μ₁ − μ₂)² + Σ (σ₁ − σ₂)².
  @Test func axisAlignedGaussians() throws {
    let a = FeatureStatistics(mean: [1, 2, 3], covariance: [4, 0, 0, 0, 9, 0, 0, 0, 0])
    let b = FeatureStatistics(mean: [1, 0, 4], covariance: [1, 0, 0, 0, 16, 0, 0, 0, 25])
    #expect(abs(try FrechetDistance(reference: a).distance(to: b) - (5 + 1 + 1 + 25)) < 1e-9)
    #expect(abs(try FrechetDistance(reference: b).distance(to: a) - (5 + 1 + 1 + 25)) < 1e-9)
  }

  /// For two dimensions Tr (S₁S₂)^½ = √(Tr S₁S₂ + 2 √det S₁S₂), whether or not they commute.
  @Test func tiltedGaussians() throws {
    let (s1, s2) = ([2.0, 0.5, 0.5, 1.0], [1.0, -0.7, -0.7, 3.0])
    let trace = s1[0] * s2[0] + s1[1] * s2[2] + s1[2] * s2[1] + s1[3] * s2[3]
    let determinant = (s1[0] * s1[3] - s1[1] * s1[2]) * (s2[0] * s2[3] - s2[1] * s2[2])
    let root = (trace + 2 * determinant.squareRoot()).squareRoot()
    let expected = 1 + (2 + 1 + 1 + 3) - 2 * root
    let distance = try FrechetDistance(reference: FeatureStatistics(mean: [0, 0], covariance: s1))
      .distance(to: FeatureStatistics(mean: [0, 1], covariance: s2))
    #expect(abs(distance - expected) < 1e-9)
  }

  @Test func equalStatisticsHaveNoDistance() throws {
    let statistics = FeatureStatistics(of: gaussianMatrix(rows: 64, columns: 50, seed: 2))
    #expect(try FrechetDistance(reference: statistics).distance(to: statistics) < 1e-5)
  }
}
