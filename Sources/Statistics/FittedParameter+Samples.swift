import Foundation
import Mathematics

extension FittedParameter {
  /// A standard deviation, and its interval from χ² of so many degrees of freedom.
  package init(_ name: String, ofDeviation deviation: Double, freedom: Double, unit: String) {
    func end(_ probability: Double) -> Double {
      let square = CumulativeFunctions.gammaQuantile(probability, shape: freedom / 2, scale: 2)
      return square > 0 ? deviation * (freedom / square).squareRoot() : .infinity
    }
    let isKnown = freedom >= 1 && deviation.isFinite
    self.init(
      name, deviation, unit: unit,
      standardError: isKnown ? deviation / (2 * freedom).squareRoot() : .infinity,
      interval: isKnown ? end(0.975)...end(0.025) : 0...Double.infinity)
  }

  /// The mean of a population from some of its members, by Student's t.
  ///
  /// One member, or none, leaves the population's mean open: its interval is infinite.
  package init(_ name: String, meanOf values: [Double], unit: String) {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.init(
      name, mean, unit: unit,
      standardError: n > 1 ? (squares / (n - 1) / n).squareRoot() : .infinity,
      quantile: n > 1 ? StudentT.quantile(0.975, degrees: n - 1) : 1)
  }

  /// The geometric mean of positive numbers and what their logarithms' spread leaves open.
  package init(_ name: String, geometricMeanOf values: [Double], sign: Double = 1, unit: String) {
    let inner = FittedParameter("", meanOf: values.map { log($0) }, unit: "1")
    let ends = [inner.interval.lowerBound, inner.interval.upperBound].map { sign * exp($0) }
    self.init(
      name, sign * exp(inner.value), unit: unit,
      standardError: exp(inner.value) * inner.standardError,
      interval: min(ends[0], ends[1])...max(ends[0], ends[1]))
  }
}
