/// Which weights of an array are to be raised (+1), lowered (−1) or left alone (0).
package struct SignMatrix: Equatable, Sendable {
  /// Word lines of the array.
  package let rows: Int
  /// Weights per word line.
  package let columns: Int
  /// Row-major signs.
  package var elements: [Int8]

  /// A matrix that leaves every weight alone.
  package init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    elements = [Int8](repeating: 0, count: rows * columns)
  }

  /// Sign of the weight at (row, column), both from 0; only the flat index is checked.
  package subscript(row: Int, column: Int) -> Int8 {
    get { elements[row * columns + column] }
    set { elements[row * columns + column] = newValue }
  }
}
