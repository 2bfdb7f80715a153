import Foundation
package import Statistics

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
  /// What names and notes of single members begin with, such as `trace 3.`, where the report states
  /// what the members have in common as well; empty otherwise.
  package var members: [String] = []
  /// Named numbers, such as rows, devices and R².
  package var statistics: [(name: String, value: Double)] = []
  package var distributions: [(name: String, fits: [DistributionFit])] = []
  /// What a reader must know, plainly.
  package var notes: [String] = []
  package var figures: [FitFigure] = []
  /// What rules left out of the data.
  package var leftOut: [LeftOut] = []

  package init(kind: String, model: String) {
    self.kind = kind
    self.model = model
  }

  /// Whether a parameter, statistic or note is of a single member.
  package func isDetail(_ name: String) -> Bool { members.contains { name.hasPrefix($0) } }

  /// The report without what is of single members.
  package var withoutDetails: FitReport {
    var rest = self
    rest.parameters.removeAll { isDetail($0.name) }
    rest.correlations.removeAll { isDetail($0.first) || isDetail($0.second) }
    rest.statistics.removeAll { isDetail($0.name) }
    rest.distributions.removeAll { isDetail($0.name) }
    rest.notes.removeAll { isDetail($0) }
    return rest
  }

  /// The parameters the data does not determine.
  package var undetermined: [String] { parameters.filter { !$0.isDetermined }.map(\.name) }

  /// A named number, or nil.
  package func statistic(_ name: String) -> Double? { statistics.first { $0.name == name }?.value }
}
