/// A nonlinear least-squares problem: rows of residuals and their derivatives.
package protocol LeastSquaresProblem {
  var parameterCount: Int { get }
  var rowCount: Int { get }

  /// Writes the residuals (model − data, in units of their standard deviation) of a range of rows.
  ///
  /// - Parameters:
  ///   - parameters: the point of evaluation.
  ///   - rows: which rows; `residuals[0]` belongs to the first of them.
  ///   - residuals: one number per row.
  ///   - jacobian: row-major rows × parameters, or nil when derivatives are not wanted.
  func evaluate(
    at parameters: UnsafeBufferPointer<Double>, rows: Range<Int>,
    residuals: UnsafeMutableBufferPointer<Double>,
    jacobian: UnsafeMutableBufferPointer<Double>?)
}

/// A problem given by a closure, with derivatives by central differences.
package struct CurveProblem: LeastSquaresProblem {
  package let parameterCount: Int
  package let rowCount: Int
  private let leastMagnitude: Double
  private let fill:
    (UnsafeBufferPointer<Double>, Range<Int>, UnsafeMutableBufferPointer<Double>) -> Void

  /// - Parameters:
  ///   - leastMagnitude: parameters move by 6e-6 of their magnitude, or of this where it is larger.
  ///   - residuals: writes (model − data) / σ of a range of rows at given parameters.
  package init(
    parameterCount: Int, rowCount: Int, leastMagnitude: Double = 1e-9,
    residuals:
      @escaping (
        UnsafeBufferPointer<Double>, Range<Int>, UnsafeMutableBufferPointer<Double>
      ) -> Void
  ) {
    self.parameterCount = parameterCount
    self.rowCount = rowCount
    self.leastMagnitude = leastMagnitude
    fill = residuals
  }

  /// - Parameter residual: (model − data) / σ of a row at given parameters.
  package init(
    parameterCount: Int, rowCount: Int,
    residual: @escaping (UnsafeBufferPointer<Double>, Int) -> Double
  ) {
    self.init(parameterCount: parameterCount, rowCount: rowCount) { parameters, rows, residuals in
      for (at, row) in rows.enumerated() { residuals[at] = residual(parameters, row) }
    }
  }

  package func evaluate(
    at parameters: UnsafeBufferPointer<Double>, rows: Range<Int>,
    residuals: UnsafeMutableBufferPointer<Double>,
    jacobian: UnsafeMutableBufferPointer<Double>?
  ) {
    fill(parameters, rows, residuals)
    guard let jacobian else { return }
    var shifted = Array(parameters)
    var (above, below) = (Array(residuals), Array(residuals))
    for parameter in 0..<parameterCount {
      let value = shifted[parameter]
      let step = 6e-6 * max(abs(value), leastMagnitude)
      shifted[parameter] = value + step
      shifted.withUnsafeBufferPointer { point in
        above.withUnsafeMutableBufferPointer { fill(point, rows, $0) }
      }
      shifted[parameter] = value - step
      shifted.withUnsafeBufferPointer { point in
        below.withUnsafeMutableBufferPointer { fill(point, rows, $0) }
      }
      shifted[parameter] = value
      for at in 0..<rows.count {
        jacobian[at * parameterCount + parameter] = (above[at] - below[at]) / (2 * step)
      }
    }
  }
}
