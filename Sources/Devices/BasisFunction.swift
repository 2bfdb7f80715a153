import Foundation

/// An odd function of voltage in which static models are expanded: I(G, V) = Σₖ aₖ(G, z) · φₖ(V).
///
/// A short list of terms turns a batch of nonlinear reads into one matrix product per term.
public enum BasisFunction: Equatable, Sendable {
  /// φ(V) = V; its coefficient is in siemens.
  case linear
  /// φ(V) = V³; its coefficient is in S·V⁻².
  case cubic
  /// φ(V) = sinh(slope · V) / slope, slope in V⁻¹; its coefficient is in siemens.
  case hyperbolicSine(slope: Double)

  /// φ(V), voltage in volts.
  public func value(at voltage: Double) -> Double {
    switch self {
    case .linear: voltage
    case .cubic: voltage * voltage * voltage
    case .hyperbolicSine(let slope): sinh(slope * voltage) / slope
    }
  }

  /// φ(V) / V, continued to V = 0: what a coefficient adds to the chord conductance I/V.
  public func chord(at voltage: Double) -> Double {
    switch self {
    case .linear: 1
    case .cubic: voltage * voltage
    case .hyperbolicSine(let slope):
      abs(slope * voltage) < 1e-6 ? 1 : sinh(slope * voltage) / (slope * voltage)
    }
  }

  /// φ′(V).
  public func derivative(at voltage: Double) -> Double {
    switch self {
    case .linear: 1
    case .cubic: 3 * voltage * voltage
    case .hyperbolicSine(let slope): cosh(slope * voltage)
    }
  }
}
