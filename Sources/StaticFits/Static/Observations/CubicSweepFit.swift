import Foundation

/// The least-squares cubic I = A₁·V + A₃·V³ of one sweep, with its information.
struct CubicSweepFit: Sendable {
  /// A₁ (S) and A₃ (S·V⁻²).
  var coefficients: (Double, Double)
  /// XᵀX for V and V³, to be divided by the variance of a reading.
  var normal: (Double, Double, Double)
  var residualSquares: Double
  /// Σ residual² relative to the current: Σ n·(r/I)² over points with a current.
  var relativeSquares: Double
  var points: Int

  /// Readings are weighted by 1/(floor² + (gain·I)²), the variance of an instrument.
  init?(_ sweep: Sweep, offset: Double, floor: Double, gain: Double) {
    var (a, b, c, x, y) = (0.0, 0.0, 0.0, 0.0, 0.0)
    let n = sweep.voltages.count
    guard n >= 4 else { return nil }
    for k in 0..<n {
      let v = sweep.voltages[k]
      let i = sweep.currents[k] - offset
      let weight = sweep.counts[k] / (floor * floor + gain * gain * i * i)
      let cube = v * v * v
      a += weight * v * v
      b += weight * v * cube
      c += weight * cube * cube
      x += weight * v * i
      y += weight * cube * i
    }
    let determinant = a * c - b * b
    guard determinant > 1e-12 * a * c else { return nil }
    coefficients = ((c * x - b * y) / determinant, (a * y - b * x) / determinant)
    normal = (a, b, c)
    residualSquares = 0
    relativeSquares = 0
    points = n
    for k in 0..<n {
      let v = sweep.voltages[k]
      let i = sweep.currents[k] - offset
      let r = i - coefficients.0 * v - coefficients.1 * v * v * v
      residualSquares += sweep.counts[k] * r * r / (floor * floor + gain * gain * i * i)
      relativeSquares += sweep.counts[k] * r * r
    }
  }
}
