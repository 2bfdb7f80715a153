import Foundation
import Mathematics
import Statistics

/// ln G(i, j) = μ + g_r·i + g_c·j + r_i + c_j + e(i, j) with i and j from the centre of the array.
///
/// r and c are independent normal numbers per row and column, e has the variance σ² and, for a lag
/// d > 0, the covariance σ²·w·exp(−|d|/ℓ). The likelihood is that of the cosine coefficients, taken
/// as independent, with their expected squares computed for the finite array (the debiased Whittle
/// likelihood: A. M. Sykulski et al., Biometrika 106, 251, 2019). Row effects are only in the
/// coefficients (k, 0), column effects in (0, l). Fixed effects are marginalised (REML).
struct SpatialModel {
  /// Variances in logarithms so that every point is admissible.
  struct Point {
    var logVariance: Double
    var logRowVariance: Double
    var logColumnVariance: Double
    /// logit w and ln ℓ; nil for a residual without correlation.
    var correlation: (logitShare: Double, logLength: Double)?

    var values: [Double] {
      [logVariance, logRowVariance, logColumnVariance]
        + (correlation.map { [$0.logitShare, $0.logLength] } ?? [])
    }

    init(_ values: [Double]) {
      logVariance = values[0]
      logRowVariance = values[1]
      logColumnVariance = values[2]
      correlation = values.count > 3 ? (values[3], values[4]) : nil
    }

    var share: Double { correlation.map { 1 / (1 + exp(-$0.logitShare)) } ?? 0 }
    var length: Double { correlation.map { exp($0.logLength) } ?? 0 }
  }

  /// Estimates of the fixed effects with their standard errors.
  struct FixedEffects {
    var mean: (value: Double, error: Double)
    var rowGradient: (value: Double, error: Double)
    var columnGradient: (value: Double, error: Double)
  }

  let rows: Int
  let columns: Int
  /// Share of cells that are there; the others were filled with their expectation.
  let share: Double
  private let rowBasis: CosineBasis
  private let columnBasis: CosineBasis
  /// Cosine coefficients, row by row.
  private let coefficients: [Double]
  private let rowRamp: [Double]
  private let columnRamp: [Double]

  /// - Parameter values: ln G, row by row, gaps filled.
  init(_ values: [Double], rows: Int, columns: Int, share: Double) {
    self.rows = rows
    self.columns = columns
    self.share = share
    rowBasis = CosineBasis(count: rows)
    columnBasis = rows == columns ? rowBasis : CosineBasis(count: columns)
    coefficients = CosineBasis.sandwich(
      rowBasis.functions, values, columnBasis.functions, rows: rows, columns: columns)
    func ramp(_ basis: CosineBasis, _ other: Int) -> [Double] {
      basis.transform((0..<basis.count).map { Double($0) - Double(basis.count - 1) / 2 })
        .map { $0 * Double(other).squareRoot() }
    }
    rowRamp = ramp(rowBasis, columns)
    columnRamp = ramp(columnBasis, rows)
  }

  /// Expected squares of the coefficients of e.
  func residualSquares(_ point: Point) -> [Double] {
    let variance = exp(point.logVariance)
    guard point.correlation != nil else {
      return Array(repeating: share * variance, count: rows * columns)
    }
    let (w, length) = (point.share, point.length)
    var covariance = [Double](repeating: 0, count: rows * columns)
    for i in 0..<rows {
      for j in 0..<columns {
        let distance = Double(i * i + j * j).squareRoot()
        covariance[i * columns + j] = share * share * w * variance * exp(-distance / length)
      }
    }
    covariance[0] = share * variance
    return CosineBasis.sandwich(
      rowBasis.lagWeights, covariance, columnBasis.lagWeights, rows: rows, columns: columns)
  }

  /// −2 ln L up to a constant.
  func deviance(_ values: [Double]) -> Double {
    let point = Point(values)
    guard point.length.isFinite, point.length < Double(max(rows, columns)) else {
      return .infinity
    }
    let squares = residualSquares(point)
    var sum = 0.0
    for i in 1..<rows {
      for j in 1..<columns {
        let index = i * columns + j
        let square = max(squares[index], 1e-300)
        sum += log(square) + coefficients[index] * coefficients[index] / square
      }
    }
    let rowLine = line(squares, point, isRow: true)
    let columnLine = line(squares, point, isRow: false)
    return sum + rowLine.deviance + columnLine.deviance
  }

  /// The coefficients (k, 0) or (0, l), k, l ≥ 1: a ramp, and a random effect on top of e.
  private func line(
    _ squares: [Double], _ point: Point, isRow: Bool
  ) -> (deviance: Double, gradient: (value: Double, error: Double)) {
    let count = isRow ? rows : columns
    let other = Double(isRow ? columns : rows)
    let effect = other * exp(isRow ? point.logRowVariance : point.logColumnVariance)
    let ramp = isRow ? rowRamp : columnRamp
    let places = (1..<count).map { isRow ? $0 * columns : $0 }
    let variances = places.map { max(squares[$0], 0) + effect }
    var information = 0.0
    var product = 0.0
    for (k, place) in places.enumerated() {
      information += ramp[k + 1] * ramp[k + 1] / variances[k]
      product += ramp[k + 1] * coefficients[place] / variances[k]
    }
    let gradient = product / information
    var sum = log(information)
    for (k, place) in places.enumerated() {
      let residual = coefficients[place] - gradient * ramp[k + 1]
      sum += log(variances[k]) + residual * residual / variances[k]
    }
    return (sum, (gradient, (1 / information).squareRoot()))
  }

  func fixedEffects(_ point: Point) -> FixedEffects {
    let squares = residualSquares(point)
    let variance =
      squares[0] + Double(columns) * exp(point.logRowVariance)
      + Double(rows) * exp(point.logColumnVariance)
    let root = Double(rows * columns).squareRoot()
    return FixedEffects(
      mean: (coefficients[0] / root, variance.squareRoot() / root),
      rowGradient: line(squares, point, isRow: true).gradient,
      columnGradient: line(squares, point, isRow: false).gradient)
  }

  /// A start from the variances of three groups of coefficients.
  var start: [Double] {
    var interior = 0.0
    for i in 1..<rows {
      for j in 1..<columns {
        interior += coefficients[i * columns + j] * coefficients[i * columns + j]
      }
    }
    interior /= Double((rows - 1) * (columns - 1)) * share
    func excess(_ isRow: Bool) -> Double {
      let count = isRow ? rows : columns
      var sum = 0.0
      for k in 1..<count {
        let value = coefficients[isRow ? k * columns : k]
        sum += value * value
      }
      let variance = (sum / Double(count - 1) - share * interior) / Double(isRow ? columns : rows)
      return max(variance, 1e-4 * interior)
    }
    return [log(interior), log(excess(true)), log(excess(false))]
  }
}
