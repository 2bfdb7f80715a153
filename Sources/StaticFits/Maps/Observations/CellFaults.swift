import Foundation
import Mathematics
import Statistics

/// Cells of a map that are no sample of its population.
///
/// Dead: no conductance, or far below what row and column lead to expect; stuck: far above. Far is
/// six robust standard deviations of ln G around the two-way medians while that sets aside at most
/// 2 % of the cells. Where it sets aside more, the map is a mixture of states, and only cells 30
/// times beyond its 1 % and 99 % quantiles count.
package struct CellFaults: Sendable {
  package struct Limits: Sendable {
    /// Siemens below and above which a cell is dead or stuck whatever its neighbours.
    package var dead: Double?
    package var stuck: Double?

    package init(dead: Double? = nil, stuck: Double? = nil) {
      self.dead = dead
      self.stuck = stuck
    }
  }

  /// Places in the map, row by row.
  package private(set) var dead: [Int] = []
  package private(set) var stuck: [Int] = []
  /// How they were recognised.
  package private(set) var rule: String
  /// Share of cells beyond six robust standard deviations, when that is a mixture.
  package private(set) var mixtureShare: Double?
  /// ln G, NaN where a cell is dead, stuck or absent.
  package private(set) var logarithms: [Double]

  static let deviations = 6.0
  static let mixtureLimit = 0.02

  package init(_ map: ConductanceMap, limits: Limits = Limits()) {
    let values = map.conductances
    logarithms = values.map { $0 > 0 ? log($0) : .nan }
    let polish = MedianPolish(logarithms, rows: map.rows, columns: map.columns)
    let far = Self.deviations * polish.robustSpread
    let present = SortedSample(logarithms)
    let beyond = polish.residuals.filter { abs($0) > far }.count
    let isMixture = Double(beyond) > Self.mixtureLimit * Double(present.values.count)
    var low = -Double.infinity
    var high = Double.infinity
    if isMixture, let ends = present.ends(settingAside: 100) {
      mixtureShare = Double(beyond) / Double(present.values.count)
      low = ends.low - log(30)
      high = ends.high + log(30)
    }
    rule =
      isMixture
      ? "beyond 30 times the 1 % and 99 % quantiles"
      : "beyond 6 robust standard deviations of ln G around row and column"
    if limits.dead != nil || limits.stuck != nil { rule += ", and the limits given" }
    for index in values.indices where !values[index].isNaN {
      let residual = polish.residuals[index]
      if values[index] <= (limits.dead ?? 0) || logarithms[index] < low
        || !isMixture && residual < -far
      {
        dead.append(index)
      } else if values[index] >= limits.stuck ?? .infinity || logarithms[index] > high
        || !isMixture && residual > far
      {
        stuck.append(index)
      }
    }
    for index in dead + stuck { logarithms[index] = .nan }
  }
}
