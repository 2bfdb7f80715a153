import Foundation
import Mathematics

/// Whether residuals are autocorrelated along a curve: what noise alone leaves is independent from point
/// to point, and what a wrong form leaves is not.
///
/// Runs of residuals of one sign are counted (Wald and Wolfowitz 1940). Given n₊ and n₋ of either
/// sign, independent ones make 1 + 2n₊n₋/n runs with a variance of 2n₊n₋(2n₊n₋ − n)/(n²(n − 1)); both
/// are summed over curves. Signs only: outliers and unequal errors do not matter.
package struct ResidualStructure: Sendable {
  package private(set) var runs = 0.0
  package private(set) var expected = 0.0
  private var variance = 0.0
  private var points = 0
  private var products = 0.0
  private var pairs = 0.0
  private var squares = 0.0

  /// Points below which runs say nothing.
  static let fewest = 8
  /// z below which structure is stated: one in two thousand by chance.
  package static let limit = -3.29
  /// Share of the expected runs that must be missing for a note: in a million residuals a structure
  /// far below the noise is beyond doubt, and of no consequence.
  package static let leastShare = 0.05

  package init() {}

  /// Adds the residuals of one curve, in the order of its abscissa and in units of their error.
  package mutating func add(_ residuals: [Double]) {
    let values = residuals.filter { $0.isFinite && $0 != 0 }
    let n = Double(values.count)
    guard n > 1 else { return }
    let positive = Double(values.count { $0 > 0 })
    let product = 2 * positive * (n - positive)
    let neighbours = zip(values, values.dropFirst())
    runs += 1 + Double(neighbours.reduce(0) { $0 + (($1.0 > 0) != ($1.1 > 0) ? 1 : 0) })
    expected += 1 + product / n
    variance += product * (product - n) / (n * n * (n - 1))
    points += values.count
    products += neighbours.reduce(0) { $0 + $1.0 * $1.1 }
    pairs += n - 1
    squares += values.reduce(0) { $0 + $1 * $1 }
  }

  package mutating func add(_ other: Self) {
    runs += other.runs
    expected += other.expected
    variance += other.variance
    points += other.points
    products += other.products
    pairs += other.pairs
    squares += other.squares
  }

  /// Runs beyond the expected ones in standard deviations, negative where residuals are autocorrelated;
  /// nil for too few points.
  package var z: Double? {
    points >= Self.fewest && variance > 0 ? (runs - expected) / variance.squareRoot() : nil
  }

  /// Probability of as few runs by chance.
  package var probability: Double? { z.map { Normal.cumulative($0) } }

  /// Correlation of neighbouring residuals.
  package var lagCorrelation: Double {
    squares > 0 ? products / pairs / (squares / Double(points)) : 0
  }
}
