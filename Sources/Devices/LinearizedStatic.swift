/// The ohmic device with another device's chord conductance at one voltage, its spread included.
///
/// What a device would be without curvature: I = V · I₀(V₀)/V₀.
package struct LinearizedStatic: StaticModel {
  private let base: any StaticModel
  private let voltage: Double

  /// - Parameter voltage: V₀ in volts, where both devices carry the same current.
  package init(_ base: any StaticModel, voltage: Double) {
    self.base = base
    self.voltage = voltage
  }

  /// V alone.
  package var basis: [BasisFunction] { [.linear] }

  /// The chord conductance of the other device, linear in z as its current is.
  package func coefficients(conductance: Double, temperature: Double) -> StaticCoefficients {
    let curved = base.coefficients(conductance: conductance, temperature: temperature)
    func chord(_ coefficients: [Double]) -> Double {
      zip(coefficients, base.basis).reduce(0) { $0 + $1.0 * $1.1.chord(at: voltage) }
    }
    return StaticCoefficients(
      mean: [chord(curved.mean)], deviation: [chord(curved.deviation)],
      admissible: curved.admissible)
  }
}
