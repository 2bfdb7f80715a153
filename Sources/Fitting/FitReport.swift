import Foundation

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

/// Points of a figure of a report.
package struct FitFigure: Sendable {
  package var title: String
  package var xLabel: String
  package var yLabel: String
  package var isLogarithmicX = false
  package var isLogarithmicY = false
  /// Measured points and the fitted curve, each a list of (x, y).
  package var points: [(x: Double, y: Double)]
  package var curve: [(x: Double, y: Double)]

  package init(
    title: String, xLabel: String, yLabel: String, points: [(x: Double, y: Double)],
    curve: [(x: Double, y: Double)], isLogarithmicX: Bool = false, isLogarithmicY: Bool = false
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.points = points
    self.curve = curve
    self.isLogarithmicX = isLogarithmicX
    self.isLogarithmicY = isLogarithmicY
  }
}

/// What a fit found, and how far to trust it.
package struct FitReport: Sendable {
  /// The kind of fit, such as `iv`.
  package var kind: String
  package var model: String
  package var parameters: [FittedParameter] = []
  /// Of the parameters' estimates, as far as the fit knows their covariance.
  package var correlations: [ParameterCorrelation] = []
  /// Named numbers, such as rows, devices and R².
  package var statistics: [(name: String, value: Double)] = []
  package var distributions: [(name: String, fits: [DistributionFit])] = []
  /// What a reader must know, plainly.
  package var notes: [String] = []
  package var figures: [FitFigure] = []

  package init(kind: String, model: String) {
    self.kind = kind
    self.model = model
  }

  /// The parameters the data does not determine.
  package var undetermined: [String] { parameters.filter { !$0.isDetermined }.map(\.name) }

  /// A named number, or nil.
  package func statistic(_ name: String) -> Double? { statistics.first { $0.name == name }?.value }
}
