import CSuiteSparse
import Failures
import Mathematics

/// A CHOLMOD factor whose analysis outlives changes of the matrix's values.
final class SparseCholesky {
  private let handle: OpaquePointer
  private let order: Int

  /// Analyses the pattern of a lower triangle in compressed columns, diagonals first, for
  /// elimination in a given order.
  init(
    columnPointers: [Int32], rowIndices: [Int32], eliminationOrder: [Int32]
  ) throws(Failure) {
    // CHOLMOD's dense kernels are OpenBLAS's, whose own threads stay off in this package.
    _ = Workers.one
    order = columnPointers.count - 1
    var status: Int32 = 0
    guard
      let handle = sparse_cholesky_create(
        Int32(order), columnPointers, rowIndices, eliminationOrder, &status)
    else { throw Self.failure(status, order: order) }
    self.handle = handle
  }

  deinit { sparse_cholesky_free(handle) }

  /// Bytes the factor takes.
  var factorBytes: Double { 8 * sparse_cholesky_factor_entries(handle) }

  /// Factorises the matrix with these values.
  func factorize(_ values: [Double]) throws(Failure) {
    let status = sparse_cholesky_factorize(handle, values)
    guard status == 0 else { throw Self.failure(status, order: order) }
  }

  /// Solves in place for right-hand sides stored one after the other.
  func solve(_ vectors: inout [Double]) throws(Failure) {
    let status = sparse_cholesky_solve(handle, &vectors, Int32(vectors.count / max(order, 1)))
    guard status == 0 else { throw Self.failure(status, order: order) }
  }

  private static func failure(_ status: Int32, order: Int) -> Failure {
    switch sparse_cholesky_status(rawValue: UInt32(status)) {
    case SPARSE_CHOLESKY_OUT_OF_MEMORY:
      Failure(
        .badData, at: "nodal analysis", "\(order) nodes do not fit in memory",
        remedy: "use a smaller array or the fast method")
    case SPARSE_CHOLESKY_NOT_POSITIVE_DEFINITE:
      Failure(
        .badData, at: "nodal analysis",
        "the array's equations are singular or a device has a negative slope")
    default: Failure(.internal, at: "nodal analysis", "CHOLMOD failed")
    }
  }
}
