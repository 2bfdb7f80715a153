package import Failures
import FitResults
import Foundation
package import MeasuredTables

/// Conductances of an array by row and column; several readings of a cell are averaged in ln G.
package struct ConductanceMap: Sendable {
  /// Addresses of the rows and columns in rising order.
  package var rowAddresses: [Int]
  package var columnAddresses: [Int]
  /// Siemens, row by row: NaN where there is no reading, 0 where a cell reads no conductance.
  package var conductances: [Double]
  /// Readings that went into it.
  package var readings = 0
  /// What was left out of the table, and what a reader of it should know.
  private(set) var leftOut: [LeftOut] = []
  private(set) var notes: [String] = []

  package var rows: Int { rowAddresses.count }
  package var columns: Int { columnAddresses.count }

  /// Cells above which a map is refused.
  static let cellLimit = 1 << 22

  package init(rowAddresses: [Int], columnAddresses: [Int], conductances: [Double]) {
    self.rowAddresses = rowAddresses
    self.columnAddresses = columnAddresses
    self.conductances = conductances
    readings = conductances.reduce(0) { $0 + ($1.isNaN ? 0 : 1) }
  }

  private static func wrongAddress(_ cause: String, at place: String) -> Failure {
    Failure(
      .badData, at: place, cause,
      remedy: "rows and columns are whole numbers from 0; decode addresses with floor and %")
  }

  private static func tooFew(_ rows: Int, by columns: Int, at place: String) -> Failure {
    Failure(
      .badData, at: place, "\(rows) rows × \(columns) columns are too few for a map",
      remedy: "at least 4 × 4 cells are needed to tell rows, columns and cells apart")
  }

  private struct Cell {
    var sum = 0.0
    var count = 0
    var readings = 0
  }

  /// Reads a table with row, column and conductance, resistance, or voltage and current.
  ///
  /// - Throws: ``Failure`` of kind `badData` when columns are missing, an address is no whole
  ///   number, or less than half of the spanned cells were read.
  package init(_ reader: TableReader) throws(Failure) {
    var cells: [Int: Cell] = [:]
    var trouble: String?
    let shift = 1 << 24
    var lost = 0
    let report = try reader.readRows(deriving: [.conductance]) { (row) throws(Failure) in
      guard let i = Int(exactly: row[.row]), let j = Int(exactly: row[.column]),
        (0..<shift).contains(i), (0..<shift).contains(j)
      else {
        if !row[.row].isNaN && !row[.column].isNaN {
          trouble = "row \(row[.row]), column \(row[.column]) is no address"
        }
        return
      }
      let conductance = Self.conductance(row)
      guard conductance.isFinite else {
        lost += 1
        return
      }
      var cell = cells[i * shift + j] ?? Cell()
      cell.readings += 1
      if conductance > 0 {
        cell.sum += log(conductance)
        cell.count += 1
      }
      cells[i * shift + j] = cell
    }
    let place = report.sources.first?.path ?? "table"
    try report.requireMap()
    if let trouble { throw Self.wrongAddress(trouble, at: place) }
    rowAddresses = Set(cells.keys.map { $0 / shift }).sorted()
    columnAddresses = Set(cells.keys.map { $0 % shift }).sorted()
    guard rowAddresses.count >= 4, columnAddresses.count >= 4 else {
      throw Self.tooFew(rowAddresses.count, by: columnAddresses.count, at: place)
    }
    let (total, overflow) = rowAddresses.count.multipliedReportingOverflow(
      by: columnAddresses.count)
    guard !overflow, total <= Self.cellLimit, 2 * cells.count >= total else {
      throw Failure(
        .badData, at: place,
        "\(cells.count) cells in \(rowAddresses.count) rows and \(columnAddresses.count) columns"
          + " are no full array",
        remedy: "check how the description decodes row and column")
    }
    leftOut =
      [LeftOut("without a conductance", "rows", count: lost, of: report.rows)]
      + LeftOut.rules(of: report)
    notes = report.suspicions
    conductances = Array(repeating: .nan, count: total)
    let rowPlaces = Dictionary(uniqueKeysWithValues: rowAddresses.enumerated().map { ($1, $0) })
    let columnPlaces = Dictionary(
      uniqueKeysWithValues: columnAddresses.enumerated().map { ($1, $0) })
    for (key, cell) in cells {
      guard let i = rowPlaces[key / shift], let j = columnPlaces[key % shift] else { continue }
      conductances[i * columnAddresses.count + j] =
        cell.count > 0 ? exp(cell.sum / Double(cell.count)) : 0
      readings += cell.readings
    }
  }

  /// Conductance of a row of the table, NaN when it has none.
  static func conductance(_ row: MeasuredRow) -> Double {
    if !row[.conductance].isNaN { return row[.conductance] }
    if !row[.resistance].isNaN { return row[.resistance] > 0 ? 1 / row[.resistance] : .nan }
    return row[.voltage] != 0 ? row[.current] / row[.voltage] : .nan
  }

  /// Whether the addresses of an axis are equally spaced.
  static func isRegular(_ addresses: [Int]) -> Bool {
    guard addresses.count > 2 else { return true }
    let step = addresses[1] - addresses[0]
    return (1..<addresses.count).allSatisfy { addresses[$0] - addresses[$0 - 1] == step }
  }
}

extension ReadReport {
  /// Refuses a table without addresses or without anything that gives a conductance.
  fileprivate func requireMap() throws(Failure) {
    let hasReading =
      quantities.contains(.conductance) || quantities.contains(.resistance)
      || quantities.contains(.voltage) && quantities.contains(.current)
    try require([.row, .column] + (hasReading ? [] : [.conductance]), for: "a map")
  }
}
