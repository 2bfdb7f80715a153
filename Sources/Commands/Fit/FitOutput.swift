import Calibration
import Failures
import Files
import FitResults
import Foundation
import MeasuredTables
import Reports
import Runs
import Statistics

/// What a fit leaves behind: a calibration, a report, and a table or JSON on standard output.
extension FitOutputOptions {
  /// Prints the report, then says what of the files that were asked for could not be written.
  ///
  /// A fit may have taken minutes: a section that the data does not determine, or a folder that cannot
  /// be made, discards nothing of it.
  ///
  /// - Parameters:
  ///   - enter: puts the fit into a draft; its second argument is the source of the numbers.
  ///   - assumed: the draft for a name when there is no base.
  /// - Throws: ``Failure``, after printing, of the first file that was not written.
  func finish(
    _ report: FitReport, table: TableOptions,
    _ enter: (inout CalibrationDraft, String) throws(Failure) -> Void,
    assumed: (String) throws(Failure) -> CalibrationDraft
  ) throws(Failure) {
    try checkLeftOut(report, table: table)
    var report = report
    try report.nameUndefined(at: table.files.first ?? "")
    var failure: Failure?
    if let out {
      do throws(Failure) {
        try write(report, table: table, to: out, enter, assumed: assumed)
        report.notes.append("written to \(out)")
      } catch {
        report.notes.append("\(out) is not written: \(error.cause)")
        failure = error
      }
    }
    if let folder = self.report {
      do throws(Failure) {
        try ReportFolder(report).write(to: folder)
      } catch {
        report.notes.append("no report in \(folder): \(error.cause)")
        failure = failure ?? error
      }
    }
    if json {
      Console.print(Self.answer(report).line)
    } else {
      for line in Self.text(report, details: details) { Console.print(line) }
    }
    if let failure { throw failure }
  }

  private func write(
    _ report: FitReport, table: TableOptions, to out: String,
    _ enter: (inout CalibrationDraft, String) throws(Failure) -> Void,
    assumed: (String) throws(Failure) -> CalibrationDraft
  ) throws(Failure) {
    guard out.hasSuffix(".toml") else {
      throw Failure(.usage, at: "--out \(out)", "is no .toml file")
    }
    let name = ((out as NSString).lastPathComponent as NSString).deletingPathExtension
    var draft: CalibrationDraft
    if let base {
      draft = CalibrationDraft(from: try Calibration.loadWithNotices(base))
      draft.provenance.name = name
    } else {
      draft = try assumed(name)
    }
    let files = table.files.map { ($0 as NSString).lastPathComponent }
    let listed = files.count > 3 ? "\(files.count) files" : files.joined(separator: ", ")
    try enter(&draft, "fit \(report.kind) of \(listed)")
    draft.provenance.notes = try provenance(report, table)
    try AtomicFile.write(try draft.text(name: out), to: out)
  }

  /// Files with their hashes, command, date and versions.
  private func provenance(_ report: FitReport, _ table: TableOptions) throws(Failure) -> String {
    let command = CommandLine.arguments.dropFirst().joined(separator: " ")
    let date = ISO8601DateFormatter().string(from: Date())
    var lines = [
      "Fitted on \(date) by crossbar-gan \(Versions.program): crossbar-gan \(command)."
    ]
    if let base { lines.append("Sections not fitted are those of \(base).") }
    for path in table.files.prefix(40) {
      lines.append("\((path as NSString).lastPathComponent) \(try TableReader.digest(of: path))")
    }
    if table.files.count > 40 { lines.append("and \(table.files.count - 40) more files") }
    lines += report.leftOut.filter { $0.count > 0 }.map { "left out: \($0.text)" } + report.notes
    return lines.joined(separator: "\n")
  }

  static func answer(_ report: FitReport) -> JSON {
    let parameters = report.parameters.map { parameter -> JSON.Member in
      JSON.Member(
        parameter.name,
        [
          "value": .number(parameter.value), "unit": .text(parameter.unit),
          "standard_error": .number(parameter.standardError),
          "interval": JSON([parameter.interval.lowerBound, parameter.interval.upperBound]),
          "determined": .boolean(parameter.isDetermined),
        ])
    }
    let distributions = report.distributions.map { entry -> JSON.Member in
      JSON.Member(
        entry.name,
        .list(
          entry.fits.map { fit in
            [
              "family": .text(fit.family.rawValue),
              "parameters": .object(
                zip(fit.family.parameterNames, fit.parameters).map {
                  JSON.Member($0, .number($1))
                }),
              "standard_errors": JSON(fit.standardErrors), "aic": .number(fit.aic),
              "kolmogorov_smirnov": .number(fit.kolmogorovSmirnov),
              "anderson_darling": .number(fit.andersonDarling), "count": .integer(fit.count),
            ]
          }))
    }
    return [
      "kind": .text(report.kind), "model": .text(report.model),
      "parameters": .object(parameters),
      "correlations": .list(
        report.correlations.map {
          ["parameters": [.text($0.first), .text($0.second)], "value": .number($0.value)]
        }),
      "left_out": leftOutAnswer(report),
      "statistics": .object(report.statistics.map { JSON.Member($0.name, .number($0.value)) }),
      "distributions": .object(distributions), "notes": .list(report.notes.map(JSON.text)),
    ]
  }

  /// Members of a report that are shown one by one without `--details`.
  private static let fewMembers = 3

  /// The report as people read it.
  ///
  /// - Parameter details: shows what is of single members, however many they are.
  static func text(_ whole: FitReport, details: Bool = true) -> [String] {
    var report = whole
    var lines = ["\(report.kind): \(report.model)", ""]
    if !details, report.members.count > fewMembers {
      report = report.withoutDetails
      lines[0] += " (summary; --details shows every part)"
    }
    if !report.parameters.isEmpty {
      var table = AlignedTable(header: ["parameter", "value", "± 95 %", "unit", "determined"])
      for parameter in report.parameters {
        let text = ParameterText(parameter)
        table.append([
          parameter.name, text.value, text.interval, text.unit,
          parameter.isDetermined ? "yes" : "no",
        ])
      }
      lines += table.lines
      if !report.undetermined.isEmpty {
        lines.append("determined: no = 95 % interval wider than 20 % of the value to either side")
      }
      lines.append("")
    }
    lines += leftOutText(report)
    lines += correlationText(report)
    for entry in report.distributions {
      var table = AlignedTable(header: [entry.name, "parameters", "AIC", "KS", "AD"])
      for fit in entry.fits {
        let values = zip(fit.family.parameterNames, fit.parameters).map {
          "\($0) \(NumberText.short($1))"
        }
        table.append([
          fit.family.rawValue, values.joined(separator: ", "), NumberText.short(fit.aic, digits: 6),
          NumberText.short(fit.kolmogorovSmirnov), NumberText.short(fit.andersonDarling),
        ])
      }
      lines += table.lines + [""]
    }
    lines += report.statistics.map { "\($0.name) = \(NumberText.short($0.value, digits: 6))" }
    return lines + [""] + report.notes.map { "- \($0)" }
  }

  /// The strong correlations alone: all pairs would be many lines, and are in --json.
  private static func correlationText(_ report: FitReport) -> [String] {
    guard !report.correlations.isEmpty else { return [] }
    let strong = report.correlations.filter(\.isStrong).sorted { abs($0.value) > abs($1.value) }
    let limit = NumberText.short(ParameterCorrelation.strong)
    guard !strong.isEmpty else {
      return ["correlations of parameters: none beyond ±\(limit)", ""]
    }
    let shown = strong.prefix(shownCorrelations).map {
      "  \($0.first), \($0.second): \(String(format: "%+.3f", $0.value))"
    }
    let rest = strong.count - shown.count
    return ["correlations of parameters beyond ±\(limit):"] + shown
      + (rest > 0 ? ["  and \(rest) more; --json lists all"] : []) + [""]
  }

  private static let shownCorrelations = 12
}
