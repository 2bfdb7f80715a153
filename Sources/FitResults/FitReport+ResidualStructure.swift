import Foundation
package import Statistics

extension FitReport {
  /// States what the runs test says of residuals along an abscissa.
  ///
  /// - Parameter reservation: what else than a wrong form looks like this.
  package mutating func add(
    _ structure: ResidualStructure, along abscissa: String, reservation: String? = nil
  ) {
    guard let z = structure.z, let probability = structure.probability else { return }
    let correlation = structure.lagCorrelation
    statistics += [
      ("residual_runs_z", z), ("residual_runs_p", probability),
      ("residual_lag_1_correlation", correlation),
    ]
    guard z < ResidualStructure.limit,
      structure.runs < (1 - ResidualStructure.leastShare) * structure.expected
    else { return }
    notes.append(
      String(
        format: "residuals are autocorrelated along the %@: %.0f runs of one sign where independent"
          + " residuals have %.0f (z = %.1f, lag-1 correlation %.2f): the form leaves structure, and"
          + " standard errors that assume independent residuals are too small",
        abscissa, structure.runs, structure.expected, z, correlation)
        + (reservation.map { "; \($0)" } ?? ""))
  }
}
