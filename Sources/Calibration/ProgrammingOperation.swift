public import Devices

/// How a device is programmed in training unless a run says otherwise; the `[operation]` section.
public struct ProgrammingOperation: Equatable, Sendable {
  /// The pulse that raises conductance, within the device's limits.
  public var setPulse: Pulse
  /// The pulse that lowers conductance, within the device's limits.
  public var resetPulse: Pulse
  /// Conductances in siemens between which weights are mapped.
  public var window: ClosedRange<Double>
  /// Conductances in siemens at which training clips devices.
  public var clip: ClosedRange<Double>
  /// How devices make a weight: `two-sided`, `set-only`, `one-fixed` or `single`.
  public var pairing: String
  /// The set of wires that training's arrays have; nil for ideal ones.
  public var wires: String?
  /// Whether the pulse response is interpolated between bins.
  public var interpolatesResponse: Bool
  /// Which way along the gradient pulses go.
  public var direction: Direction
  /// Largest weight of the window per layer of the generator; nil leaves it to the run.
  public var generatorScale: [Double]?
  /// Largest weight of the window per layer of the discriminator; nil leaves it to the run.
  public var discriminatorScale: [Double]?
  /// Factor on every weight per update that no pulse accounts for; 1 unless a published code has
  /// one.
  public var weightRetention: Double

  /// Which way along the gradient pulses go.
  public enum Direction: String, Sendable, CaseIterable {
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
