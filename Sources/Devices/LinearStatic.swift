/// An ohmic device without spread: I = G · V.
public struct LinearStatic: StaticModel, Equatable {
  /// The one ohmic device; it has no parameters.
  public init() {}

  /// V alone.
  public var basis: [BasisFunction] { [.linear] }

  /// G itself, at any temperature and for any z.
  public func coefficients(conductance: Double, temperature: Double) -> StaticCoefficients {
    StaticCoefficients(
      mean: [conductance], deviation: [0], admissible: -Double.infinity...Double.infinity)
  }
}
