/// A nonlinear least-squares problem: rows of residuals and their derivatives.
public protocol LeastSquaresProblem {
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

/// A problem given by closures, with derivatives by central differences when none are given.
public struct CurveProblem: LeastSquaresProblem {
  public let parameterCount: Int
  public let rowCount: Int
  private let residual: (UnsafeBufferPointer<Double>, Int) -> Double

  /// - Parameter residual: (model − data) / σ of a row at given parameters.
  public init(
    parameterCount: Int, rowCount: Int,
    residual: @escaping (UnsafeBufferPointer<Double>, Int) -> Double
  ) {
    self.parameterCount = parameterCount
    self.rowCount = rowCount
    self.residual = residual
  }

  public func evaluate(
    at parameters: UnsafeBufferPointer<Double>, rows: Range<Int>,
    residuals: UnsafeMutableBufferPointer<Double>,
    jacobian: UnsafeMutableBufferPointer<Double>?
  ) {
    for (at, row) in rows.enumerated() { residuals[at] = residual(parameters, row) }
    guard let jacobian else { return }
    var shifted = Array(parameters)
    for parameter in 0..<parameterCount {
      let value = shifted[parameter]
      let step = 6e-6 * max(abs(value), 1e-9)
      shifted[parameter] = value + step
      shifted.withUnsafeBufferPointer { above in
        for (at, row) in rows.enumerated() {
          jacobian[at * parameterCount + parameter] = residual(above, row)
        }
      }
      shifted[parameter] = value - step
      shifted.withUnsafeBufferPointer { below in
        for (at, row) in rows.enumerated() {
          let place = at * parameterCount + parameter
          jacobian[place] = (jacobian[place] - residual(below, row)) / (2 * step)
        }
      }
      shifted[parameter] = value
    }
  }
}
