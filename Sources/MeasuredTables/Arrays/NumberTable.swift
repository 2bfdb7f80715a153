package import Failures
import Files
package import Foundation

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

  /// Reads bare numbers separated by commas, or a NumPy array (NPY) of one or two dimensions; a first line
  /// that is not numbers is a header.
  ///
  /// - Throws: `Failure` of kind `badData` for a cell that is no finite number, and for rows of
  ///   different lengths.
  package static func read(_ path: String) throws(Failure) -> NumberTable {
    let bytes = try InputFile.bytes(of: path)
    guard !NumpyArray.isBegin(of: bytes) else { return try numpy(bytes, path) }
    let result = bytes.withUnsafeBytes { raw in
      Result { () throws(Failure) in
        var reader = NumberTableReader(raw.bindMemory(to: UInt8.self), path: path)
        return try reader.table()
      }
    }
    return try result.get()
  }

  private static func numpy(_ bytes: Data, _ path: String) throws(Failure) -> NumberTable {
    let matrix = try NumpyArray(bytes, place: path).matrix()
    guard !matrix.values.isEmpty else { throw Failure(.badData, at: path, "holds no numbers") }
    if let index = matrix.values.firstIndex(where: { !$0.isFinite }) {
      throw Failure(
        .badData, at: path,
        "element (\(index / matrix.columns), \(index % matrix.columns)) is"
          + " \(matrix.values[index]), a finite number was expected")
    }
    return NumberTable(rows: matrix.rows, columns: matrix.columns, values: matrix.values)
  }

  package func row(_ index: Int) -> [Double] {
    Array(values[index * columns..<(index + 1) * columns])
  }

  /// Lines of 17 significant digits, without header and index.
  package var bytes: Data {
    var text: [UInt8] = []
    text.reserveCapacity(values.count * NumberPrinter.longest)
    for (index, value) in values.enumerated() {
      NumberPrinter.append(value, to: &text)
      text.append((index + 1).isMultiple(of: columns) ? 0x0A : 0x2C)
    }
    return Data(text)
  }

  /// The same as text.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Writes the lines as a file, whole or not at all.
  package func write(to path: String) throws(Failure) { try AtomicFile.write(bytes, to: path) }
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
