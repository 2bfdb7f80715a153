import Foundation
import Mathematics

/// The orthonormal cosine functions of a line of cells (DCT-II), and what a stationary process
/// leaves in them.
package struct CosineBasis {
  package let count: Int
  /// Row k: √(2/n) · cos(π k (i + ½) / n), and 1/√n for k = 0.
  package let functions: [Double]
  /// Row k, column d: weight of lag d in the expected square of coefficient k.
  package let lagWeights: [Double]

  package init(count n: Int) {
    count = n
    var functions = [Double](repeating: 0, count: n * n)
    for k in 0..<n {
      let scale = (k == 0 ? 1 : 2.0.squareRoot()) / Double(n).squareRoot()
      for i in 0..<n {
        functions[k * n + i] = scale * cos(Double.pi * Double(k) * (Double(i) + 0.5) / Double(n))
      }
    }
    self.functions = functions
    var weights = [Double](repeating: 0, count: n * n)
    functions.withUnsafeBufferPointer { f in
      for k in 0..<n {
        for d in 0..<n {
          var sum = 0.0
          for i in 0..<n - d { sum += f[k * n + i] * f[k * n + i + d] }
          weights[k * n + d] = d == 0 ? sum : 2 * sum
        }
      }
    }
    lagWeights = weights
  }

  /// Coefficients of a line.
  package func transform(_ line: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    MatrixProduct.multiplyAdd(functions, line, m: count, n: 1, k: count, to: &result)
    return result
  }

  /// left · matrix · rightᵀ, where left and right are square and row-major.
  package static func sandwich(
    _ left: [Double], _ matrix: [Double], _ right: [Double], rows: Int, columns: Int
  ) -> [Double] {
    var half = [Double](repeating: 0, count: rows * columns)
    MatrixProduct.multiplyAdd(left, matrix, m: rows, n: columns, k: rows, to: &half)
    var whole = [Double](repeating: 0, count: rows * columns)
    MatrixProduct.multiplyAdd(
      half, right, transposed: true, m: rows, n: columns, k: columns, to: &whole)
    return whole
  }
}
