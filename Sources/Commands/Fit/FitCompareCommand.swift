import ArgumentParser
import Calibration
import Failures
import Files
import FitResults
import MeasuredTables
import Reports
import Runs

/// `fit compare`: two calibrations side by side.
struct FitCompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two calibrations: parameters, and what they predict where both hold.",
    discussion: """
      Differences count in standard errors where the files state them, as fitted ones do.

      Example:
        crossbar-gan fit compare nili2020 mine.toml
      """)

  @Argument(help: ArgumentHelp("Name of a calibration, or its file.", valueName: "A.toml"))
  var first: String

  @Argument(help: ArgumentHelp("The other.", valueName: "B.toml"))
  var second: String

  @Flag(help: "Print JSON, in SI units.")
  var json = false

  func run() throws {
    let (a, b) = (try Calibration.loadWithNotices(first), try Calibration.load(second))
    let comparison = CalibrationComparison(a, b)
    if json {
      Console.print(answer(comparison, a.name, b.name).line)
    } else {
      for line in text(comparison, a.name, b.name) { Console.print(line) }
    }
  }

  private func answer(_ comparison: CalibrationComparison, _ a: String, _ b: String) -> JSON {
    func number(_ value: Double?) -> JSON { value.map(JSON.number) ?? .null }
    func predictions(_ list: [CalibrationComparison.Prediction]) -> JSON {
      .list(
        list.map {
          [
            "conductance_S": .number($0.conductance), "voltage_V": .number($0.voltage),
            "width_s": number($0.width), "a": .number($0.a), "b": .number($0.b),
            "relative_difference": .number($0.relativeDifference),
          ]
        })
    }
    return [
      "a": .text(a), "b": .text(b),
      "parameters": .list(
        comparison.entries.map {
          [
            "key": .text($0.key), "unit": .text($0.unit), "a": number($0.values.a),
            "a_standard_error": number($0.errors.a), "b": number($0.values.b),
            "b_standard_error": number($0.errors.b),
            "relative_difference": number($0.relativeDifference), "sigmas": number($0.sigmas),
          ]
        }),
      "words": .list(
        comparison.words.map {
          ["key": .text($0.key), "a": .text($0.a ?? ""), "b": .text($0.b ?? "")]
        }),
      "currents_A": predictions(comparison.currents), "steps_S": predictions(comparison.steps),
      "notes": .list(comparison.notes.map(JSON.text)),
    ]
  }

  private func text(
    _ comparison: CalibrationComparison, _ a: String, _ b: String
  ) -> [String] {
    func short(_ value: Double?) -> String { value.map { NumberText.short($0) } ?? "-" }
    func interval(_ value: Double?, _ error: Double?) -> String {
      short(value) + (error.map { " ± \(NumberText.short(1.96 * $0, digits: 3))" } ?? "")
    }
    var table = AlignedTable(header: ["parameter", a, b, "unit", "difference", "sigmas"])
    for entry in comparison.entries where entry.values.a != entry.values.b {
      table.append([
        entry.key, interval(entry.values.a, entry.errors.a),
        interval(entry.values.b, entry.errors.b), entry.unit,
        entry.relativeDifference.map { NumberText.short(100 * $0, digits: 3) + " %" } ?? "-",
        short(entry.sigmas),
      ])
    }
    let same = comparison.entries.filter { $0.values.a == $0.values.b }.count
    var lines = table.lines + ["\(same) numbers are equal", ""]
    lines += comparison.words.map { "\($0.key): \($0.a ?? "-") | \($0.b ?? "-")" }
    for (name, list) in [("current", comparison.currents), ("step", comparison.steps)] {
      guard !list.isEmpty else { continue }
      let unit = name == "current" ? "A" : "S"
      var table = AlignedTable(header: [
        "conductance_S", "voltage_V", "\(a), \(unit)", "\(b), \(unit)", "difference",
      ])
      for point in list {
        table.append([
          short(point.conductance), short(point.voltage), short(point.a), short(point.b),
          NumberText.short(100 * point.relativeDifference, digits: 3) + " %",
        ])
      }
      lines += [""] + table.lines
      let largest = list.map(\.relativeDifference).max() ?? 0
      lines.append("largest difference of a \(name): \(NumberText.short(100 * largest)) %")
    }
    return lines + comparison.notes.map { "- \($0)" }
  }
}
