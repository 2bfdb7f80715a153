import DigitalNetworks
import Foundation
import Mathematics
import Testing

@Suite struct OptimizerTests {
  /// More than one block of work, and not a multiple of a vector.
  let start = gaussianMatrix(rows: 1, columns: 70_001, seed: 1).elements

  func gradient(_ step: Int) -> [Float] {
    gaussianMatrix(rows: 1, columns: start.count, seed: UInt64(10 + step)).elements
  }

  /// The algorithm as printed, in double precision.
  @Test func adamIsTheDefinition() {
    var parameters = start
    var adam = Adam(count: start.count, rate: 0.01, beta1: 0.5, beta2: 0.999)
    var w = start.map(Double.init)
    var m = [Double](repeating: 0, count: w.count)
    var v = m
    for step in 1...4 {
      let slopes = gradient(step)
      adam.update(&parameters, gradient: slopes, scale: 0.25, workers: .one)
      let correction1 = 1 - pow(0.5, Double(step))
      let correction2 = 1 - pow(0.999, Double(step))
      for i in w.indices {
        let g = 0.25 * Double(slopes[i])
        m[i] = 0.5 * m[i] + 0.5 * g
        v[i] = 0.999 * v[i] + 0.001 * g * g
        w[i] -= 0.01 * (m[i] / correction1) / ((v[i] / correction2).squareRoot() + 1e-8)
      }
    }
    #expect(largestError(parameters, w) < 1e-6)
    #expect(largestError(adam.firstMoment, m) < 1e-6)
    #expect(largestError(adam.secondMoment, v) < 1e-6)
    #expect(adam.step == 4)
  }

  /// A slope of zero from the start moves nothing and leaves no NaN.
  @Test func adamLeavesAParameterWithoutSlope() {
    var parameters: [Float] = [1, 2]
    var adam = Adam(count: 2, rate: 0.1)
    adam.update(&parameters, gradient: [0, 1], workers: .one)
    #expect(parameters[0] == 1)
    #expect(abs(parameters[1] - 1.9) < 1e-6)
  }

  @Test func gradientDescentIsTheDefinition() {
    var parameters = start
    var descent = GradientDescent(rate: 0.1)
    let slopes = gradient(1)
    descent.update(&parameters, gradient: slopes, scale: 0.5, workers: .one)
    let expected = zip(start, slopes).map { Double($0) - 0.05 * Double($1) }
    #expect(largestError(parameters, expected) < 1e-6)
  }

  @Test func twoWorkersGiveTheSameBits() {
    var results: [[Float]] = []
    for workers in [Workers.one, Workers(count: 2)] {
      var adam = Adam(count: start.count, rate: 0.01)
      var descent = GradientDescent(rate: 0.1)
      var parameters = start
      for step in 1...3 {
        adam.update(&parameters, gradient: gradient(step), workers: workers)
        descent.update(&parameters, gradient: gradient(step), workers: workers)
      }
      results.append(parameters)
    }
    #expect(results[0] == results[1])
  }

  /// A copy of the state goes on with the same bits.
  @Test func adamContinuesFromItsState() {
    var parameters = start
    var adam = Adam(count: start.count, rate: 0.01)
    adam.update(&parameters, gradient: gradient(1), workers: .one)
    var resumed = Adam(count: start.count, rate: 0.01)
    resumed.step = adam.step
    resumed.firstMoment = adam.firstMoment
    resumed.secondMoment = adam.secondMoment
    var other = parameters
    adam.update(&parameters, gradient: gradient(2), workers: .one)
    resumed.update(&other, gradient: gradient(2), workers: .one)
    #expect(parameters == other)
  }
}
