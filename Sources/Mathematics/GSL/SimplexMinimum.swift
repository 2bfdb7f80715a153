import CGSL
package import Failures

/// Minimisation without derivatives (Nelder and Mead 1965, GSL's nmsimplex2).
package enum SimplexMinimum {
  /// A minimum of `function` near `start`.
  ///
  /// - Parameters:
  ///   - steps: extent of the first simplex per coordinate.
  ///   - tolerance: size of the simplex, relative to the steps, at which to stop.
  /// - Throws: ``Failure`` of kind `badData` when 2000 steps per coordinate do not suffice.
  package static func find(
    from start: [Double], steps: [Double], tolerance: Double = 1e-5, at place: String,
    _ function: @escaping ([Double]) -> Double
  ) throws(Failure) -> [Double] {
    _ = GSL.errorHandlerIsOff
    let n = start.count
    guard let workspace = gsl_multimin_fminimizer_alloc(cgsl_multimin_nmsimplex2(), n) else {
      throw Failure(.internal, at: place, "out of memory")
    }
    defer { gsl_multimin_fminimizer_free(workspace) }
    // Coordinates in units of the steps, so that one tolerance holds for all.
    let box = Box { point in function((0..<n).map { start[$0] + steps[$0] * point[$0] }) }
    var target = gsl_multimin_function()
    target.n = n
    target.params = Unmanaged.passUnretained(box).toOpaque()
    target.f = { point, context in
      guard let point, let context else { return .nan }
      let box = Unmanaged<Box>.fromOpaque(context).takeUnretainedValue()
      let value = box.function((0..<point.pointee.size).map { gsl_vector_get(point, $0) })
      return value.isFinite ? value : 1e300
    }
    return try withExtendedLifetime(box) { () throws(Failure) in
      try minimise(&target, workspace, tolerance, place)
      return (0..<n).map { start[$0] + steps[$0] * gsl_vector_get(workspace.pointee.x, $0) }
    }
  }

  private final class Box {
    let function: ([Double]) -> Double
    init(_ function: @escaping ([Double]) -> Double) { self.function = function }
  }

  private static func minimise(
    _ target: inout gsl_multimin_function,
    _ workspace: UnsafeMutablePointer<gsl_multimin_fminimizer>, _ tolerance: Double,
    _ place: String
  ) throws(Failure) {
    let n = target.n
    var origin = [Double](repeating: 0, count: n)
    var ones = [Double](repeating: 1, count: n)
    let isDone = withUnsafeMutablePointer(to: &target) { target in
      origin.withUnsafeMutableBufferPointer { origin in
        ones.withUnsafeMutableBufferPointer { ones in
          let x = gsl_vector_view_array(origin.baseAddress, n)
          let step = gsl_vector_view_array(ones.baseAddress, n)
          withUnsafePointer(to: x.vector) { x in
            withUnsafePointer(to: step.vector) { step in
              _ = gsl_multimin_fminimizer_set(workspace, target, x, step)
            }
          }
        }
      }
      var (best, stale) = (Double.infinity, 0)
      for _ in 0..<2000 * n {
        // No progress at machine precision is an end, and so is a simplex that has not moved for
        // long: along a flat valley its size alone never falls.
        guard gsl_multimin_fminimizer_iterate(workspace) == GSL_SUCCESS else { return true }
        let size = gsl_multimin_fminimizer_size(workspace)
        if gsl_multimin_test_size(size, tolerance) == GSL_SUCCESS { return true }
        let value = gsl_multimin_fminimizer_minimum(workspace)
        stale = value < best - 1e-10 * max(abs(best), 1e-300) || !best.isFinite ? 0 : stale + 1
        best = min(best, value)
        if stale > 100 * n { return true }
      }
      return false
    }
    guard isDone else {
      throw Failure(.badData, at: place, "the fit has not converged after \(2000 * n) steps")
    }
  }
}
