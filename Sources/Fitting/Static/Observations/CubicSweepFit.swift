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

/// What an instrument adds to a current: an offset, a floor and a share of the reading.
struct InstrumentNoise: Sendable, Equatable {
  var offset: Double
  /// Standard deviation at zero current, A.
  var floor: Double
  /// Standard deviation relative to the current.
  var gain: Double

  /// Estimates the three from sweeps, without a model of the device beyond smoothness.
  ///
  /// The offset is the median over sweeps of the constant in a fit of 1, V, V³; floor and gain
  /// follow from the scatter around that fit at small and at large currents.
  init(of sweeps: [Sweep]) {
    var constants: [Double] = []
    var small: [Double] = []
    var large: [Double] = []
    for sweep in sweeps {
      guard let fit = Self.smooth(sweep) else { continue }
      constants.append(fit.constant)
      small.append(fit.low)
      large.append(fit.high)
    }
    func median(_ values: [Double]) -> Double {
      values.isEmpty ? 0 : values.sorted()[values.count / 2]
    }
    let middle = median(constants)
    let scatter = 1.4826 * median(constants.map { abs($0 - middle) })
    // An offset is one when sweeps agree on it.
    let error = scatter / Double(max(1, constants.count)).squareRoot()
    offset = abs(middle) > 4 * error && constants.count > 2 ? middle : 0
    floor = max(median(small), 1e-15)
    gain = max(median(large), 1e-6)
  }

  private static func smooth(_ sweep: Sweep) -> (constant: Double, low: Double, high: Double)? {
    let n = sweep.voltages.count
    guard n >= 8, let fit = PolynomialFit(sweep, powers: [0, 1, 2, 3, 5]) else { return nil }
    let largest = sweep.currents.map { abs($0) }.max() ?? 0
    var low: [Double] = []
    var high: [Double] = []
    for k in 0..<n {
      let r = sweep.currents[k] - fit.value(sweep.voltages[k])
      let current = abs(sweep.currents[k] - fit.coefficients[0])
      let root = sweep.counts[k].squareRoot()
      if current < 0.2 * largest { low.append(r * root) }
      if current > 0.5 * largest { high.append(r * root / current) }
    }
    func deviation(_ values: [Double]) -> Double {
      // Five coefficients take their share of the scatter.
      let freedom = max(1, Double(values.count) * (1 - 5 / Double(n)))
      return (values.reduce(0) { $0 + $1 * $1 } / freedom).squareRoot()
    }
    return (fit.coefficients[0], deviation(low), deviation(high))
  }
}
