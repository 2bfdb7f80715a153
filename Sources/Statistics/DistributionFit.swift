package import Failures
import Foundation
import Mathematics

/// A distribution fitted by maximum likelihood, with how well it describes the sample.
package struct DistributionFit: Sendable {
  package var family: DistributionFamily
  /// In the order of the family's names.
  package var parameters: [Double]
  /// From the observed information.
  package var standardErrors: [Double]
  package var logLikelihood: Double
  /// Akaike's criterion, 2k − 2 ln L.
  package var aic: Double
  /// Largest distance between empirical and fitted cumulative distribution.
  ///
  /// The parameters were fitted to the same sample, so tables of Kolmogorov's distribution do not apply.
  package var kolmogorovSmirnov: Double
  /// Anderson and Darling's A², which weighs the tails.
  package var andersonDarling: Double
  package var count: Int

  /// 95 % intervals; those of positive parameters are symmetric in the logarithm.
  package var intervals: [ClosedRange<Double>] {
    parameters.indices.map { i in
      let (value, error) = (parameters[i], standardErrors[i])
      guard error.isFinite else { return -Double.infinity...Double.infinity }
      guard family.isPositive[i] else { return value - 1.96 * error...value + 1.96 * error }
      let factor = exp(min(700, 1.96 * error / value))
      return value / factor...value * factor
    }
  }

  /// Fits one family.
  ///
  /// - Throws: ``Failure`` of kind `badData` for fewer than five values, equal values, a value that
  ///   is not finite or not positive where the family needs it, or a fit that does not converge.
  package init(
    _ family: DistributionFamily, to sample: [Double], at place: String
  ) throws(Failure) {
    try Self.check(sample, family, place)
    let start = Self.start(family, sample)
    let isPositive = family.isPositive
    let grid = ValueGrid(sample).width
    func natural(_ internalPoint: [Double]) -> [Double] {
      family.held(
        internalPoint.indices.map { isPositive[$0] ? exp(internalPoint[$0]) : internalPoint[$0] },
        to: grid)
    }
    func cost(_ point: [Double]) -> Double {
      let p = natural(point)
      return sample.reduce(0) { $0 - family.logDensity($1, p) }
    }
    let inner = start.indices.map { isPositive[$0] ? log(start[$0]) : start[$0] }
    let scale = Self.spread(sample)
    let steps = start.indices.map { isPositive[$0] ? 0.3 : 0.3 * max(scale, grid) }
    var point = inner
    if family != .normal && family != .logNormal {
      point = try SimplexMinimum.find(from: inner, steps: steps, at: place) { cost($0) }
      // A second start from the optimum guards against a collapsed simplex.
      point = try SimplexMinimum.find(from: point, steps: steps.map { $0 / 10 }, at: place) {
        cost($0)
      }
    }
    let errors = Self.errors(point, steps: steps.map { $0 * 3e-3 }, cost)
    self.family = family
    parameters = natural(point)
    let values = parameters
    standardErrors = errors.indices.map { isPositive[$0] ? errors[$0] * values[$0] : errors[$0] }
    logLikelihood = -cost(point)
    aic = 2 * Double(point.count) - 2 * logLikelihood
    count = sample.count
    let sorted = sample.sorted()
    let probabilities = sorted.map { min(max(family.cumulative($0, values), 1e-300), 1) }
    kolmogorovSmirnov = Self.kolmogorovSmirnov(probabilities)
    andersonDarling = Self.andersonDarling(
      probabilities, sorted.map { family == .normal ? 1 - family.cumulative($0, values) : nil })
  }

  /// All families that the sample admits, best first by Akaike's criterion.
  ///
  /// A family whose likelihood has no maximum there is left out.
  package static func all(of sample: [Double], at place: String) throws(Failure) -> [Self] {
    try check(sample, .normal, place)
    let isPositive = sample.allSatisfy { $0 > 0 }
    var fits: [Self] = []
    for family in DistributionFamily.allCases where isPositive || !family.needsPositive {
      if let fit = try? Self(family, to: sample, at: place), fit.aic.isFinite { fits.append(fit) }
    }
    guard !fits.isEmpty else {
      throw Failure(.badData, at: place, "no distribution can be fitted")
    }
    return fits.sorted { $0.aic < $1.aic }
  }
}

extension DistributionFit {
  private static func check(
    _ sample: [Double], _ family: DistributionFamily, _ place: String
  ) throws(Failure) {
    guard sample.count >= 5 else {
      throw Failure(
        .badData, at: place, "\(sample.count) values are too few for a distribution",
        remedy: "at least 5 are needed")
    }
    guard sample.allSatisfy(\.isFinite) else {
      throw Failure(.badData, at: place, "a value is not finite")
    }
    guard let lowest = sample.min(), let highest = sample.max(), lowest < highest else {
      throw Failure(.badData, at: place, "all values are equal: there is no spread to describe")
    }
    guard lowest > 0 || !family.needsPositive else {
      throw Failure(.badData, at: place, "\(family.rawValue) needs positive values")
    }
  }

  static func spread(_ sample: [Double]) -> Double {
    let n = Double(sample.count)
    let mean = sample.reduce(0, +) / n
    return (sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n).squareRoot()
  }

  /// Maximum-likelihood values where they are closed, moments otherwise.
  private static func start(_ family: DistributionFamily, _ sample: [Double]) -> [Double] {
    let values = family == .logNormal ? sample.map { log($0) } : sample
    let mean = values.reduce(0, +) / Double(values.count)
    let deviation = spread(values)
    switch family {
    case .normal, .logNormal: return [mean, deviation]
    case .weibull: return [mean, max(0.2, min(20, 1.2 * mean / deviation))]
    case .gamma:
      let shape = max(0.1, mean * mean / (deviation * deviation))
      return [shape, mean / shape]
    case .logistic: return [mean, deviation * 3.squareRoot() / Double.pi]
    case .studentT: return [mean, deviation * 0.8, 6]
    }
  }

  /// Standard errors from second differences of −ln L.
  private static func errors(
    _ point: [Double], steps: [Double], _ cost: ([Double]) -> Double
  ) -> [Double] {
    let n = point.count
    func shifted(_ i: Int, _ a: Double, _ j: Int, _ b: Double) -> Double {
      var p = point
      p[i] += a * steps[i]
      p[j] += b * steps[j]
      return cost(p)
    }
    var information = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in 0..<n {
        let mixed =
          shifted(i, 1, j, 1) - shifted(i, 1, j, -1) - shifted(i, -1, j, 1) + shifted(i, -1, j, -1)
        information[i * n + j] = mixed / (4 * steps[i] * steps[j])
      }
    }
    let inverse = InformationMatrix(information, size: n)
    return (0..<n).map {
      inverse.undetermined.contains($0)
        ? .infinity : max(0, inverse.inverse[$0 * n + $0]).squareRoot()
    }
  }

  private static func kolmogorovSmirnov(_ p: [Double]) -> Double {
    let n = Double(p.count)
    return p.indices.reduce(0) {
      max($0, max(Double($1 + 1) / n - p[$1], p[$1] - Double($1) / n))
    }
  }

  private static func andersonDarling(_ p: [Double], _ upper: [Double?]) -> Double {
    let n = p.count
    let sum = (0..<n).reduce(0.0) { sum, i in
      let mirrored = upper[n - 1 - i] ?? 1 - p[n - 1 - i]
      return sum + Double(2 * i + 1) * (log(p[i]) + log(max(mirrored, 1e-300)))
    }
    return -Double(n) - sum / Double(n)
  }
}
