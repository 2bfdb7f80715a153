package import Failures
import FitResults
import Foundation
import Statistics

/// Maps of programmed chips: cells of several states.
extension MapFit {
  /// Share of the cells from which a population is no handful of outliers.
  private static let leastShare = 0.02
  /// Ratio of neighbouring medians from which rows and columns alone make no two populations.
  private static let leastRatio = 3.0

  /// The populations that the cells fall into; nil for one.
  ///
  /// Effects of rows or columns can part the cells, too: where what they leave is one population, the
  /// medians have to be far apart.
  static func populations(
    _ faults: CellFaults, residuals: [Double], at place: String
  ) throws(Failure) -> StatesFit? {
    let logarithms = faults.logarithms.filter { !$0.isNaN }
    guard let levels = levels(of: logarithms), levels.count > 1 else { return nil }
    let gaps = zip(levels, levels.dropFirst()).map { $1 - $0 }
    let rest = Self.levels(of: residuals.filter { !$0.isNaN })?.count ?? 1
    guard rest > 1 || gaps.contains(where: { $0 > log(leastRatio) }) else { return nil }
    let states = try StatesFit(
      StateReadings(cells: logarithms.map { exp($0) }), at: place)
    return states.isParted ? states : nil
  }

  /// Centres of the levels of values that hold enough of them.
  private static func levels(of values: [Double]) -> [Double]? {
    let mixture = GaussianMixture(values, floor: ValueGrid(values).width / 12.squareRoot())
    return mixture?.levels.compactMap { level in
      let weight = level.reduce(0) { $0 + $1.weight }
      guard weight >= leastShare else { return nil }
      return level.reduce(0) { $0 + $1.weight * $1.mean } / weight
    }
  }

  mutating func enterPopulations(_ states: StatesFit) {
    report.parameters = states.report.parameters
    report.figures = states.report.figures
    report.distributions = states.report.distributions
    report.leftOut = leftOut
    report.statistics =
      [
        ("rows", Double(map.rows)), ("columns", Double(map.columns)),
        ("readings", Double(map.readings)),
      ] + states.report.statistics
    report.notes =
      ["several populations: one mean and one spread would describe none of them"]
      + states.report.notes
  }

  /// The failure that stands for the single mean that was asked for.
  package var refusal: Failure? {
    guard let populations else { return nil }
    let words = populations.summary.joined(separator: ", ")
    return Failure(
      .badData, at: "map",
      "the cells are of \(populations.summary.count) populations (\(words)): one mean and one spread"
        + " describe none of them",
      remedy:
        "`fit states` writes them as states; a `where` in a description picks the cells of one")
  }

  /// Cells set aside, by rule.
  var leftOut: [LeftOut] {
    let read = map.conductances.count { !$0.isNaN }
    return [
      LeftOut("dead: \(faults.rule)", "cells", count: faults.dead.count, of: read),
      LeftOut("stuck: \(faults.rule)", "cells", count: faults.stuck.count, of: read),
    ]
  }
}
