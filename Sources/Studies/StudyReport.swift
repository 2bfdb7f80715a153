package import Failures
import Files
import Foundation
import Reports
import Runs

/// A study's results as a folder that needs no network: a page, tables, plots and sample sheets.
///
///     index.html      the page
///     conditions.csv  mean, deviation and 95 % interval per condition and quantity
///     comparisons.csv paired tests between conditions that differ on one axis
///     runs.csv        final values of every run
///     epochs.csv      every epoch of every run
///     plots/          gnuplot scripts with their data, and SVG images when gnuplot is installed
///     sheets/         the last sample sheet of one run per condition
package struct StudyReport {
  let folder: StudyFolder
  let grid: StudyGrid
  let records: [RunRecord]
  let table: ConditionTable
  /// Of every quantity that has any.
  let comparisons: [ConditionTable.Comparison]

  /// Reads a study's folder.
  ///
  /// - Throws: ``Failure``: `noInput` when there is no study or no finished run.
  package init(of folder: StudyFolder) throws(Failure) {
    self.folder = folder
    grid = try folder.loadGrid()
    records = folder.records(of: grid)
    guard records.contains(where: { $0.status == .finished }) else {
      throw Failure(
        .noInput, at: folder.path, "no run of the study is finished",
        remedy: "see: crossbar-gan study status \(folder.path)")
    }
    let table = ConditionTable(records)
    self.table = table
    comparisons = table.quantities.flatMap { table.comparisons(of: $0) }
  }

  /// The page's name in the report's folder.
  package static let page = "index.html"

  /// Writes the report.
  ///
  /// - Returns: lines a user should know, such as a missing gnuplot.
  /// - Throws: ``Failure`` of kind `cannotCreate` or `inputOutput`.
  package func write(to path: String) throws(Failure) -> [String] {
    for name in ["plots", "sheets"] { try OutputFolder.create(name, in: path) }
    try writeTables(to: path)
    let sheets = try copySheets(to: path)
    let plots = StudyPlots(table: table)
    let (images, notice) = try plots.write(to: "\(path)/plots")
    let page = ReportPage(report: self, sheets: sheets, images: images, plotNotice: notice)
    try AtomicFile.write(page.html, to: "\(path)/\(Self.page)", links: .replaced)
    return notice.map { [$0] } ?? []
  }

  /// The last sheet of the first finished run of each condition, by the condition's number.
  private func copySheets(to path: String) throws(Failure) -> [Int: String] {
    var names: [Int: String] = [:]
    for condition in table.conditions {
      guard let run = condition.runs.first else { continue }
      let sheet = folder.run(run.point.id).sheet(epoch: run.completedEpochs)
      guard FileManager.default.fileExists(atPath: sheet) else { continue }
      let name = "sheets/\(run.point.id).png"
      try AtomicFile.write(
        try InputFile.rawBytes(of: sheet), to: "\(path)/\(name)", links: .replaced)
      names[condition.number] = name
    }
    return names
  }
}

// MARK: - Tables

extension StudyReport {
  private func writeTables(to path: String) throws(Failure) {
    try conditionsTable.write(to: "\(path)/conditions.csv")
    try comparisonsTable.write(to: "\(path)/comparisons.csv")
    try runsTable.write(to: "\(path)/runs.csv")
    try epochsTable.write(to: "\(path)/epochs.csv")
  }

  private var axes: [String] { grid.axes.map(\.name) }
  private var conditionAxes: [String] { axes.filter { !GridAxis.isReplicate($0) } }

  private var conditionsTable: CSVTable {
    var csv = CSVTable(
      header: ["number"] + conditionAxes
        + ["quantity", "runs", "mean", "standard_deviation", "low_95", "high_95"])
    for condition in table.conditions {
      for quantity in table.quantities {
        guard let summary = condition.summary(quantity) else { continue }
        csv.append(
          [String(condition.number)] + condition.labels.map(\.value) + [
            quantity, String(summary.count), CSV.cell(summary.mean),
            CSV.cell(summary.standardDeviation),
            CSV.cell(summary.halfWidth.map { summary.mean - $0 }),
            CSV.cell(summary.halfWidth.map { summary.mean + $0 }),
          ])
      }
    }
    return csv
  }

  private var comparisonsTable: CSVTable {
    var csv = CSVTable(header: [
      "quantity", "axis", "first", "second", "pairs", "second_minus_first", "low_95", "high_95",
      "t",
      "p", "p_holm",
    ])
    for comparison in comparisons {
      let difference = comparison.test.difference
      csv.append([
        comparison.quantity, comparison.axis, comparison.first.title, comparison.second.title,
        String(difference.count), CSV.cell(difference.mean),
        CSV.cell(difference.halfWidth.map { difference.mean - $0 }),
        CSV.cell(difference.halfWidth.map { difference.mean + $0 }),
        CSV.cell(comparison.test.t), CSV.cell(comparison.test.p),
        CSV.cell(comparison.adjusted),
      ])
    }
    return csv
  }

  private var runsTable: CSVTable {
    var csv = CSVTable(
      header: ["id"] + axes + ["status", "message", "epochs", "diverged_epoch", "wall_s"]
        + table.quantities)
    for record in records {
      csv.append(
        [record.point.id] + record.point.labels.map(\.value) + [
          record.status.rawValue, record.message ?? "", String(record.completedEpochs),
          record.divergedEpoch.map(String.init) ?? "", CSV.cell(record.wallSeconds),
        ] + table.quantities.map { CSV.cell(record.final($0)) })
    }
    return csv
  }

  private var epochsTable: CSVTable {
    var columns: [String] = []
    for column in records.flatMap(\.columns) where !columns.contains(column) {
      columns.append(column)
    }
    var csv = CSVTable(header: ["id"] + columns)
    for record in records {
      let places = columns.map { record.columns.firstIndex(of: $0) }
      for row in record.rows {
        csv.append([record.point.id] + places.map { CSV.cell($0.flatMap { row[$0] }) })
      }
    }
    return csv
  }
}
