/// A dense row-major matrix of single-precision numbers.
///
/// Batches are stored line-major: one row per word line, bit line or feature, one column per sample,
/// so that what a physical line carries over a batch is contiguous.
public struct Matrix: Equatable, Sendable {
  /// Number of rows: lines or features of a batch, inputs of a layer.
  public let rows: Int
  /// Number of columns, the distance between rows in ``elements``: samples of a batch.
  public let columns: Int
  /// Row-major elements; the count is fixed at `rows · columns`.
  public var elements: [Float]

  /// A matrix filled with one value.
  public init(rows: Int, columns: Int, repeating value: Float = 0) {
    self.rows = rows
    self.columns = columns
    elements = [Float](repeating: value, count: rows * columns)
  }

  /// A matrix that takes its elements from a row-major array of `rows · columns` numbers.
  public init(rows: Int, columns: Int, elements: [Float]) {
    precondition(elements.count == rows * columns, "element count must be rows · columns")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  /// Element (row, column), both from 0; only the flat index is checked.
  public subscript(row: Int, column: Int) -> Float {
    get { elements[row * columns + column] }
    set { elements[row * columns + column] = newValue }
  }

  /// Largest magnitude, zero for an empty matrix.
  public var largestMagnitude: Float {
    elements.withUnsafeBufferPointer { BufferKernels.largestMagnitude($0) }
  }
}
