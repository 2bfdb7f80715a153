import Devices
import Foundation
import Statistics

/// The Nili surfaces as a population: per sweep the two coefficients A₁ and A₃ are observed with
/// the information of their sweep, and devices differ by z·(s₁, s₃).
///
/// Parameters: a₀ a₁ a₂ b₀ b₁ b₂ p₀ p₁ p₂ p₃ q₀ q₁ q₂ q₃ q₄ e, in natural units (conductance in
/// units of 50 µS, temperature in units of 50 °C), so that all are of order one to a hundred.
struct NiliSurfaceModel: RandomEffectModel {
  /// One sweep's two numbers, whitened: y = Lᵀβ with LLᵀ the information of β.
  struct Observation: Sendable {
    var conductance: Double
    var celsius: Double
    var coefficients: (Double, Double)
    /// Information of A₁ and A₃.
    var information: (Double, Double, Double)
  }

  static let conductanceUnit = 50e-6
  static let temperatureUnit = 50.0
  static let names = [
    "a0", "a1", "a2", "b0", "b1", "b2", "p0", "p1", "p2", "p3", "q0", "q1", "q2", "q3", "q4",
    "temperature_exponent",
  ]

  /// Sweeps by device.
  var devices: [[Observation]]
  /// Factor on σ² of the sweeps' own errors: what the surfaces leave unexplained.
  var dispersion: Double
  /// What the temperatures of the data determine.
  var temperatures: Temperatures

  /// How much a number of temperatures says.
  enum Temperatures: Sendable {
    /// One: terms in T are constants, of which b₂·Tᵉ alone has no other to merge with.
    case one
    /// Two: slopes in T, but not the exponent of b₂·Tᵉ.
    case two
    case more

    init(count: Int) { self = count > 2 ? .more : count == 2 ? .two : .one }

    /// The exponent where the data leave it open.
    static let assumedExponent = -4.0 / 3

    /// Parameters that are held: at zero, but for the exponent.
    var held: [Int] {
      switch self {
      case .one: [2, 8, 12, 14, 15]
      case .two: [15]
      case .more: []
      }
    }
  }

  var parameterCount: Int { 16 }
  var localParameterCount: Int { 16 }
  var deviceCount: Int { devices.count }
  func observationCount(of device: Int) -> Int { 2 * devices[device].count }

  func prepared(_ parameters: [Double]) -> any RandomEffectEvaluation {
    Evaluation(model: self, parameters: parameters)
  }

  struct Evaluation: RandomEffectEvaluation {
    let model: NiliSurfaceModel
    let parameters: [Double]

    func observation(
      _ index: Int, of device: Int, mean: UnsafeMutablePointer<Double>,
      effect: UnsafeMutablePointer<Double>
    ) -> RandomEffectObservation? {
      let seen = model.devices[device][index / 2]
      for k in 0..<16 { (mean[k], effect[k]) = (0, 0) }
      // Cholesky rows of the information matrix: y₁ = l₁₁A₁ + l₂₁A₃, y₂ = l₂₂A₃.
      let (i11, i12, i22) = seen.information
      let l11 = i11.squareRoot()
      let l21 = i12 / l11
      let l22 = max(0, i22 - l21 * l21).squareRoot()
      let first = index % 2 == 0 ? l11 : 0
      let third = index % 2 == 0 ? l21 : l22
      let g = seen.conductance / NiliSurfaceModel.conductanceUnit
      let t = seen.celsius / NiliSurfaceModel.temperatureUnit
      let unit = NiliSurfaceModel.conductanceUnit
      let p = parameters
      let power = pow(t, p[15])
      fill(mean, effect, first * unit, third * unit, g, t, power)
      for k in model.temperatures.held { (mean[k], effect[k]) = (0, 0) }
      // Held parameters but the exponent are zero.
      let a1 = p[0] + p[1] * g + p[2] * t
      let a3 = p[3] * g + p[4] * g * g + p[5] * power
      let s1 = p[6] + p[7] * g + p[8] * t + p[9] * g * g
      let s3 = p[10] + p[11] * g + p[12] * t + p[13] * g * g + p[14] * g * t
      let y = first * seen.coefficients.0 + third * seen.coefficients.1
      return RandomEffectObservation(
        residual: y - (first * a1 + third * a3) * unit,
        effect: (first * s1 + third * s3) * unit, weight: 1 / model.dispersion,
        firstParameter: 0, parameters: 16)
    }

    private func fill(
      _ mean: UnsafeMutablePointer<Double>, _ effect: UnsafeMutablePointer<Double>,
      _ first: Double, _ third: Double, _ g: Double, _ t: Double, _ power: Double
    ) {
      mean[0] = first
      mean[1] = first * g
      mean[2] = first * t
      mean[3] = third * g
      mean[4] = third * g * g
      mean[5] = third * power
      mean[15] = third * parameters[5] * power * log(t)
      effect[6] = first
      effect[7] = first * g
      effect[8] = first * t
      effect[9] = first * g * g
      effect[10] = third
      effect[11] = third * g
      effect[12] = third * t
      effect[13] = third * g * g
      effect[14] = third * g * t
    }
  }
}

/// Between the fit's units and those of the calibration file.
extension NiliSurfaceModel {
  /// Factor from a fitted parameter to the file's; that of b₂ depends on the exponent.
  static func factors(exponent: Double) -> [Double] {
    let (g, t) = (conductanceUnit, temperatureUnit)
    return [
      g, 1, g / t, 1, 1 / g, g * pow(t, -exponent), g, 1, g / t, 1 / g, g, 1, g / t, 1 / g, 1 / t,
      1,
    ]
  }

  /// The device model with fitted parameters.
  static func device(_ fitted: [Double], monotoneVoltage: Double) -> NiliStatic {
    let p = zip(fitted, factors(exponent: fitted[15])).map { $0 * $1 }
    return NiliStatic(
      a: Array(p[0..<3]), b: Array(p[3..<6]), temperatureExponent: p[15], p: Array(p[6..<10]),
      q: Array(p[10..<15]), monotoneVoltage: monotoneVoltage)
  }
}
