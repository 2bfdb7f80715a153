package import Failures
package import FitResults
import Foundation
package import MeasuredTables
package import NodalAnalysis

extension WireReadout {
  /// Devices above which an array is refused.
  static let cellLimit = 1 << 16

  /// Reads a table with column, voltage, current and, where given, row and conductance.
  ///
  /// - Parameters:
  ///   - rows: word lines of the array, needed where the table has no row.
  ///   - report: takes what was left out and how the files were understood.
  /// - Throws: ``Failure`` of kind `badData` when columns are missing, addresses are no whole
  ///   numbers, or conductances are known for a part of the devices only.
  package init(
    _ reader: TableReader, rows given: Int? = nil, left report: inout FitReport
  ) throws(Failure) {
    var readings: [Reading] = []
    var known: [Int: Double] = [:]
    var trouble: String?
    let shift = 1 << 20
    var lost = 0
    let read = try reader.readRows { (row) throws(Failure) in
      let hasRow = !row[.row].isNaN
      guard let j = Int(exactly: row[.column]), (0..<shift).contains(j) else {
        if !row[.column].isNaN { trouble = "column \(row[.column]) is no address" }
        return
      }
      var place: Int?
      if hasRow {
        guard let i = Int(exactly: row[.row]), (0..<shift).contains(i) else {
          trouble = "row \(row[.row]) is no address"
          return
        }
        place = i
        if row[.conductance] >= 0 { known[i * shift + j] = row[.conductance] }
      }
      guard row[.voltage].isFinite, row[.voltage] != 0, row[.current].isFinite else {
        lost += 1
        return
      }
      readings.append(
        Reading(row: place, column: j, voltage: row[.voltage], current: row[.current]))
    }
    let path = read.sources.first?.path ?? "table"
    try read.require([.column, .voltage, .current], for: "a read-out")
    if let trouble {
      throw Failure(
        .badData, at: path, trouble, remedy: "rows and columns are whole numbers from 0")
    }
    report.leftOut.append(
      LeftOut("without a voltage and a current", "rows", count: lost, of: read.rows))
    report.add(read)
    guard !readings.isEmpty else {
      throw Failure(.badData, at: path, "no reading has a voltage other than zero")
    }
    let rowCount = max(given ?? 0, (readings.compactMap(\.row).max() ?? -1) + 1)
    let columnCount = (readings.map(\.column).max() ?? 0) + 1
    try Self.check(rows: rowCount, columns: columnCount, known: known.count, at: path)
    self.init(rows: rowCount, columns: columnCount, readings: readings)
    if !known.isEmpty {
      conductances = (0..<rowCount * columnCount).map {
        known[$0 / columnCount * shift + $0 % columnCount] ?? 0
      }
    }
  }

  /// Refuses arrays of unknown or forbidden size, and conductances of a part of the devices.
  private static func check(
    rows: Int, columns: Int, known: Int, at path: String
  ) throws(Failure) {
    guard rows > 0 else {
      throw Failure(
        .badData, at: path, "the table has no row: how many word lines there are is not known",
        remedy: "pass --rows N")
    }
    guard rows * columns <= Self.cellLimit else {
      throw Failure(
        .badData, at: path, "\(rows) × \(columns) devices are too many",
        remedy: "at most \(Self.cellLimit); measure a part of the array")
    }
    guard known == 0 || known == rows * columns else {
      throw Failure(
        .badData, at: path,
        "conductances of \(known) of \(rows * columns) devices are known",
        remedy: "give all, or leave the column out for devices that are all alike")
    }
  }
}
