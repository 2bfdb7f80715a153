package import Devices

/// How a device is programmed in training unless a run says otherwise; the `[operation]` section.
package struct ProgrammingOperation: Equatable, Sendable {
  /// V_read in volts, which the largest signal maps to.
  package var readVoltage = OperatingPoint.standard.readVoltage
  /// The signal that bias lines always carry.
  package var biasInput = OperatingPoint.standard.biasInput
  /// The pulse that raises conductance, within the device's limits.
  package var setPulse: Pulse
  /// The pulse that lowers conductance, within the device's limits.
  package var resetPulse: Pulse
  /// Conductances in siemens between which weights are mapped.
  package var window: ClosedRange<Double>
  /// Conductances in siemens beyond which training moves no device.
  package var conductanceBounds: ClosedRange<Double>
  /// How devices make a weight: `two-sided`, `set-only`, `one-fixed` or `single`.
  package var pairing: String
  /// The set of wires that training's arrays have; nil for ideal ones.
  package var wires: String?
  /// Whether the pulse response is interpolated between bins.
  package var interpolatesResponse: Bool
  /// Which way along the gradient pulses go.
  package var direction: Direction
  /// Largest weight of the window per layer of the generator; nil leaves it to the run.
  package var generatorScale: [Double]?
  /// Largest weight of the window per layer of the discriminator; nil leaves it to the run.
  package var discriminatorScale: [Double]?
  /// Factor on every weight per update that no pulse accounts for; 1 unless a published code has
  /// one.
  package var weightRetention: Double

  /// Which way along the gradient pulses go.
  package enum Direction: String, Sendable, CaseIterable {
    case descent
    /// As in a published code that adds the gradient.
    case ascent
  }

  enum Pairing: String, CaseIterable {
    case twoSided = "two-sided"
    case setOnly = "set-only"
    case oneFixed = "one-fixed"
    case referencedPair = "referenced-pair"
    case single
  }
}
