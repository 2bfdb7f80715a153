/// An ohmic device without spread: I = G · V.
package struct LinearStatic: StaticModel, Equatable {
  /// The one ohmic device; it has no parameters.
  package init() {}

  /// V alone.
  package var basis: [BasisFunction] { [.linear] }

  /// G itself, at any temperature and for any z.
  package func coefficients(conductance: Double, temperature: Double) -> StaticCoefficients {
    StaticCoefficients(
      mean: [conductance], deviation: [0], admissible: -Double.infinity...Double.infinity)
  }
}
