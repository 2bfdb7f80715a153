import Devices
import Foundation
import Mathematics

/// What a sweep says of a limit of its current: per polarity its largest current, and whether and where it
/// stayed there while the voltage went on.
///
/// `fit inspect` and the fits judge by the same summaries, so that both count the same points.
struct ComplianceSummary: Sendable {
  /// One polarity of a sweep.
  struct Side: Sendable {
    /// A, a magnitude.
    var largest = 0.0
    /// Points within ``ComplianceSummary/width`` of the largest.
    var points = 0
    /// Whether they hold a run at which the voltage moved on.
    var isPlateau = false
  }

  var positive = Side()
  var negative = Side()
  /// What the table says, A; NaN where it says nothing.
  var given: Double
  var operation: Int

  /// Share of the largest current within which a point is at the limit.
  static let width = 0.005
  /// Points of a plateau, at least.
  static let leastRun = 3

  init(_ sweep: Sweep) {
    given = sweep.compliance
    operation = sweep.operation
    guard sweep.voltages.count > 3 else { return }
    let highest = max(0, sweep.currents.max() ?? 0)
    let lowest = max(0, -(sweep.currents.min() ?? 0))
    // A polarity that is hardly driven is scatter, not a level; RESET peaks at several times the current
    // that SET was limited to.
    let least = 0.05 * max(highest, lowest)
    positive = Self.side(sweep, sign: 1, largest: highest, least: least)
    negative = Self.side(sweep, sign: -1, largest: lowest, least: least)
  }

  private static func side(
    _ sweep: Sweep, sign: Double, largest: Double, least: Double
  ) -> Side {
    var side = Side(largest: largest)
    guard largest > 0, largest >= least else { return side }
    let isNear = sweep.currents.map { sign * $0 > (1 - width) * largest }
    side.points = isNear.count { $0 }
    var run: [Int] = []
    for k in 0...isNear.count {
      if k < isNear.count, isNear[k] {
        run.append(k)
        continue
      }
      if run.count >= leastRun {
        let levels = run.map { abs(sweep.voltages[$0]) }
        let (low, high) = (levels.min() ?? 0, levels.max() ?? 0)
        // An ohmic current would have grown with the voltage.
        if high > 1.03 * low { side.isPlateau = true }
      }
      run = []
    }
    return side
  }
}

/// The levels at which an instrument held currents.
///
/// A level is what most sweeps of a setting share, or several sweeps to within
/// ``ComplianceSummary/width``; equal readings of one cell are no level.
struct SweepCompliance: Sendable {
  /// A, magnitudes, rising; per polarity, positive first.
  private(set) var levels: [[Double]] = [[], []]
  /// Sweeps at a level and their points there.
  private(set) var heldSweeps = 0
  private(set) var heldPoints = 0

  /// Sweeps that share a level within ``ComplianceSummary/width``, where they are not most of a setting.
  static let leastShared = 3

  init(_ summaries: [ComplianceSummary]) {
    let settings = Dictionary(grouping: summaries) {
      [$0.given.isNaN ? 0 : $0.given, Double($0.operation)]
    }
    for (place, side) in [\ComplianceSummary.positive, \.negative].enumerated() {
      var found: [Double] = []
      for (_, setting) in settings.sorted(by: { ($0.key[0], $0.key[1]) < ($1.key[0], $1.key[1]) }) {
        found += Self.levels(setting.map { $0[keyPath: side] }, given: setting[0].given)
      }
      levels[place] = found.sorted()
    }
    for summary in summaries {
      let points = self.points(summary)
      heldPoints += points
      if points > 0 { heldSweeps += 1 }
    }
  }

  /// How far an instrument's level may be from the one that the table says.
  private static let nominal = 0.05

  private static func levels(_ sides: [ComplianceSummary.Side], given: Double) -> [Double] {
    let plateaus = sides.filter(\.isPlateau).map(\.largest).sorted()
    var clusters: [[Double]] = []
    for level in plateaus {
      if let first = clusters.last?.first, level <= (1 + 2 * ComplianceSummary.width) * first {
        clusters[clusters.count - 1].append(level)
      } else {
        clusters.append([level])
      }
    }
    let stated = given > 0 ? [given] : []
    return stated
      + clusters.filter { cluster in
        guard let top = cluster.last else { return false }
        if given > 0, abs(top / given - 1) < nominal { return true }
        let (low, high) = (0.99 * cluster[0], 1.01 * top)
        // Most of the sweeps that get so far; a limit lets hardly any sweep of its setting beyond.
        let there = sides.count { $0.largest >= low && $0.largest <= high }
        let reaching = sides.count { $0.largest >= low }
        guard 2 * cluster.count > reaching else {
          return cluster.count >= leastShared && 2 * cluster.count > there
        }
        return 2 * cluster.count > sides.count || cluster.count >= leastShared
      }.compactMap(\.median)
  }

  /// ` of 100 µA`, or nothing.
  var text: String {
    let all = Set(levels[0] + levels[1]).sorted()
    guard !all.isEmpty else { return "" }
    return " of " + all.prefix(3).map { "\(Quantity($0, "A"))" }.joined(separator: ", ")
      + (all.count > 3 ? ", …" : "")
  }

  private func isHeld(_ side: ComplianceSummary.Side, _ place: Int) -> Bool {
    side.points > 0
      && levels[place].contains { abs(side.largest / $0 - 1) < 2 * ComplianceSummary.width }
  }

  private func points(_ summary: ComplianceSummary) -> Int {
    (isHeld(summary.positive, 0) ? summary.positive.points : 0)
      + (isHeld(summary.negative, 1) ? summary.negative.points : 0)
  }

  /// The points of a sweep at a level, however few.
  func points(of sweep: Sweep, _ summary: ComplianceSummary) -> Set<Int> {
    var found = Set<Int>()
    for (side, sign, place) in [(summary.positive, 1.0, 0), (summary.negative, -1.0, 1)]
    where isHeld(side, place) {
      let limit = (1 - ComplianceSummary.width) * side.largest
      found.formUnion(sweep.currents.indices.filter { sign * sweep.currents[$0] > limit })
    }
    return found
  }
}
