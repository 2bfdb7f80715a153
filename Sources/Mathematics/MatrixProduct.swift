import COpenBLAS

/// Dense products on OpenBLAS, cut by us into blocks that do not depend on the number of threads.
///
/// OpenBLAS stays on the calling thread. Its own threading splits a product by the number of
/// threads, which changes the last bits; here the borders are a function of the shape alone.
public enum MatrixProduct {
  /// Rows of a result computed by one call; the unit of work handed to a thread.
  static let blockRows = 128

  /// result = scale · op(a) · op(b) + keep · result, where op transposes when asked.
  ///
  /// Shapes: op(a) is m × k, op(b) is k × n, the result m × n. A shape that does not fit is a
  /// programming error and stops the process.
  public static func multiply(
    _ a: Matrix, transposed transposeA: Bool = false,
    _ b: Matrix, transposed transposeB: Bool = false,
    scale: Float = 1, keeping keep: Float = 0,
    into result: inout Matrix, workers: Workers = .one
  ) {
    let m = transposeA ? a.columns : a.rows
    let k = transposeA ? a.rows : a.columns
    let n = transposeB ? b.rows : b.columns
    precondition(
      k == (transposeB ? b.columns : b.rows) && result.rows == m && result.columns == n,
      "matrix shapes do not fit")
    guard m > 0, n > 0 else { return }
    a.elements.withUnsafeBufferPointer { a in
      b.elements.withUnsafeBufferPointer { b in
        result.elements.withUnsafeMutableBufferPointer { c in
          let operands = Operands(
            a: a.baseAddress, b: b.baseAddress, c: c.baseAddress,
            strideA: transposeA ? m : k, strideB: transposeB ? k : n, n: n, k: k,
            transposeA: transposeA, transposeB: transposeB, scale: scale, keep: keep)
          workers.forEachBlock(of: m, size: blockRows) { operands.multiply(rows: $0) }
        }
      }
    }
  }

  /// The operands of one product as plain pointers, valid while `multiply` runs.
  private struct Operands: @unchecked Sendable {
    let a: UnsafePointer<Float>?
    let b: UnsafePointer<Float>?
    let c: UnsafeMutablePointer<Float>?
    let strideA: Int
    let strideB: Int
    let n: Int
    let k: Int
    let transposeA: Bool
    let transposeB: Bool
    let scale: Float
    let keep: Float

    func multiply(rows: Range<Int>) {
      guard let a, let b, let c else { return }
      openblas_gemm_float(
        transposeA, transposeB, Int32(rows.count), Int32(n), Int32(k), scale,
        a + (transposeA ? rows.lowerBound : rows.lowerBound * strideA), Int32(strideA),
        b, Int32(strideB), keep, c + rows.lowerBound * n, Int32(n))
    }
  }

  /// What answers the products: OpenBLAS's own description and the kernels it chose.
  public static var library: String {
    String(cString: openblas_description()) + " kernels " + String(cString: openblas_kernel())
  }
}
