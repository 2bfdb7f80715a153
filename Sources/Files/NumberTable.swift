package import Failures
import Foundation

/// A rectangle of numbers from a CSV file, or for one.
package struct NumberTable: Sendable {
  package let rows: Int
  package let columns: Int
  /// Row by row.
  package let values: [Double]

  package init(rows: Int, columns: Int, values: [Double]) {
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// Reads bare numbers separated by commas; a first line that is not numbers is a header.
  ///
  /// - Throws: `Failure` of kind `badData` for a cell that is no finite number, and for rows of
  ///   different lengths.
  package static func read(_ path: String) throws(Failure) -> NumberTable {
    var values: [Double] = []
    var (rows, columns) = (0, 0)
    var isFirst = true
    let lines = try InputFile.text(of: path).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (number, line) in lines.enumerated() {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      if cells == [""] { continue }
      let numbers = cells.map { Double($0) }
      let isHeader = isFirst && numbers.allSatisfy { $0 == nil }
      isFirst = false
      if isHeader { continue }
      for (column, cell) in numbers.enumerated() {
        guard let cell, cell.isFinite else {
          throw Failure(
            .badData, at: "\(path):\(number + 1)",
            "cell \(column + 1) is \"\(cells[column])\", a finite number was expected")
        }
        values.append(cell)
      }
      if rows == 0 { columns = cells.count }
      guard cells.count == columns else {
        throw Failure(
          .badData, at: "\(path):\(number + 1)",
          "has \(cells.count) cells, the first row \(columns)")
      }
      rows += 1
    }
    guard rows > 0 else { throw Failure(.badData, at: path, "holds no numbers") }
    return NumberTable(rows: rows, columns: columns, values: values)
  }

  package func row(_ index: Int) -> [Double] {
    Array(values[index * columns..<(index + 1) * columns])
  }

  /// Lines of 17 significant digits, without header and index.
  package var text: String {
    (0..<rows).map { row in
      let cells = self.row(row).map { String(format: "%.16e", $0) }
      return cells.joined(separator: ",") + "\n"
    }.joined()
  }

  /// Writes the lines as a file, whole or not at all.
  package func write(to path: String) throws(Failure) { try AtomicFile.write(text, to: path) }
}

extension NumberTable {
  /// Input voltages with one number per word line of an array.
  package static func readInputs(_ path: String, rows: Int) throws(Failure) -> NumberTable {
    let table = try read(path)
    guard table.columns == rows else {
      throw Failure(
        .badData, at: path, "has \(table.columns) voltages per input for \(rows) word lines",
        remedy: "one input per row, one voltage per word line")
    }
    return table
  }
}
