package import Failures
import Foundation

/// Spread between groups and within them, from repeated values per group.
///
/// Values are μ + a_group + e with a ~ N(0, between²) and e ~ N(0, within²); restricted maximum
/// likelihood (Patterson and Thompson 1971), so that few groups do not bias the spread between them.
package struct VarianceComponents {
  package let mean: FittedParameter
  package let between: FittedParameter
  package let within: FittedParameter
  /// Of the two spreads; the mean is independent of both.
  package let correlations: [ParameterCorrelation]
  /// Standard deviation of the groups' means, which holds a share of the spread within them.
  package let deviationOfMeans: Double

  /// - Throws: ``Failure`` of kind `badData` for fewer than three groups with two values.
  package init(_ groups: [[Double]], unit: String, at place: String) throws(Failure) {
    let sizes = groups.map { Double($0.count) }
    guard groups.count >= 3, groups.allSatisfy({ $0.count >= 2 }) else {
      throw Failure(
        .badData, at: place,
        "\(groups.count) devices with repeated values are too few for a spread between devices",
        remedy: "measure at least three devices at least twice")
    }
    let means = zip(groups, sizes).map { $0.reduce(0, +) / $1 }
    let squares = zip(groups, means).reduce(0) { sum, pair in
      sum + pair.0.reduce(0) { $0 + ($1 - pair.1) * ($1 - pair.1) }
    }
    let freedom = sizes.reduce(0, +) - Double(groups.count)
    let centre = means.reduce(0, +) / Double(means.count)
    deviationOfMeans =
      (means.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(means.count - 1))
      .squareRoot()
    let pooled = (squares / freedom).squareRoot()
    guard pooled > 0 else {
      throw Failure(.badData, at: place, "repeated values are equal: there is no spread to fit")
    }
    func weights(_ point: [Double]) -> [Double] {
      let (b, w) = (exp(2 * point[0]), exp(2 * point[1]))
      return sizes.map { 1 / (b + w / $0) }
    }
    func cost(_ point: [Double]) -> Double {
      let w = weights(point)
      let total = w.reduce(0, +)
      let mean = zip(w, means).reduce(0) { $0 + $1.0 * $1.1 } / total
      var sum = freedom * point[1] + squares / (2 * exp(2 * point[1])) + log(total) / 2
      for k in means.indices {
        sum += w[k] * (means[k] - mean) * (means[k] - mean) / 2 - log(w[k]) / 2
      }
      return sum
    }
    let maximum = try LikelihoodMaximum(
      from: [log(max(deviationOfMeans, pooled / 10)), log(pooled)], steps: [0.3, 0.1], at: place,
      cost)
    let w = weights(maximum.point)
    let total = w.reduce(0, +)
    mean = FittedParameter(
      "mean", zip(w, means).reduce(0) { $0 + $1.0 * $1.1 } / total, unit: unit,
      standardError: 1 / total.squareRoot())
    between = FittedParameter("device_spread", of: maximum, 0, unit: unit, isLogarithm: true)
    within = FittedParameter("cycle_spread", of: maximum, 1, unit: unit, isLogarithm: true)
    correlations = maximum.correlations([between.name, within.name])
  }
}
