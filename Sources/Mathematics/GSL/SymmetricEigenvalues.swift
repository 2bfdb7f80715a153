import CGSL
package import Failures

/// Eigenvalues and eigenvectors of a real symmetric matrix.
package struct SymmetricEigenvalues: Sendable {
  /// Eigenvalues, in no particular order.
  package let values: [Double]
  /// Row-major n × n; column j is the unit eigenvector of `values[j]`.
  package let vectors: [Double]

  /// Decomposes a row-major n × n matrix; only its lower triangle is read.
  ///
  /// - Throws: ``Failure`` of kind `internal` when the QR iteration does not converge or there is
  ///   no memory.
  package init(of matrix: [Double], size n: Int) throws(Failure) {
    precondition(matrix.count == n * n && n > 0, "a square matrix was expected")
    _ = GSL.errorHandlerIsOff
    guard let workspace = gsl_eigen_symmv_alloc(n) else {
      throw Failure(.internal, at: "symmetric eigenvalues", "out of memory for size \(n)")
    }
    defer { gsl_eigen_symmv_free(workspace) }
    var source = matrix
    var values = [Double](repeating: 0, count: n)
    var vectors = [Double](repeating: 0, count: n * n)
    let status = source.withUnsafeMutableBufferPointer { source in
      values.withUnsafeMutableBufferPointer { values in
        vectors.withUnsafeMutableBufferPointer { vectors in
          var a = gsl_matrix_view_array(source.baseAddress, n, n)
          var eigenvalues = gsl_vector_view_array(values.baseAddress, n)
          var eigenvectors = gsl_matrix_view_array(vectors.baseAddress, n, n)
          return gsl_eigen_symmv(&a.matrix, &eigenvalues.vector, &eigenvectors.matrix, workspace)
        }
      }
    }
    try GSL.check(status, "symmetric eigenvalues")
    self.values = values
    self.vectors = vectors
  }
}
