import Foundation

/// A static characteristic of one shape in every state: I = gain·(1 + spread·z)·G·Σₖ cₖ·φₖ(V).
///
/// Odd polynomials, sinh with a constant slope, power laws, Poole–Frenkel and Schottky forms are
/// all of this kind; they differ in their terms. `spread` is the device-to-device deviation of the
/// current relative to its mean, and z is held where the current keeps its sign.
public struct ShapedStatic: StaticModel, Equatable {
  /// A basis function with its coefficient relative to gain · G.
  public struct Term: Equatable, Sendable {
    public var function: BasisFunction
    public var coefficient: Double

    public init(_ function: BasisFunction, _ coefficient: Double) {
      self.function = function
      self.coefficient = coefficient
    }

    /// V_r·sign(V)·|V/V_r|ⁿ: a power law that is ohmic with G at the reference voltage.
    public init(powerLaw exponent: Double, reference: Double) {
      self.init(.power(exponent: exponent), pow(reference, 1 - exponent))
    }
  }

  /// Current relative to G·Σ cₖφₖ, > 0.
  public var gain: Double
  /// Relative device-to-device deviation, ≥ 0.
  public var spread: Double
  public var terms: [Term]

  public init(gain: Double, spread: Double, terms: [Term]) {
    self.gain = gain
    self.spread = spread
    self.terms = terms
  }

  public var basis: [BasisFunction] { terms.map(\.function) }

  public func coefficients(conductance: Double, temperature: Double) -> StaticCoefficients {
    let mean = terms.map { gain * conductance * $0.coefficient }
    return StaticCoefficients(
      mean: mean, deviation: mean.map { spread * $0 },
      admissible: (spread > 0 ? -1 / spread : -Double.infinity)...Double.infinity)
  }
}
