import COpenBLAS
import CProcessor

/// Dense products on OpenBLAS, cut by us into blocks that do not depend on the number of threads.
///
/// OpenBLAS stays on the calling thread. Its own threading splits a product by the number of
/// threads, which changes the last bits; here the borders are a function of the shape alone.
package enum MatrixProduct {
  /// Rows of a result computed by one call; the unit of work handed to a thread.
  ///
  /// A call packs the whole right factor anew, so blocks are not small; but a result of few rows is
  /// cut in two, in whole vectors, as hidden layers have no more.
  static func blockRows(_ rows: Int) -> Int {
    guard rows <= 2 * largestBlock, rows >= smallestSplit else { return largestBlock }
    return (rows + 2 * vector - 1) / (2 * vector) * vector
  }

  private static let largestBlock = 128
  private static let smallestSplit = 64
  private static let vector = 16

  /// result = scale · op(a) · op(b) + keep · result, where op transposes when asked.
  ///
  /// Shapes: op(a) is m × k, op(b) is k × n, the result m × n. A shape that does not fit is a
  /// programming error and stops the process.
  package static func multiply(
    _ a: MatrixView, transposed transposeA: Bool = false,
    _ b: MatrixView, transposed transposeB: Bool = false,
    scale: Float = 1, keeping keep: Float = 0,
    into result: MatrixView, workers: Workers = .one
  ) {
    let m = transposeA ? a.columns : a.rows
    let k = transposeA ? a.rows : a.columns
    let n = transposeB ? b.rows : b.columns
    precondition(
      k == (transposeB ? b.columns : b.rows) && result.rows == m && result.columns == n,
      "matrix shapes do not fit")
    workers.forEachBlock(of: m, size: blockRows(m)) { rows in
      let start = rows.lowerBound
      openblas_gemm_float(
        transposeA, transposeB, Int32(rows.count), Int32(n), Int32(k), scale,
        a.base + (transposeA ? start : start * a.stride), Int32(a.stride),
        b.base, Int32(b.stride), keep, result.base + start * result.stride, Int32(result.stride))
    }
  }

  /// The same on whole matrices.
  package static func multiply(
    _ a: Matrix, transposed transposeA: Bool = false,
    _ b: Matrix, transposed transposeB: Bool = false,
    scale: Float = 1, keeping keep: Float = 0,
    into result: inout Matrix, workers: Workers = .one
  ) {
    a.withReadOnlyView { a in
      b.withReadOnlyView { b in
        result.withView { result in
          multiply(
            a, transposed: transposeA, b, transposed: transposeB, scale: scale, keeping: keep,
            into: result, workers: workers)
        }
      }
    }
  }

  /// What answers the products: OpenBLAS's own description and the kernels it chose.
  package static var library: String {
    String(cString: openblas_description()) + " kernels " + kernel
  }

  /// The set of kernels that OpenBLAS chose for this processor, or was told by `OPENBLAS_CORETYPE`:
  /// the last bits of a product depend on it.
  package static var kernel: String { String(cString: openblas_kernel()) }

  /// The widest vector instructions of the processor, which the kernels are chosen by.
  package static var instructionSet: String { String(cString: processor_vector_instructions()) }
}
