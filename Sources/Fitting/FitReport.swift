import Foundation

/// A parameter with what the data says of it.
public struct FittedParameter: Sendable {
  public var name: String
  public var value: Double
  public var unit: String
  public var standardError: Double
  /// 95 % interval.
  public var interval: ClosedRange<Double>

  /// Whether the interval's half-width is below 20 % of the value.
  public var isDetermined: Bool {
    let half = (interval.upperBound - interval.lowerBound) / 2
    return half.isFinite && half < 0.2 * abs(value)
  }

  /// A parameter with a symmetric interval.
  ///
  /// - Parameter freedom: degrees of freedom of the standard error.
  public init(
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

  public init(
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
public struct FitFigure: Sendable {
  public var title: String
  public var xLabel: String
  public var yLabel: String
  public var isLogarithmicX = false
  public var isLogarithmicY = false
  /// Measured points and the fitted curve, each a list of (x, y).
  public var points: [(x: Double, y: Double)]
  public var curve: [(x: Double, y: Double)]

  public init(
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
public struct FitReport: Sendable {
  /// The kind of fit, such as `iv`.
  public var kind: String
  public var model: String
  public var parameters: [FittedParameter] = []
  /// Of the parameters' estimates, as far as the fit knows their covariance.
  public var correlations: [ParameterCorrelation] = []
  /// Named numbers, such as rows, devices and R².
  public var statistics: [(name: String, value: Double)] = []
  public var distributions: [(name: String, fits: [DistributionFit])] = []
  /// What a reader must know, plainly.
  public var notes: [String] = []
  public var figures: [FitFigure] = []

  public init(kind: String, model: String) {
    self.kind = kind
    self.model = model
  }

  /// The parameters the data does not determine.
  public var undetermined: [String] { parameters.filter { !$0.isDetermined }.map(\.name) }

  /// A named number, or nil.
  public func statistic(_ name: String) -> Double? { statistics.first { $0.name == name }?.value }
}
