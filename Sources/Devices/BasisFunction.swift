import Foundation

/// An odd function of voltage in which static models are expanded: I(G, V) = Σₖ aₖ(G, z) · φₖ(V).
///
/// A short list of terms turns a batch of nonlinear reads into one matrix product per term.
package enum BasisFunction: Equatable, Sendable {
  /// φ(V) = V; its coefficient is in siemens.
  case linear
  /// φ(V) = V³; its coefficient is in S·V⁻².
  case cubic
  /// φ(V) = sinh(slope · V) / slope, slope in V⁻¹; its coefficient is in siemens.
  case hyperbolicSine(slope: Double)
  /// φ(V) = sign(V)·|V|ⁿ, n ≥ 1; its coefficient is in A·V⁻ⁿ.
  case power(exponent: Double)
  /// φ(V) = V·e^(β·√|V|), β in V^(−1/2): Poole–Frenkel emission; its coefficient is in siemens.
  case pooleFrenkel(beta: Double)
  /// φ(V) = sign(V)·s·(1 − e^(−|V|/s))·e^(β·√|V|), s the thermal voltage: Schottky emission over a
  /// barrier on either side; its coefficient is in siemens.
  case schottky(beta: Double, thermalVoltage: Double)

  /// φ(V), voltage in volts.
  package func value(at voltage: Double) -> Double {
    switch self {
    case .linear: voltage
    case .cubic: voltage * voltage * voltage
    case .hyperbolicSine(let slope): sinh(slope * voltage) / slope
    case .power, .pooleFrenkel, .schottky: voltage * chord(at: voltage)
    }
  }

  /// φ(V) / V, continued to V = 0: what a coefficient adds to the chord conductance I/V.
  package func chord(at voltage: Double) -> Double {
    switch self {
    case .linear: 1
    case .cubic: voltage * voltage
    case .hyperbolicSine(let slope):
      abs(slope * voltage) < 1e-6 ? 1 : sinh(slope * voltage) / (slope * voltage)
    case .power(let exponent): exponent == 1 ? 1 : pow(abs(voltage), exponent - 1)
    case .pooleFrenkel(let beta): exp(beta * abs(voltage).squareRoot())
    case .schottky(let beta, let scale):
      exp(beta * abs(voltage).squareRoot()) * Self.saturation(abs(voltage) / scale)
    }
  }

  /// φ′(V).
  package func derivative(at voltage: Double) -> Double {
    switch self {
    case .linear: 1
    case .cubic: 3 * voltage * voltage
    case .hyperbolicSine(let slope): cosh(slope * voltage)
    case .power(let exponent): exponent * chord(at: voltage)
    case .pooleFrenkel(let beta):
      chord(at: voltage) * (1 + beta * abs(voltage).squareRoot() / 2)
    case .schottky(let beta, let scale):
      exp(beta * abs(voltage).squareRoot() - abs(voltage) / scale)
        + chord(at: voltage) * beta * abs(voltage).squareRoot() / 2
    }
  }

  /// (1 − e^(−u)) / u, continued to zero.
  private static func saturation(_ u: Double) -> Double {
    u < 1e-8 ? 1 - u / 2 : -expm1(-u) / u
  }
}
