import ArgumentParser
import Failures
import Files
import MeasuredTables
import Reports
import Runs

/// `fit inspect`: what a description makes of files.
struct FitInspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Say what is in measured files: columns, ranges, sweeps, devices, suspicious rows.",
    discussion: """
      Example:
        crossbar-gan fit inspect data/*.csv --description Examples/cu-taox-pt-iv.toml
      """)

  @OptionGroup var table: TableOptions

  @Flag(help: "Print JSON, in SI units.")
  var json = false

  func run() throws {
    let inspection = try TableInspection(try table.reader())
    if json {
      Console.print(answer(inspection).line)
    } else {
      for line in text(inspection) { Console.print(line) }
    }
  }

  private func answer(_ inspection: TableInspection) -> JSON {
    let report = inspection.report
    return [
      "rows": .integer(report.rows), "files": .integer(report.sources.count),
      "sweeps": .integer(inspection.sweeps), "devices": .integer(report.devices.names.count),
      "cycles": .integer(report.cycles.names.count),
      "operations": .list(report.operations.names.map(JSON.text)),
      "quantities": .object(
        inspection.ranges.map {
          JSON.Member($0.quantity.header, JSON([$0.lowest, $0.highest]))
        }),
      "suspicions": .list(inspection.suspicions.map(JSON.text)),
    ]
  }

  private func text(_ inspection: TableInspection) -> [String] {
    let report = inspection.report
    var lines = [
      "\(report.rows) rows in \(report.sources.count) file(s);"
        + " \(report.devices.names.count) devices, \(report.cycles.names.count) cycles,"
        + " \(inspection.sweeps) sweeps"
    ]
    if !report.operations.names.isEmpty {
      lines.append("operations: " + report.operations.names.joined(separator: ", "))
    }
    var table = AlignedTable(header: ["column", "lowest", "highest"])
    for range in inspection.ranges {
      table.append([
        range.quantity.header, NumberText.short(range.lowest, digits: 6),
        NumberText.short(range.highest, digits: 6),
      ])
    }
    lines += table.lines
    lines += inspection.suspicions.map { "look: \($0)" }
    return lines
  }
}

extension TableOptions {
  func reader() throws(Failure) -> TableReader {
    TableReader(
      files: files,
      description: try description.map { path throws(Failure) in
        try TableDescription(path: path)
      } ?? .tidy)
  }
}
