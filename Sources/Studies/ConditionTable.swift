import Foundation

/// The runs of a study gathered by condition: what a report says, as values.
package struct ConditionTable: Sendable {
  /// In the order of the grid, numbered from 1.
  package let conditions: [Condition]
  /// Names of everything measured, quality first and hardware after it.
  package let quantities: [String]

  /// A point of the grid without its repetitions.
  package struct Condition: Sendable {
    /// From 1; plots and tables share it.
    package let number: Int
    /// Position on every axis but the repeating ones.
    package let labels: [StudyPoint.Label]
    /// Finished runs, one per repetition.
    package let runs: [RunRecord]
    /// Runs the grid has for this condition.
    package let planned: Int

    /// Such as `noise=gaussian`.
    package var title: String { StudyPoint.title(labels) }

    /// Finished runs with a loss that is not finite.
    package var diverged: Int { runs.filter { $0.divergedEpoch != nil }.count }

    /// Mean and interval over the runs that have the quantity.
    package func summary(_ quantity: String) -> SampleSummary? {
      SampleSummary(runs.compactMap { $0.final(quantity) })
    }
  }

  /// Gathers records in the order of the grid.
  package init(_ records: [RunRecord]) {
    var order: [[StudyPoint.Label]] = []
    var groups: [[StudyPoint.Label]: [RunRecord]] = [:]
    for record in records {
      let labels = record.point.condition
      if groups[labels] == nil { order.append(labels) }
      groups[labels, default: []].append(record)
    }
    conditions = order.enumerated().map { index, labels in
      let group = groups[labels] ?? []
      return Condition(
        number: index + 1, labels: labels, runs: group.filter { $0.status == .finished },
        planned: group.count)
    }
    quantities = Self.quantities(conditions.flatMap(\.runs))
  }

  private static func quantities(_ runs: [RunRecord]) -> [String] {
    var names: [String] = []
    for run in runs {
      for name in run.qualityColumns + run.ledger.keys.sorted() where !names.contains(name) {
        names.append(name)
      }
    }
    // Columns that no run has a number for say nothing.
    return names.filter { name in runs.contains { $0.final(name) != nil } }
  }
}

extension ConditionTable {
  /// Two conditions that differ on one axis, compared on the seeds they share.
  package struct Comparison: Sendable {
    /// The condition that is subtracted.
    package let first: Condition
    /// The condition it is subtracted from, later in the grid.
    package let second: Condition
    /// The axis they differ on.
    package let axis: String
    /// Name of what is compared, one of ``quantities``.
    package let quantity: String
    /// Student's test of second minus first over the seeds that both have finished.
    package let test: PairedTest
    /// Adjusted over all comparisons of the quantity; see ``PairedTest/holm(_:)``.
    package let adjusted: Double

    /// Whether the difference stands out from the spread between seeds at 5 %.
    package var isSignificant: Bool { adjusted < 0.05 }
  }

  /// All comparisons of a quantity between conditions that differ on exactly one axis.
  package func comparisons(of quantity: String) -> [Comparison] {
    var found: [(first: Condition, second: Condition, axis: String, test: PairedTest)] = []
    for (index, first) in conditions.enumerated() {
      for second in conditions[(index + 1)...] {
        let axes = zip(first.labels, second.labels).filter { $0 != $1 }.map(\.0.axis)
        guard axes.count == 1, let axis = axes.first,
          let test = PairedTest(Self.pairs(first, second, quantity))
        else { continue }
        found.append((first, second, axis, test))
      }
    }
    return zip(found, PairedTest.holm(found.map(\.test.p))).map { pair, adjusted in
      Comparison(
        first: pair.first, second: pair.second, axis: pair.axis, quantity: quantity,
        test: pair.test, adjusted: adjusted)
    }
  }

  private static func pairs(
    _ first: Condition, _ second: Condition, _ quantity: String
  ) -> [(first: Double, second: Double)] {
    first.runs.compactMap { run in
      guard let partner = second.runs.first(where: { $0.point.replicate == run.point.replicate }),
        let one = run.final(quantity), let other = partner.final(quantity)
      else { return nil }
      return (one, other)
    }
  }

  /// The conditions that no other beats in mean energy and mean Fréchet distance, by energy.
  package var paretoFront: [Condition] {
    let measured = conditions.compactMap { condition -> (Condition, x: Double, y: Double)? in
      guard let energy = condition.summary("energy_total_J"),
        let frechet = condition.summary("frechet")
      else { return nil }
      return (condition, energy.mean, frechet.mean)
    }
    return ParetoFront.indices(measured.map { ($0.x, $0.y) }).map { measured[$0].0 }
  }
}
