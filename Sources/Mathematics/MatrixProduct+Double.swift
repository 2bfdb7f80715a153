import COpenBLAS

extension MatrixProduct {
  /// result += a · op(b) in double precision on the calling thread.
  ///
  /// Row-major; a is m × k, op(b) is k × n, the result m × n.
  package static func multiplyAdd(
    _ a: [Double], _ b: [Double], transposed: Bool = false, m: Int, n: Int, k: Int,
    to result: inout [Double]
  ) {
    precondition(
      a.count == m * k && b.count == k * n && result.count == m * n, "matrix shapes do not fit")
    guard m > 0, n > 0 else { return }
    openblas_gemm_double(
      false, transposed, Int32(m), Int32(n), Int32(k), 1, a, Int32(k), b,
      Int32(transposed ? k : n), 1, &result, Int32(n))
  }
}
