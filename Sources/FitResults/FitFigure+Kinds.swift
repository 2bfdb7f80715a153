import Foundation
package import Statistics

/// The figures that every kind of fit has use for.
extension FitFigure {
  /// Points drawn at most: the eye sees no more, and the page stays small.
  static let pointLimit = 2000

  /// Every so manyth point, so that no more than the limit remain.
  package static func thinned(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    guard points.count > pointLimit else { return points }
    let step = Double(points.count) / Double(pointLimit)
    return (0..<pointLimit).map { points[Int(Double($0) * step)] }
  }

  /// Residuals against what they belong to, around zero.
  package static func residuals(
    _ points: [(x: Double, y: Double)], xLabel: String, yLabel: String
  ) -> FitFigure {
    let thin = thinned(points)
    let ends = [thin.map(\.x).min(), thin.map(\.x).max()].compactMap { $0 }
    return FitFigure(
      title: "Residuals", xLabel: xLabel, yLabel: yLabel, points: thin,
      curve: ends.map { ($0, 0) })
  }

  /// Empirical against fitted cumulative distribution.
  package static func distribution(
    of sample: [Double], fit: DistributionFit, label: String
  ) -> FitFigure {
    let sorted = sample.sorted()
    let n = Double(sorted.count)
    let points = thinned(sorted.enumerated().map { ($1, (Double($0) + 0.5) / n) })
    return FitFigure(
      title: "Distribution of \(label): \(fit.family.rawValue)", xLabel: label,
      yLabel: "share below",
      points: points,
      curve: points.map { ($0.x, fit.family.cumulative($0.x, fit.parameters)) })
  }

  /// Measured against fitted quantiles: a straight line when the family describes the sample.
  package static func quantiles(
    of sample: [Double], fit: DistributionFit, label: String
  ) -> FitFigure {
    let sorted = sample.sorted()
    let n = Double(sorted.count)
    let points = thinned(sorted.enumerated().map { ((Double($0) + 0.5) / n, $1) }).map {
      (fit.family.quantile($0.x, fit.parameters), $0.y)
    }
    let ends = [points.first?.0, points.last?.0].compactMap { $0 }
    return FitFigure(
      title: "Q–Q plot of \(label): \(fit.family.rawValue)", xLabel: "fitted quantile of \(label)",
      yLabel: "measured quantile", points: points, curve: ends.map { ($0, $0) })
  }
}
