package import Failures
import Files
import Foundation
import Reports

/// `metrics.csv`: a row per epoch, always a whole file.
///
/// Each row replaces the file atomically, so that whatever ends the process leaves complete rows.
package struct MetricsFile: Equatable, Sendable {
  /// Path of the file; its folder must exist when a row is added.
  package let path: String
  private let header: String
  private var rows: [String] = []

  /// A file without rows; nothing is written before the first.
  package init(path: String, columns: [String]) {
    self.path = path
    header = CSV.row(columns)
  }

  /// Number of rows.
  package var count: Int { rows.count }

  /// The spelling of a row's cells: empty for what JSON calls `null`, which has no number.
  static func cells(_ values: [JSON]) -> [String] {
    values.map(\.line).map { $0 == "null" ? "" : $0 }
  }

  /// Adds the row of the next epoch.
  package mutating func append(_ cells: [String]) throws(Failure) {
    rows.append(CSV.row(cells))
    try write()
  }

  private func write() throws(Failure) {
    try AtomicFile.write(
      ([header] + rows).joined(separator: "\n") + "\n", to: path, links: .replaced)
  }
}

extension MetricsFile {
  /// Reads back the rows of the epochs up to `epoch` and drops later ones, from the file as well.
  ///
  /// - Throws: ``Failure`` of kind `badData` when the file is not what this program wrote, or lacks
  ///   the row of an epoch before the last.
  package mutating func restore(through epoch: Int) throws(Failure) {
    rows = []
    guard FileManager.default.fileExists(atPath: path) else {
      guard epoch <= 1 else { throw missingRow(1) }
      return
    }
    let lines = try InputFile.text(of: path).split(separator: "\n").map(String.init)
    guard lines.first == header else {
      throw Failure(
        .badData, at: "\(path):1", "has other columns than this program writes",
        remedy: "start a new run")
    }
    for (index, line) in lines.dropFirst().enumerated() {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      guard cells.first == "\(index + 1)", cells.count == header.split(separator: ",").count else {
        throw Failure(
          .badData, at: "\(path):\(index + 2)", "is not the row of epoch \(index + 1)",
          remedy: "start a new run")
      }
    }
    let found = lines.count - 1
    // Only the last epoch may be cut between its checkpoint and its row.
    guard found >= epoch - 1 else { throw missingRow(found + 1) }
    rows = Array(lines.dropFirst().prefix(epoch))
    if found > epoch { try write() }
  }

  /// The first row without a number in one of the columns, counted from 1.
  func firstRow(lacking columns: [String]) -> Int? {
    let places = header.split(separator: ",").enumerated().filter { columns.contains("\($0.1)") }
    return rows.firstIndex { row in
      let cells = row.split(separator: ",", omittingEmptySubsequences: false)
      return places.contains { $0.offset < cells.count && cells[$0.offset].isEmpty }
    }.map { $0 + 1 }
  }

  /// The numbers of a column, epoch by epoch; nil for empty cells.
  func numbers(of column: String) -> [Double?] {
    let names = header.split(separator: ",")
    guard let place = names.firstIndex(where: { $0 == column }) else { return [] }
    return rows.map { row in
      Double(row.split(separator: ",", omittingEmptySubsequences: false)[place])
    }
  }

  private func missingRow(_ epoch: Int) -> Failure {
    Failure(
      .badData, at: path, "has no row of epoch \(epoch)",
      remedy: "restore the file, or start a new run")
  }
}
