/// A row-major block of single-precision numbers in memory that its maker owns.
///
/// Views let one product read or write part of a larger buffer without a copy. They are valid only
/// inside the closure that handed them out. Sound: blocks of work that share a view write rows or columns of
/// their own.
public struct MatrixView: @unchecked Sendable {
  /// Address of element (0, 0).
  public let base: UnsafeMutablePointer<Float>
  /// Rows in view.
  public let rows: Int
  /// Elements of a row that are in view.
  public let columns: Int
  /// Distance between the starts of neighbouring rows, at least `columns`.
  public let stride: Int

  /// A view of memory that outlives it; rows follow on one another unless a stride is given.
  public init(base: UnsafeMutablePointer<Float>, rows: Int, columns: Int, stride: Int? = nil) {
    self.base = base
    self.rows = rows
    self.columns = columns
    self.stride = stride ?? columns
  }

  /// The elements of one row.
  @inlinable
  public func row(_ index: Int) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: base + index * stride, count: columns)
  }

  /// The block of some rows.
  package func rows(_ range: Range<Int>) -> MatrixView {
    MatrixView(
      base: base + range.lowerBound * stride, rows: range.count, columns: columns, stride: stride)
  }
}

extension Matrix {
  /// Calls `body` with a view of the whole matrix.
  ///
  /// The matrix has at least one element; a view of nothing has no address.
  package mutating func withView<Result, E: Error>(
    _ body: (MatrixView) throws(E) -> Result
  ) throws(E) -> Result {
    precondition(!elements.isEmpty, "a view needs elements")
    let (rows, columns) = (rows, columns)
    return try elements.withUnsafeMutableBufferPointer { buffer throws(E) in
      try body(
        MatrixView(base: buffer.baseAddress.unsafelyUnwrapped, rows: rows, columns: columns))
    }
  }

  /// Calls `body` with a view that must not be written to.
  package func withReadOnlyView<Result, E: Error>(
    _ body: (MatrixView) throws(E) -> Result
  ) throws(E) -> Result {
    precondition(!elements.isEmpty, "a view needs elements")
    return try elements.withUnsafeBufferPointer { buffer throws(E) in
      try body(
        MatrixView(
          base: UnsafeMutablePointer(mutating: buffer.baseAddress.unsafelyUnwrapped),
          rows: rows, columns: columns))
    }
  }
}
