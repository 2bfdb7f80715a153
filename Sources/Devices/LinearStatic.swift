/// An ohmic device without spread: I = G · V.
public struct LinearStatic: StaticModel, Equatable {
  public init() {}

  public var basis: [BasisFunction] { [.linear] }

  public func coefficients(conductance: Double, temperature: Double) -> StaticCoefficients {
    StaticCoefficients(
      mean: [conductance], deviation: [0], admissible: -Double.infinity...Double.infinity)
  }
}
