import Failures
import Foundation
import Mathematics
import Testing

@Suite("Nonlinear least squares")
struct LeastSquaresTests {
  private static func noise(_ n: Int, seed: UInt64) -> [Double] {
    Normal.draws(n, from: RandomStream(seed: seed, name: "noise"))
  }

  /// y = 3·e^(−2x) + 1 with noise 0.05.
  private static func decay(_ n: Int, seed: UInt64, outliers: Int = 0) -> CurveProblem {
    let noise = noise(n, seed: seed)
    let data = (0..<n).map { k -> Double in
      let x = 2 * Double(k) / Double(n)
      return 3 * exp(-2 * x) + 1 + 0.05 * noise[k] + (k % 17 == 5 && k / 17 < outliers ? 5 : 0)
    }
    return CurveProblem(parameterCount: 3, rowCount: n) { p, k in
      p[0] * exp(-p[1] * 2 * Double(k) / Double(n)) + p[2] - data[k]
    }
  }

  @Test func `Parameters lie in their intervals as often as these say`() throws {
    var covered = [0, 0, 0]
    for seed in 0..<100 {
      let fit = try LeastSquares.fit(
        Self.decay(60, seed: UInt64(seed)), start: [1, 1, 0], at: "test")
      for (k, truth) in [3.0, 2, 1].enumerated()
      where abs(fit.parameters[k] - truth) < 2.0 * fit.standardErrors[k] { covered[k] += 1 }
    }
    // Binomial(100, 0.95): 84 has a probability of about 1e-4.
    for count in covered { #expect(count >= 85) }
  }

  @Test func `Blockwise normal equations and the dense Jacobian agree`() throws {
    // 1.4 million rows of three columns are above the dense limit.
    let n = 1_400_000
    let large = try LeastSquares.fit(Self.decay(n, seed: 1), start: [1, 1, 0], at: "large")
    for (value, truth) in zip(large.parameters, [3.0, 2, 1]) { #expect(abs(value - truth) < 2e-3) }
    #expect(abs(large.scale - 0.05) < 5e-4)
    let small = try LeastSquares.fit(Self.decay(1000, seed: 1), start: [1, 1, 0], at: "small")
    // Standard errors fall with the root of the number of rows.
    let ratio = small.standardErrors[1] / large.standardErrors[1]
    #expect(abs(ratio / (Double(n) / 1000).squareRoot() - 1) < 0.2)
  }

  @Test func `The biweight names outliers and is not moved by them`() throws {
    let problem = Self.decay(200, seed: 3, outliers: 12)
    let fit = try LeastSquares.fit(problem, start: [1, 1, 0], loss: .biweight, at: "test")
    #expect(fit.outliers == (0..<12).map { 17 * $0 + 5 }.filter { $0 < 200 })
    for (k, truth) in [3.0, 2, 1].enumerated() {
      #expect(abs(fit.parameters[k] - truth) < 4 * fit.standardErrors[k])
    }
    let plain = try LeastSquares.fit(problem, start: [1, 1, 0], at: "test")
    #expect(abs(plain.parameters[2] - 1) > 10 * fit.standardErrors[2])
  }

  @Test func `What the rows do not fix is named`() throws {
    let noise = Self.noise(50, seed: 4)
    let problem = CurveProblem(parameterCount: 3, rowCount: 50) { p, k in
      (p[0] + p[1]) * Double(k) + p[2] - 2 * Double(k) - noise[k]
    }
    let fit = try LeastSquares.fit(problem, start: [0.5, 0.5, 0], at: "test")
    #expect(fit.undetermined == [0, 1])
    #expect(fit.standardErrors[0] == .infinity && fit.standardErrors[2].isFinite)
  }

  @Test func `Too few rows and a start that is not finite are refused`() {
    let few = CurveProblem(parameterCount: 3, rowCount: 3) { p, k in p[k] }
    #expect(throws: Failure.self) { try LeastSquares.fit(few, start: [1, 1, 1], at: "test") }
    let wild = CurveProblem(parameterCount: 1, rowCount: 9) { p, _ in log(p[0]) }
    #expect(throws: Failure.self) { try LeastSquares.fit(wild, start: [-1], at: "test") }
  }

  @Test func `A step to where the model is not a number is not taken for the end`() throws {
    // ln of a number that the first steps make negative.
    let data = (0..<40).map { log(5 - 0.1 * Double($0)) }
    let problem = CurveProblem(parameterCount: 2, rowCount: 40) { p, k in
      log(p[0] - p[1] * Double(k)) - data[k]
    }
    let fit = try LeastSquares.fit(problem, start: [60, 0.01], at: "test")
    #expect(abs(fit.parameters[0] - 5) < 1e-6 && abs(fit.parameters[1] - 0.1) < 1e-7)
    #expect(fit.residuals.allSatisfy { $0.isFinite })
  }
}
