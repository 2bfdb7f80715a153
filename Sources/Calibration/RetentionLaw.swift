import Devices
import Failures
import Files
import Foundation

/// How a programmed conductance drifts with time and temperature, from `[retention]`.
///
///     power law:  G(t) = G(0)·(1 + t/t₀)^−ν
///     log-time:   G(t) = G(0)·(1 − ν·ln(1 + t/t₀)), not below zero
///
/// with ν a frozen draw N(`drift`, `spread`²) of the device, and both speeded up by
/// exp(E_a/k·(1/T₀ − 1/T)). For the virtual laboratory and for readers; training takes minutes and
/// leaves drift out.
package struct RetentionLaw: Equatable, Sendable {
  /// The word that a file's `model` key holds.
  package enum Form: String, CaseIterable, Sendable {
    case power = "power-law"
    case logarithmic = "log-time"
  }

  package var form: Form
  /// Mean ν, positive where conductance falls.
  package var drift: Double
  /// Standard deviation of ν between devices.
  package var spread: Double
  /// t₀ in seconds.
  package var origin: Double
  /// T₀ in °C.
  package var celsius: Double
  /// E_a in eV; 0 where it is not known.
  package var activationEnergy: Double

  package init(
    form: Form = .power, drift: Double, spread: Double, origin: Double, celsius: Double = 25,
    activationEnergy: Double = 0
  ) {
    self.form = form
    self.drift = drift
    self.spread = spread
    self.origin = origin
    self.celsius = celsius
    self.activationEnergy = activationEnergy
  }

  /// k in eV/K: that in J/K over the elementary charge.
  package static let boltzmann = PhysicalConstants.boltzmann / 1.602_176_634e-19

  /// G(t)/G(0).
  ///
  /// - Parameters:
  ///   - seconds: t ≥ 0.
  ///   - celsius: T.
  ///   - deviation: the device's standard normal number.
  package func share(after seconds: Double, celsius: Double, deviation: Double) -> Double {
    let zero = PhysicalConstants.zeroCelsius
    let speed = exp(
      activationEnergy / Self.boltzmann * (1 / (self.celsius + zero) - 1 / (celsius + zero)))
    let coefficient = (drift + spread * deviation) * speed
    let elapsed = log1p(seconds / origin)
    switch form {
    case .power: return exp(-coefficient * elapsed)
    case .logarithmic: return max(0, 1 - coefficient * elapsed)
    }
  }
}

extension RetentionLaw {
  /// Decodes `[retention]`.
  init(reader: ParameterReader) throws(Failure) {
    self.init(
      form: try reader.choice("model", of: Form.self),
      drift: try reader.number("drift", unit: "1"),
      spread: try reader.number("drift_spread", unit: "1"),
      origin: try reader.number("time_origin", unit: "s"),
      celsius: try reader.number("temperature", unit: "°C"))
    if reader.section.contains("activation_energy") {
      activationEnergy = try reader.number("activation_energy", unit: "eV")
    }
    try reader.requireNotNegative("drift_spread", spread)
    try reader.requirePositive("time_origin", origin)
    try reader.requirePositive(
      "temperature", celsius + PhysicalConstants.zeroCelsius, "above -273.15 °C")
  }
}
