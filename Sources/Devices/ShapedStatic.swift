import Foundation

/// A static characteristic of one shape in every state: I = gain·(1 + spread·z)·G·Σₖ cₖ·φₖ(V).
///
/// Odd polynomials, sinh with a constant slope, power laws, Poole–Frenkel and Schottky forms are
/// all of this kind; they differ in their terms. `spread` is the device-to-device deviation of the
/// current relative to its mean, and z is held where the current keeps its sign.
package struct ShapedStatic: StaticModel, Equatable {
  /// A basis function with its coefficient relative to gain · G.
  package struct Term: Equatable, Sendable {
    package var function: BasisFunction
    package var coefficient: Double

    package init(_ function: BasisFunction, _ coefficient: Double) {
      self.function = function
      self.coefficient = coefficient
    }

    /// V_r·sign(V)·|V/V_r|ⁿ: a power law that is ohmic with G at the reference voltage.
    package init(powerLaw exponent: Double, reference: Double, times factor: Double = 1) {
      self.init(.power(exponent: exponent), factor * pow(reference, 1 - exponent))
    }

    /// One term in each polarity.
    package static func branches(_ positive: Self, _ negative: Self) -> [Self] {
      [
        Self(.branch(of: positive.function, isPositive: true), positive.coefficient),
        Self(.branch(of: negative.function, isPositive: false), negative.coefficient),
      ]
    }

    /// V + V·|V/V_x|ⁿ⁻¹: ohmic below the crossover V_x, limited by space charge above.
    package static func spaceCharge(crossover: Double, exponent: Double) -> [Self] {
      [Self(.linear, 1), Self(powerLaw: exponent, reference: crossover)]
    }
  }

  /// Current relative to G·Σ cₖφₖ, > 0.
  package var gain: Double
  /// Relative device-to-device deviation, ≥ 0.
  package var spread: Double
  package var terms: [Term]

  package init(gain: Double, spread: Double, terms: [Term]) {
    self.gain = gain
    self.spread = spread
    self.terms = terms
  }

  package var basis: [BasisFunction] { terms.map(\.function) }

  package func coefficients(conductance: Double, temperature: Double) -> StaticCoefficients {
    let mean = terms.map { gain * conductance * $0.coefficient }
    return StaticCoefficients(
      mean: mean, deviation: mean.map { spread * $0 },
      admissible: (spread > 0 ? -1 / spread : -Double.infinity)...Double.infinity)
  }
}
