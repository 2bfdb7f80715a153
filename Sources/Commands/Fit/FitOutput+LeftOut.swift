import Failures
import Files
import FitResults
import Foundation
import Reports
import Runs
import Statistics

/// What rules left out of the data: stated, and no more of it than the limit.
extension FitOutputOptions {
  /// Refuses a fit whose rules left out too much, after saying what they left out.
  ///
  /// - Throws: ``Failure`` of kind `badData` that names the rules.
  func checkLeftOut(_ report: FitReport, table: TableOptions) throws(Failure) {
    let excess = report.losses(above: dropLimit.value)
    guard !excess.isEmpty else { return }
    if json {
      let answer: JSON = [
        "kind": .text(report.kind), "refused": .boolean(true),
        "left_out": Self.leftOutAnswer(report),
      ]
      Console.print(answer.line)
    } else {
      for line in Self.leftOutText(report) { Console.print(line) }
    }
    let words = excess.map { "\($0.text)" }.joined(separator: "; ")
    throw Failure(
      .badData, at: table.files.first ?? "table",
      "the fit would rest on what is left after leaving out \(words)",
      remedy: "look at `fit inspect` and the rules; --drop-limit X (now"
        + " \(NumberText.short(dropLimit.value))) allows more")
  }

  /// One line a rule that left out anything.
  static func leftOutText(_ report: FitReport) -> [String] {
    let rules = report.leftOut.filter { $0.count > 0 }
    return rules.isEmpty ? [] : ["left out:"] + rules.map { "  \($0.text)" } + [""]
  }

  /// `[{rule, unit, count, of, share}]`.
  static func leftOutAnswer(_ report: FitReport) -> JSON {
    .list(
      report.leftOut.map { rule in
        [
          "rule": .text(rule.rule), "unit": .text(rule.unit), "count": .integer(rule.count),
          "of": .integer(rule.of), "share": .number(rule.share), "counts": .boolean(rule.isLoss),
        ]
      })
  }
}
