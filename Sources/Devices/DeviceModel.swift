/// A memristive device: the composition of its static characteristic, its answer to pulses, its
/// noise and its variation, with the range in which they were measured.
public struct DeviceModel: Sendable {
  /// The name of the calibration the model came from.
  public var name: String
  public var staticModel: any StaticModel
  public var pulseModel: any PulseModel
  public var variation: Variation
  public var readNoise: ReadNoise
  public var limits: DeviceLimits
  /// Random switching near the threshold, when the calibration describes it.
  public var switching: SwitchingModel?
  /// Random telegraph noise of a reading, when the calibration describes it.
  public var telegraph: TelegraphModel?

  public init(
    name: String, staticModel: any StaticModel, pulseModel: any PulseModel,
    variation: Variation, readNoise: ReadNoise, limits: DeviceLimits,
    switching: SwitchingModel? = nil, telegraph: TelegraphModel? = nil
  ) {
    self.name = name
    self.staticModel = staticModel
    self.pulseModel = pulseModel
    self.variation = variation
    self.readNoise = readNoise
    self.limits = limits
    self.switching = switching
    self.telegraph = telegraph
  }
}

/// What differs between devices and between pulses, beside the models' own spread.
public struct Variation: Equatable, Sendable {
  /// Whether one frozen number scales a device's SET and RESET steps, or one each.
  public var sharesPulseDeviation: Bool
  /// Standard deviation of a step from one pulse to the next, relative to the step.
  public var cycleToCycle: Double

  public init(sharesPulseDeviation: Bool, cycleToCycle: Double) {
    self.sharesPulseDeviation = sharesPulseDeviation
    self.cycleToCycle = cycleToCycle
  }
}

/// Noise of a current reading.
public enum ReadNoise: Equatable, Sendable {
  case none
  /// Johnson–Nyquist: variance 4 · k_B · T · f · (I/V) in A² over a bandwidth f in hertz.
  case johnson

  /// Variance of a reading in A².
  ///
  /// - Parameters:
  ///   - chordConductance: I/V in siemens.
  ///   - temperature: kelvin.
  ///   - bandwidth: hertz.
  public func variance(
    chordConductance: Double, temperature: Double, bandwidth: Double
  ) -> Double {
    switch self {
    case .none: 0
    case .johnson: 4 * PhysicalConstants.boltzmann * temperature * bandwidth * chordConductance
    }
  }
}

/// Exact constants of the SI (2019).
public enum PhysicalConstants {
  /// Boltzmann constant in J/K.
  public static let boltzmann = 1.380_649e-23
  /// Elementary charge in C.
  public static let elementaryCharge = 1.602_176_634e-19
  /// 0 °C in kelvin.
  public static let zeroCelsius = 273.15
}

/// The ranges a model was fitted on; SI units, bounds included.
public struct DeviceLimits: Equatable, Sendable {
  /// Programmed conductance for which currents are defined.
  public var conductance: ClosedRange<Double>
  /// Above this conductance the static model is an extrapolation worth a warning.
  public var staticConductanceWarning: Double
  /// Largest read voltage.
  public var readVoltage: Double
  /// Temperature in kelvin.
  public var temperature: ClosedRange<Double>
  public var setVoltage: ClosedRange<Double>
  /// Negative voltages.
  public var resetVoltage: ClosedRange<Double>
  public var pulseWidth: ClosedRange<Double>

  public init(
    conductance: ClosedRange<Double>, staticConductanceWarning: Double, readVoltage: Double,
    temperature: ClosedRange<Double>, setVoltage: ClosedRange<Double>,
    resetVoltage: ClosedRange<Double>, pulseWidth: ClosedRange<Double>
  ) {
    self.conductance = conductance
    self.staticConductanceWarning = staticConductanceWarning
    self.readVoltage = readVoltage
    self.temperature = temperature
    self.setVoltage = setVoltage
    self.resetVoltage = resetVoltage
    self.pulseWidth = pulseWidth
  }
}
