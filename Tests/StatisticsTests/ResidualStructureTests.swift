import Foundation
import Mathematics
import Statistics
import Testing

@Suite("Residual structure and correlations")
struct ResidualStructureTests {
  private func runs(_ values: [Double]) -> ResidualStructure {
    var structure = ResidualStructure()
    structure.add(values)
    return structure
  }

  /// Every order of four residuals of one sign and three of the other, counted one by one.
  @Test func `Expected runs and their variance are those of all orders`() throws {
    var counts: [Double] = []
    for pattern in 0..<128 where (0..<7).filter({ pattern >> $0 & 1 == 1 }).count == 4 {
      let signs = (0..<7).map { pattern >> $0 & 1 == 1 }
      counts.append(1 + Double((1..<7).filter { signs[$0] != signs[$0 - 1] }.count))
    }
    let mean = counts.reduce(0, +) / Double(counts.count)
    let variance = counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(counts.count)
    var structure = ResidualStructure()
    for _ in 0..<2 { structure.add([1, 2, 3, 4, -1, -2, -3]) }
    #expect(abs(structure.expected - 2 * mean) < 1e-12)
    let z = (4 - 2 * mean) / (2 * variance).squareRoot()
    #expect(abs(try #require(structure.z) - z) < 1e-12)
  }

  @Test func `Independent residuals have none, smooth and alternating ones have`() throws {
    var (below, sum) = (0, 0.0)
    for seed in 0..<200 {
      let draws = Normal.draws(60, from: RandomStream(seed: UInt64(seed), name: "residuals"))
      let z = try #require(runs(draws).z)
      sum += z
      if z < -1.645 { below += 1 }
    }
    // The mean of 200 z is known to 0.07, and 10 of them lie below the 5 % point.
    #expect(abs(sum / 200) < 0.28)
    #expect(below >= 1 && below <= 25, "\(below)")
    let smooth = runs((0..<60).map { sin(Double($0) / 8) })
    #expect(try #require(smooth.z) < -5 && smooth.lagCorrelation > 0.8)
    let alternating = runs((0..<60).map { $0 % 2 == 0 ? 1.0 : -1 })
    #expect(try #require(alternating.z) > 5 && alternating.lagCorrelation < -0.9)
  }

  @Test func `Correlations follow from a covariance, and leave out what is open`() {
    let covariance = [4, 3, 0, 3, 9, 0, 0, 0, 0.0]
    let found = ParameterCorrelation.all(["a", "b", "c"], covariance: covariance)
    #expect(found == [ParameterCorrelation(first: "a", second: "b", value: 0.5)])
    #expect(
      ParameterCorrelation.all(["a", "b", "c"], covariance: covariance, without: [1]).isEmpty)
    // a + b and a − b: variances 19 and 7, covariance −5.
    let turned = ParameterCorrelation.transformed(
      covariance: [4, 3, 3, 9], by: [[1, 1], [1, -1]])
    #expect(turned == [19, -5, -5, 7])
  }

  @Test func `The curvature of a quadratic is its covariance`() throws {
    // −ln L = xᵀA x / 2 with A the inverse of ((1, −0.8·2), (−0.8·2, 4)).
    let (sx, sy, r) = (1.0, 2.0, -0.8)
    let maximum = try LikelihoodMaximum(from: [0.5, 0.5], steps: [1, 1], at: "test") { p in
      let (x, y) = (p[0] / sx, p[1] / sy)
      return (x * x - 2 * r * x * y + y * y) / (2 * (1 - r * r))
    }
    let found = try #require(maximum.correlations(["x", "y"]).first)
    #expect(abs(found.value - r) < 1e-6)
    #expect(abs(maximum.curvature.inverse[3] - 4) < 1e-5)
  }
}
