import Failures

/// A Fisher information (or JᵀJ) with its inverse on the directions it determines.
package struct InformationMatrix: Sendable {
  /// Row-major (pseudo-)inverse.
  package let inverse: [Double]
  /// Parameters with a part in a direction that carries no information.
  package let undetermined: [Int]

  /// Inverts a symmetric, row-major matrix after scaling its diagonal to one.
  ///
  /// A direction whose eigenvalue is below `tolerance` of the largest carries no information: by
  /// default that is what rounding leaves of a sum over rows.
  package init(_ matrix: [Double], size n: Int, tolerance: Double = 1e-13) {
    let scales = (0..<n).map { i in
      let diagonal = matrix[i * n + i]
      return diagonal > 0 && diagonal.isFinite ? 1 / diagonal.squareRoot() : 0
    }
    let scaled = (0..<n * n).map { matrix[$0] * scales[$0 / n] * scales[$0 % n] }
    guard n > 0, let eigen = try? SymmetricEigenvalues(of: scaled, size: n) else {
      inverse = Array(repeating: .infinity, count: n * n)
      undetermined = Array(0..<n)
      return
    }
    let floor = tolerance * (eigen.values.max() ?? 0)
    var inverse = [Double](repeating: 0, count: n * n)
    var open = Set((0..<n).filter { scales[$0] == 0 })
    for k in 0..<n {
      guard eigen.values[k] > floor else {
        for i in 0..<n where abs(eigen.vectors[i * n + k]) > 1e-3 { open.insert(i) }
        continue
      }
      for i in 0..<n {
        for j in 0..<n {
          inverse[i * n + j] +=
            eigen.vectors[i * n + k] * eigen.vectors[j * n + k] / eigen.values[k]
            * scales[i] * scales[j]
        }
      }
    }
    self.inverse = inverse
    undetermined = open.sorted()
  }
}
