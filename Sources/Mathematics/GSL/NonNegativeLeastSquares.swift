import CGSL
package import Failures

/// min |Σ x_j·a_j − b|² over x ≥ 0 for a few columns.
///
/// Tries every choice of columns that enter, 2ⁿ − 1 of them, by QR: meant for up to about eight.
package enum NonNegativeLeastSquares {
  /// - Parameters:
  ///   - columns: n columns of as many rows as `target`, which are not fewer than n.
  ///   - target: b.
  /// - Returns: x; zeros where no choice is better than none.
  /// - Throws: ``Failure`` of kind `internal` when GSL refuses the sizes.
  package static func solve(
    _ columns: [[Double]], _ target: [Double]
  ) throws(Failure) -> [Double] {
    precondition(columns.allSatisfy { $0.count == target.count } && columns.count <= target.count)
    // In units of the largest entry, so that no column is small by its unit.
    let scales = columns.map { max($0.map(abs).max() ?? 0, 1e-300) }
    var leastError = target.reduce(0) { $0 + $1 * $1 }
    var best = [Double](repeating: 0, count: columns.count)
    for choice in 1..<(1 << columns.count) {
      let used = columns.indices.filter { choice >> $0 & 1 == 1 }
      let found = try free(used.map { j in columns[j].map { $0 / scales[j] } }, target)
      guard found.x.allSatisfy({ $0.isFinite && $0 >= 0 }), found.error < leastError else {
        continue
      }
      leastError = found.error
      best = [Double](repeating: 0, count: columns.count)
      for (at, j) in used.enumerated() { best[j] = found.x[at] / scales[j] }
    }
    return best
  }

  /// The least squares without bounds and |residual|²; not finite where columns depend on each other.
  private static func free(
    _ columns: [[Double]], _ target: [Double]
  ) throws(Failure) -> (x: [Double], error: Double) {
    let (m, n) = (target.count, columns.count)
    _ = GSL.errorHandlerIsOff
    var matrix = (0..<m).flatMap { row in columns.map { $0[row] } }
    var (scales, b) = ([Double](repeating: 0, count: n), target)
    var (x, residual) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: m))
    let status = matrix.withUnsafeMutableBufferPointer { matrix in
      scales.withUnsafeMutableBufferPointer { scales in
        b.withUnsafeMutableBufferPointer { b in
          x.withUnsafeMutableBufferPointer { x in
            residual.withUnsafeMutableBufferPointer { residual in
              var qr = gsl_matrix_view_array(matrix.baseAddress, m, n)
              var tau = gsl_vector_view_array(scales.baseAddress, n)
              var right = gsl_vector_view_array(b.baseAddress, m)
              var solution = gsl_vector_view_array(x.baseAddress, n)
              var left = gsl_vector_view_array(residual.baseAddress, m)
              let status = gsl_linalg_QR_decomp(&qr.matrix, &tau.vector)
              guard status == Int32(GSL_SUCCESS) else { return status }
              return gsl_linalg_QR_lssolve(
                &qr.matrix, &tau.vector, &right.vector, &solution.vector, &left.vector)
            }
          }
        }
      }
    }
    // A zero on R's diagonal is no failure of ours: the choice is passed over.
    if status == Int32(GSL_ESING) { x = [.nan] } else { try GSL.check(status, "least squares") }
    return (x, residual.reduce(0) { $0 + $1 * $1 })
  }
}
