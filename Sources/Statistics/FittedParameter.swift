/// A parameter with what the data says of it.
package struct FittedParameter: Sendable {
  package var name: String
  package var value: Double
  package var unit: String
  package var standardError: Double
  /// 95 % interval.
  package var interval: ClosedRange<Double>

  /// Whether the interval's half-width is below 20 % of the value.
  package var isDetermined: Bool {
    let half = (interval.upperBound - interval.lowerBound) / 2
    return half.isFinite && half < 0.2 * abs(value)
  }

  /// A parameter with a symmetric interval.
  ///
  /// - Parameter freedom: degrees of freedom of the standard error.
  package init(
    _ name: String, _ value: Double, unit: String, standardError: Double, quantile: Double = 1.96
  ) {
    self.name = name
    self.value = value
    self.unit = unit
    self.standardError = standardError
    let half = quantile * standardError
    // A number that came to nothing determines nothing.
    interval =
      value.isFinite && half.isFinite
      ? value - half...value + half : -Double.infinity...Double.infinity
  }

  package init(
    _ name: String, _ value: Double, unit: String, standardError: Double,
    interval: ClosedRange<Double>
  ) {
    self.name = name
    self.value = value
    self.unit = unit
    self.standardError = standardError
    self.interval = interval
  }
}
