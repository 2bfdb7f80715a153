package import Failures
import Mathematics

/// The squared Fréchet distance of Gaussians fitted to two sets of features.
///
/// Heusel et al. 2017: d = |μ₁ − μ₂|² + Tr(S₁ + S₂ − 2 (S₁^½ S₂ S₁^½)^½). The symmetric form of the root has the trace of
/// (S₁S₂)^½ and needs only symmetric eigenvalues; S₁^½ is kept for comparisons with many sets.
package struct FrechetDistance: Sendable {
  /// Statistics of the set that others are compared with.
  package let reference: FeatureStatistics
  /// S₁^½, row-major.
  private let root: [Double]

  /// Prepares comparisons with one reference.
  ///
  /// - Throws: ``Failure`` of kind `internal` when the eigenvalue iteration fails.
  package init(reference: FeatureStatistics) throws(Failure) {
    self.reference = reference
    let n = reference.mean.count
    let system = try SymmetricEigenvalues(of: reference.covariance, size: n)
    // V √D Vᵀ; rounding may leave the smallest eigenvalues below zero.
    let roots = system.values.map { max(0, $0).squareRoot() }
    let scaled = system.vectors.indices.map { system.vectors[$0] * roots[$0 % n] }
    var root = [Double](repeating: 0, count: n * n)
    MatrixProduct.multiplyAdd(
      scaled, system.vectors, transposed: true, m: n, n: n, k: n, to: &root)
    self.root = root
  }

  /// The distance of another set with as many features; zero for equal statistics, up to rounding.
  package func distance(to other: FeatureStatistics) throws(Failure) -> Double {
    let n = reference.mean.count
    precondition(other.mean.count == n, "equal numbers of features were expected")
    var half = [Double](repeating: 0, count: n * n)
    MatrixProduct.multiplyAdd(root, other.covariance, m: n, n: n, k: n, to: &half)
    var product = [Double](repeating: 0, count: n * n)
    MatrixProduct.multiplyAdd(half, root, m: n, n: n, k: n, to: &product)
    let rootTrace = try SymmetricEigenvalues(of: product, size: n).values
      .reduce(0) { $0 + max(0, $1).squareRoot() }
    let shift = zip(reference.mean, other.mean).reduce(0) {
      $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
    }
    let trace = (0..<n).reduce(0) {
      $0 + reference.covariance[$1 * n + $1] + other.covariance[$1 * n + $1]
    }
    return max(0, shift + trace - 2 * rootTrace)
  }
}
