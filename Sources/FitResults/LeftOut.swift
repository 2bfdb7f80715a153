import Foundation

/// What one rule left out of a table, and of how many.
package struct LeftOut: Sendable, Equatable {
  /// Why, as a reader needs it: `at the compliance of 100 µA`.
  package var rule: String
  /// What is counted: `points`, `sweeps`, `devices`, `SET ramps`.
  package var unit: String
  package var count: Int
  /// How many there were.
  package var of: Int
  /// Whether what is left out is lost data.
  ///
  /// What only belongs to another question, such as a SET pulse on
  /// a cell that is on already, is counted and stated but is no reason to refuse a fit.
  package var isLoss: Bool

  package init(_ rule: String, _ unit: String, count: Int, of: Int, isLoss: Bool = true) {
    self.rule = rule
    self.unit = unit
    self.count = count
    self.of = of
    self.isLoss = isLoss
  }

  /// `count` over `of`, 0 of none.
  package var share: Double { of > 0 ? Double(count) / Double(of) : 0 }

  /// `12 of 400 points (3.0 %): at the compliance`.
  package var text: String {
    "\(count) of \(of) \(unit) (\(Self.percent(share))): \(rule)"
  }

  private static func percent(_ share: Double) -> String {
    let value = 100 * share
    return value > 0 && value < 0.1 ? "below 0.1 %" : String(format: "%.1f %%", value)
  }
}

extension FitReport {
  /// What rules together left out of each unit, where it is more than a share.
  package func losses(above limit: Double) -> [LeftOut] {
    let groups = Dictionary(grouping: leftOut.filter { $0.isLoss && $0.count > 0 }, by: \.unit)
    return groups.sorted { $0.key < $1.key }.compactMap { unit, rules in
      let sum = LeftOut(
        rules.map { rules.count == 1 ? $0.rule : "\($0.count) \($0.rule)" }.joined(separator: ", "),
        unit, count: rules.reduce(0) { $0 + $1.count }, of: rules.map(\.of).max() ?? 0)
      return sum.share > limit ? sum : nil
    }
  }
}
