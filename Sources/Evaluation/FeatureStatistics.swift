package import Mathematics

/// Mean and covariance of feature vectors, in double precision.
package struct FeatureStatistics: Equatable, Sendable {
  /// μ, one element per feature.
  package let mean: [Double]
  /// Row-major n × n, with divisor count − 1 as in the reference implementations.
  package let covariance: [Double]

  /// Known statistics of n features: n means, n × n covariances.
  package init(mean: [Double], covariance: [Double]) {
    precondition(covariance.count == mean.count * mean.count, "a square covariance was expected")
    self.mean = mean
    self.covariance = covariance
  }

  /// Samples centred and summed at once.
  private static let blockSize = 512

  /// Two passes over the columns of `features` (n × count, at least one column): the mean, then the
  /// products of the centred values.
  package init(of features: Matrix) {
    let (n, count) = (features.rows, features.columns)
    precondition(count > 0, "statistics need samples")
    let elements = features.elements
    let mean = (0..<n).map { row in
      elements[row * count..<(row + 1) * count].reduce(0.0) { $0 + Double($1) } / Double(count)
    }
    var covariance = [Double](repeating: 0, count: n * n)
    for start in stride(from: 0, to: count, by: Self.blockSize) {
      let size = min(Self.blockSize, count - start)
      var centred = [Double](repeating: 0, count: n * size)
      for row in 0..<n {
        for sample in 0..<size {
          centred[row * size + sample] = Double(elements[row * count + start + sample]) - mean[row]
        }
      }
      MatrixProduct.multiplyAdd(
        centred, centred, transposed: true, m: n, n: n, k: size, to: &covariance)
    }
    let divisor = Double(max(1, count - 1))
    self.mean = mean
    self.covariance = covariance.map { $0 / divisor }
  }
}
