import ArgumentParser
import Failures
import Files
import Foundation
import MeasuredTables
import Reports
import Runs

/// `fit inspect`: what a description makes of files.
struct FitInspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Say what is in measured files: columns, ranges, sweeps, devices, suspicious rows.",
    discussion: """
      Format, layout, columns and what had to be assumed are printed first. --write-description
      writes them down as a description of the first file, to be corrected where it is wrong.

      Examples:
        crossbar-gan fit inspect sweep.csv --write-description sweep.toml
        crossbar-gan fit inspect data/*.csv --description Examples/fit/cu-taox-pt-iv.toml
      """)

  @OptionGroup var table: TableOptions

  @Option(
    help: ArgumentHelp("Write down what was understood, as a description.", valueName: "FILE.toml"))
  var writeDescription: String?

  @Flag(help: "Overwrite FILE.toml of --write-description.")
  var force = false

  @Flag(help: "Print JSON, in SI units.")
  var json = false

  func run() throws {
    let reader = try table.reader()
    let inspection = try TableInspection(reader)
    if let writeDescription { try write(inspection.report, to: writeDescription) }
    if json {
      Console.print(answer(inspection).line)
    } else {
      for line in text(inspection) { Console.print(line) }
    }
  }

  /// Writes the description of the first file that was read.
  private func write(_ report: ReadReport, to path: String) throws(Failure) {
    guard table.description == nil else {
      throw Failure(
        .usage, at: "--write-description \(path)", "there is a description already",
        remedy: "leave --description out")
    }
    guard force || !FileManager.default.fileExists(atPath: path) else {
      throw Failure(
        .cannotCreate, at: path, "exists already", remedy: "pass --force to overwrite it")
    }
    guard let first = report.understandings.first else { return }
    try AtomicFile.write(try first.text(), to: path)
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
      "left_out": .list(
        report.leftOut.map {
          ["file": .text($0.path), "reason": .text($0.reason.description)]
        }),
      "rows_left_out": .list(
        report.droppedRows.map {
          [
            "rule": .text($0.rule), "count": .integer($0.count), "of": .integer($0.of),
            "counts": .boolean($0.isLoss),
          ]
        }),
      "understood": .list(report.understandings.map(Self.understood)),
    ]
  }

  private static func understood(_ one: TableUnderstanding) -> JSON {
    [
      "file": .text(one.path), "format": .text(one.format.rawValue), "layout": .text(one.layout),
      "columns": .list(
        one.columns.map {
          ["name": .text($0.name), "quantity": $0.quantity.map { .text($0.rawValue) } ?? .null]
        }),
      "notes": .list(one.notes.map(JSON.text)),
    ]
  }

  private func text(_ inspection: TableInspection) -> [String] {
    let report = inspection.report
    var lines = report.provenance
    lines.append(
      "\(report.rows) rows in \(report.sources.count) file(s);"
        + " \(report.devices.names.count) devices, \(report.cycles.names.count) cycles,"
        + " \(inspection.sweeps) sweeps"
    )
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
