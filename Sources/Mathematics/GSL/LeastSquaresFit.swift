import CGSL
package import Failures
import Foundation

/// The solution of a nonlinear least-squares problem with what is known about it.
package struct LeastSquaresFit: Sendable {
  package var parameters: [Double]
  /// (JᵀWJ)⁻¹ · s², row-major; the pseudo-inverse when columns of J depend on each other.
  package var covariance: [Double]
  /// Residuals in units of their standard deviation, at the solution.
  package var residuals: [Double]
  /// Weights of the robust loss, 1 without it; a row below 0.1 is an outlier.
  package var weights: [Double]
  /// Standard deviation of the residuals, robust when the loss is.
  package var scale: Double
  /// Parameters that the rows do not fix: they have a part in a direction in which J vanishes.
  package var undetermined: [Int]
  package var iterations: Int

  package var parameterCount: Int { parameters.count }

  /// Standard error per parameter, infinite where it is undetermined.
  package var standardErrors: [Double] {
    parameters.indices.map {
      undetermined.contains($0)
        ? .infinity : max(0, covariance[$0 * parameters.count + $0]).squareRoot()
    }
  }

  /// Correlation of two parameters' estimates.
  package func correlation(_ i: Int, _ j: Int) -> Double {
    let n = parameters.count
    let scale = (covariance[i * n + i] * covariance[j * n + j]).squareRoot()
    return scale > 0 ? covariance[i * n + j] / scale : 0
  }

  /// Rows that the robust loss has set aside.
  package var outliers: [Int] { weights.indices.filter { weights[$0] < 0.1 } }
}

/// How residuals count.
package enum LeastSquaresLoss: Sendable {
  case square
  /// Tukey's biweight at 4.685 robust standard deviations: 95 % efficient for normal residuals.
  case biweight
}

/// Levenberg–Marquardt fits through GSL.
package enum LeastSquares {
  /// Rows times parameters above which the Jacobian is not held but reduced block by block.
  static let denseLimit = 4_000_000

  /// Minimises Σ ρ(residual).
  ///
  /// - Parameters:
  ///   - start: starting values, one per parameter.
  ///   - loss: the biweight iterates weighted fits from the least-squares solution.
  ///   - place: names the fit in failures.
  /// - Throws: ``Failure`` of kind `badData` when there are fewer rows than parameters, the start
  ///   is not finite there, or the iteration does not converge; it says which.
  package static func fit(
    _ problem: some LeastSquaresProblem, start: [Double], loss: LeastSquaresLoss = .square,
    at place: String
  ) throws(Failure) -> LeastSquaresFit {
    guard problem.rowCount > problem.parameterCount else {
      throw Failure(
        .badData, at: place,
        "\(problem.rowCount) rows cannot determine \(problem.parameterCount) parameters",
        remedy: "measure more, or choose a simpler model")
    }
    _ = GSL.errorHandlerIsOff
    let core = SolverCore(problem)
    var solution = try core.solve(from: start, at: place)
    guard case .biweight = loss else { return core.finished(solution, scale: nil) }
    var scale = core.robustScale()
    for _ in 0..<30 where scale > 1e-12 {
      core.setBiweight(scale: scale)
      let last = solution.parameters
      solution = try core.solve(from: last, isRestart: true, at: place)
      scale = core.robustScale()
      let moved = zip(last, solution.parameters).map { abs($0 - $1) / max(abs($0), 1e-300) }
      if moved.max() ?? 0 < 1e-7 { break }
    }
    return core.finished(solution, scale: scale)
  }
}

/// A problem with its weights and what GSL's callbacks need to reach it.
final class SolverCore {
  struct Solution {
    var parameters: [Double]
    var iterations: Int
  }

  let rows: Int
  let count: Int
  private let evaluate:
    (
      UnsafeBufferPointer<Double>, Range<Int>, UnsafeMutableBufferPointer<Double>,
      UnsafeMutableBufferPointer<Double>?
    ) -> Void
  private var roots: [Double]
  private(set) var residuals: [Double]
  private static let blockSize = 4096

  init(_ problem: some LeastSquaresProblem) {
    rows = problem.rowCount
    count = problem.parameterCount
    roots = Array(repeating: 1, count: problem.rowCount)
    residuals = Array(repeating: 0, count: problem.rowCount)
    evaluate = { problem.evaluate(at: $0, rows: $1, residuals: $2, jacobian: $3) }
  }

  /// What takes the place of a residual that is not a number, or beyond this one.
  ///
  /// A trust region takes a step to NaN for one that is good enough, and a norm of two infinities is
  /// NaN: this number is the infinity whose squares a norm can still add up.
  static let infinity = 1e150

  /// Whether every residual of the last evaluation is a number.
  private var isFinite: Bool { residuals.allSatisfy { abs($0) < Self.infinity } }

  /// Weighted residuals, and the weighted Jacobian of all rows if there is room for it.
  ///
  /// Where the model is not finite its residuals are infinite, and its derivatives say nothing.
  private func weighted(
    _ x: UnsafePointer<Double>, _ range: Range<Int>, _ f: UnsafeMutablePointer<Double>,
    _ jacobian: UnsafeMutablePointer<Double>?
  ) {
    let n = range.count
    evaluate(
      UnsafeBufferPointer(start: x, count: count), range,
      UnsafeMutableBufferPointer(start: f, count: n),
      jacobian.map { UnsafeMutableBufferPointer(start: $0, count: n * count) })
    for i in 0..<n {
      let root = roots[range.lowerBound + i]
      let value = f[i] * root
      f[i] = abs(value) < Self.infinity ? value : Self.infinity
      guard let jacobian else { continue }
      for j in 0..<count {
        let slope = jacobian[i * count + j] * root
        jacobian[i * count + j] = slope.isFinite ? slope : 0
      }
    }
  }

  /// - Parameter isRestart: the start may be the solution already.
  func solve(
    from start: [Double], isRestart: Bool = false, at place: String
  ) throws(Failure) -> Solution {
    residuals.withUnsafeMutableBufferPointer { f in
      start.withUnsafeBufferPointer { x in
        if let x = x.baseAddress, let f = f.baseAddress { weighted(x, 0..<rows, f, nil) }
      }
    }
    guard isFinite else {
      throw Failure(.badData, at: place, "the model is not finite at its starting values")
    }
    let solution =
      rows * count <= LeastSquares.denseLimit
      ? try dense(start, isRestart, place) : try reduced(start, isRestart, place)
    guard solution.parameters.allSatisfy(\.isFinite), isFinite else {
      throw Failure(.badData, at: place, "the fit ran off to infinity")
    }
    return solution
  }

  // MARK: - Dense

  private func dense(
    _ start: [Double], _ isRestart: Bool, _ place: String
  ) throws(Failure) -> Solution {
    var parameters = gsl_multifit_nlinear_default_parameters()
    parameters.trs = cgsl_multifit_lm()
    parameters.solver = cgsl_multifit_qr()
    parameters.scale = cgsl_multifit_marquardt()
    guard
      let workspace = gsl_multifit_nlinear_alloc(cgsl_multifit_trust(), &parameters, rows, count)
    else { throw Failure(.internal, at: place, "out of memory for \(rows) rows") }
    defer { gsl_multifit_nlinear_free(workspace) }
    var system = gsl_multifit_nlinear_fdf()
    system.f = { x, context, f in
      guard let x, let f, let context else { return Int32(GSL_EFAULT) }
      let core = Unmanaged<SolverCore>.fromOpaque(context).takeUnretainedValue()
      core.weighted(x.pointee.data, 0..<core.rows, f.pointee.data, nil)
      return Int32(GSL_SUCCESS)
    }
    system.df = { x, context, jacobian in
      guard let x, let jacobian, let context else { return Int32(GSL_EFAULT) }
      let core = Unmanaged<SolverCore>.fromOpaque(context).takeUnretainedValue()
      // GSL's matrix is as wide as the problem: rows are contiguous.
      withUnsafeTemporaryAllocation(of: Double.self, capacity: core.rows) { f in
        if let f = f.baseAddress {
          core.weighted(x.pointee.data, 0..<core.rows, f, jacobian.pointee.data)
        }
      }
      return Int32(GSL_SUCCESS)
    }
    system.n = rows
    system.p = count
    system.params = Unmanaged.passUnretained(self).toOpaque()
    return try withExtendedLifetime(self) { () throws(Failure) in
      var point = start
      var info: Int32 = 0
      let status = withUnsafeMutablePointer(to: &system) { system in
        point.withUnsafeMutableBufferPointer { point in
          let view = gsl_vector_view_array(point.baseAddress, count)
          return withUnsafePointer(to: view.vector) { vector in
            gsl_multifit_nlinear_init(vector, system, workspace)
            return gsl_multifit_nlinear_driver(
              300, 1e-10, 1e-12, 0, nil, nil, &info, workspace)
          }
        }
      }
      try Self.check(
        status, gsl_multifit_nlinear_niter(workspace), isRestart: isRestart, place)
      let position = gsl_multifit_nlinear_position(workspace)
      return take(position, iterations: Int(gsl_multifit_nlinear_niter(workspace)))
    }
  }

  // MARK: - Reduced to normal equations block by block

  private func reduced(
    _ start: [Double], _ isRestart: Bool, _ place: String
  ) throws(Failure) -> Solution {
    var parameters = gsl_multilarge_nlinear_default_parameters()
    guard
      let workspace = gsl_multilarge_nlinear_alloc(
        cgsl_multilarge_trust(), &parameters, rows, count)
    else { throw Failure(.internal, at: place, "out of memory for \(rows) rows") }
    defer { gsl_multilarge_nlinear_free(workspace) }
    var system = gsl_multilarge_nlinear_fdf()
    system.f = { x, context, f in
      guard let x, let f, let context else { return Int32(GSL_EFAULT) }
      let core = Unmanaged<SolverCore>.fromOpaque(context).takeUnretainedValue()
      core.weighted(x.pointee.data, 0..<core.rows, f.pointee.data, nil)
      return Int32(GSL_SUCCESS)
    }
    system.df = { transpose, x, u, context, v, normal in
      guard let x, let context else { return Int32(GSL_EFAULT) }
      let core = Unmanaged<SolverCore>.fromOpaque(context).takeUnretainedValue()
      core.products(
        x.pointee.data, isTransposed: transpose == CblasTrans, u?.pointee.data, v?.pointee.data,
        normal?.pointee.data)
      return Int32(GSL_SUCCESS)
    }
    system.n = rows
    system.p = count
    system.params = Unmanaged.passUnretained(self).toOpaque()
    return try withExtendedLifetime(self) { () throws(Failure) in
      var point = start
      var info: Int32 = 0
      let status = withUnsafeMutablePointer(to: &system) { system in
        point.withUnsafeMutableBufferPointer { point in
          let view = gsl_vector_view_array(point.baseAddress, count)
          return withUnsafePointer(to: view.vector) { vector in
            gsl_multilarge_nlinear_init(vector, system, workspace)
            return gsl_multilarge_nlinear_driver(
              300, 1e-10, 1e-12, 0, nil, nil, &info, workspace)
          }
        }
      }
      try Self.check(
        status, gsl_multilarge_nlinear_niter(workspace), isRestart: isRestart, place)
      let position = gsl_multilarge_nlinear_position(workspace)
      return take(position, iterations: Int(gsl_multilarge_nlinear_niter(workspace)))
    }
  }

  /// v = J·u or Jᵀ·u, and the lower triangle of JᵀJ.
  private func products(
    _ x: UnsafePointer<Double>, isTransposed: Bool, _ u: UnsafePointer<Double>?,
    _ v: UnsafeMutablePointer<Double>?, _ normal: UnsafeMutablePointer<Double>?
  ) {
    if let normal { for i in 0..<count * count { normal[i] = 0 } }
    if isTransposed, let v { for j in 0..<count { v[j] = 0 } }
    var f = [Double](repeating: 0, count: Self.blockSize)
    var block = [Double](repeating: 0, count: Self.blockSize * count)
    for first in stride(from: 0, to: rows, by: Self.blockSize) {
      let range = first..<min(rows, first + Self.blockSize)
      f.withUnsafeMutableBufferPointer { f in
        block.withUnsafeMutableBufferPointer { jacobian in
          guard let f = f.baseAddress, let jacobian = jacobian.baseAddress else { return }
          weighted(x, range, f, jacobian)
          for i in 0..<range.count {
            let row = jacobian + i * count
            if let normal {
              for a in 0..<count { for b in 0...a { normal[a * count + b] += row[a] * row[b] } }
            }
            guard let u, let v else { continue }
            if isTransposed {
              for j in 0..<count { v[j] += row[j] * u[first + i] }
            } else {
              var sum = 0.0
              for j in 0..<count { sum += row[j] * u[j] }
              v[first + i] = sum
            }
          }
        }
      }
    }
  }

  private static func check(
    _ status: Int32, _ iterations: Int, isRestart: Bool, _ place: String
  ) throws(Failure) {
    // No further progress at machine precision is an end, not a failure. On the first iteration
    // GSL's drivers call it EMAXITER.
    guard status != GSL_SUCCESS, status != GSL_ENOPROG else { return }
    if isRestart && iterations <= 1 && status == GSL_EMAXITER { return }
    let cause =
      status == GSL_EMAXITER
      ? "the fit has not converged after \(iterations) iterations"
      : "the fit failed: \(String(cString: gsl_strerror(status)))"
    throw Failure(
      .badData, at: place, cause,
      remedy: "the model may not suit the data; look at `fit inspect` or choose another --model")
  }

  private func take(_ position: UnsafeMutablePointer<gsl_vector>?, iterations: Int) -> Solution {
    let point = (0..<count).map { gsl_vector_get(position, $0) }
    point.withUnsafeBufferPointer { x in
      residuals.withUnsafeMutableBufferPointer { f in
        if let x = x.baseAddress, let f = f.baseAddress { weighted(x, 0..<rows, f, nil) }
      }
    }
    return Solution(parameters: point, iterations: iterations)
  }
}

/// Weights and what is said of a solution.
extension SolverCore {
  private var unweighted: [Double] { zip(residuals, roots).map { $1 > 0 ? $0 / $1 : $0 } }

  /// 1.4826 times the median magnitude of the residuals.
  func robustScale() -> Double {
    (unweighted.medianDeviation() ?? 0) * Double(rows) / Double(rows - count)
  }

  func setBiweight(scale: Double) {
    roots = unweighted.map { residual in
      let u = residual / (4.685 * scale)
      // A weight of zero would forget the residual.
      return max(1e-4, 1 - u * u)
    }
  }

  /// Covariance by the eigenvectors of the scaled JᵀWJ: directions without curvature are reported.
  func finished(_ solution: Solution, scale robust: Double?) -> LeastSquaresFit {
    let plain = unweighted
    let freedom = Double(rows - count)
    let variance =
      robust.map { psiVariance(plain, scale: $0) }
      ?? plain.reduce(0) { $0 + $1 * $1 } / freedom
    var normal = [Double](repeating: 0, count: count * count)
    roots = robust == nil ? roots : Array(repeating: 1, count: rows)
    solution.parameters.withUnsafeBufferPointer { x in
      normal.withUnsafeMutableBufferPointer { normal in
        if let x = x.baseAddress { products(x, isTransposed: false, nil, nil, normal.baseAddress) }
      }
    }
    for a in 0..<count { for b in 0..<a { normal[b * count + a] = normal[a * count + b] } }
    let inverse = InformationMatrix(normal, size: count)
    let weights = robust.map { scale in
      plain.map { residual in
        let u = residual / (4.685 * scale)
        return abs(u) < 1 ? (1 - u * u) * (1 - u * u) : 0
      }
    }
    return LeastSquaresFit(
      parameters: solution.parameters, covariance: inverse.inverse.map { $0 * variance },
      residuals: plain, weights: weights ?? Array(repeating: 1, count: rows),
      scale: robust ?? variance.squareRoot(), undetermined: inverse.undetermined,
      iterations: solution.iterations)
  }

  /// Asymptotic variance of an M-estimator: s² · E[ψ²] / E[ψ′]².
  private func psiVariance(_ residuals: [Double], scale: Double) -> Double {
    guard scale > 0 else { return 0 }
    var square = 0.0
    var slope = 0.0
    for residual in residuals {
      let u = residual / (4.685 * scale)
      guard abs(u) < 1 else { continue }
      let psi = residual / scale * (1 - u * u) * (1 - u * u)
      square += psi * psi
      slope += (1 - u * u) * (1 - 5 * u * u)
    }
    let n = Double(residuals.count)
    guard slope > 0 else { return .infinity }
    return scale * scale * (square / (n - Double(count))) / (slope / n * slope / n)
  }
}
