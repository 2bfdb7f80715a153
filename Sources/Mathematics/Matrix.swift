/// A dense row-major matrix of single-precision numbers.
///
/// Batches are stored line-major: one row per word line, bit line or feature, one column per sample,
/// so that what a physical line carries over a batch is contiguous.
package struct Matrix: Equatable, Sendable {
  /// Number of rows: lines or features of a batch, inputs of a layer.
  package let rows: Int
  /// Number of columns, the distance between rows in ``elements``: samples of a batch.
  package let columns: Int
  /// Row-major elements; the count is fixed at `rows · columns`.
  package var elements: [Float]

  /// A matrix filled with one value.
  package init(rows: Int, columns: Int, repeating value: Float = 0) {
    self.rows = rows
    self.columns = columns
    elements = [Float](repeating: value, count: rows * columns)
  }

  /// A matrix that takes its elements from a row-major array of `rows · columns` numbers.
  package init(rows: Int, columns: Int, elements: [Float]) {
    precondition(elements.count == rows * columns, "element count must be rows · columns")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  /// Element (row, column), both from 0; only the flat index is checked.
  package subscript(row: Int, column: Int) -> Float {
    get { elements[row * columns + column] }
    set { elements[row * columns + column] = newValue }
  }

  /// Largest magnitude, zero for an empty matrix.
  package var largestMagnitude: Float {
    elements.withUnsafeBufferPointer { BufferKernels.largestMagnitude($0) }
  }
}
