/// A memristive device: the composition of its static characteristic, its answer to pulses, its
/// noise and its variation, with the range in which they were measured.
package struct DeviceModel: Sendable {
  /// The name of the calibration the model came from.
  package var name: String
  /// Current as a function of voltage, state and temperature.
  package var staticModel: any StaticModel
  /// Change of state by a pulse.
  package var pulseModel: any PulseModel
  /// What of a pulse's effect differs between devices and between pulses.
  package var variation: Variation
  /// Noise of a current reading.
  package var readNoise: any ReadNoiseModel
  /// The ranges in which all of this was measured.
  package var limits: DeviceLimits
  /// Random switching near the threshold, when the calibration describes it.
  package var switching: SwitchingModel?
  /// Random telegraph noise of a reading, when the calibration describes it.
  package var telegraph: TelegraphModel?

  /// A device from its parts, which must describe the same states.
  package init(
    name: String, staticModel: any StaticModel, pulseModel: any PulseModel,
    variation: Variation, readNoise: any ReadNoiseModel, limits: DeviceLimits,
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
package struct Variation: Equatable, Sendable {
  /// Whether one frozen number scales a device's SET and RESET steps, or one each.
  package var sharesPulseDeviation: Bool
  /// Standard deviation of a step from one pulse to the next, relative to the step.
  package var cycleToCycle: Double

  /// Variation with a cycle-to-cycle deviation ≥ 0.
  package init(sharesPulseDeviation: Bool, cycleToCycle: Double) {
    self.sharesPulseDeviation = sharesPulseDeviation
    self.cycleToCycle = cycleToCycle
  }
}

/// Noise of a current reading.
package protocol ReadNoiseModel: Sendable {
  /// Variance of a reading in A².
  ///
  /// - Parameters:
  ///   - chordConductance: I/V in siemens.
  ///   - temperature: kelvin.
  ///   - bandwidth: hertz.
  func variance(chordConductance: Double, temperature: Double, bandwidth: Double) -> Double
}

/// Noise whose variance is proportional to the conductance read.
///
/// Of such devices alone a sum of currents has the variance of the sum of their conductances, which is
/// what batched reads of arrays draw from.
package protocol LinearReadNoise: ReadNoiseModel {
  /// Variance of a reading per conductance, in A²/S; temperature in kelvin, bandwidth in hertz.
  func variancePerSiemens(temperature: Double, bandwidth: Double) -> Double
}

extension LinearReadNoise {
  package func variance(
    chordConductance: Double, temperature: Double, bandwidth: Double
  ) -> Double {
    variancePerSiemens(temperature: temperature, bandwidth: bandwidth) * chordConductance
  }
}

/// The read noise that calibrations can describe.
package enum ReadNoise: Equatable, Sendable, LinearReadNoise {
  case none
  /// Johnson–Nyquist: variance 4 · k_B · T · f · (I/V) in A² over a bandwidth f in hertz.
  case johnson

  package func variancePerSiemens(temperature: Double, bandwidth: Double) -> Double {
    switch self {
    case .none: 0
    case .johnson: 4 * PhysicalConstants.boltzmann * temperature * bandwidth
    }
  }
}

/// Exact constants of the SI (2019).
package enum PhysicalConstants {
  /// Boltzmann constant in J/K.
  package static let boltzmann = 1.380_649e-23
  /// Elementary charge in C.
  package static let elementaryCharge = 1.602_176_634e-19
  /// 0 °C in kelvin.
  package static let zeroCelsius = 273.15
}

/// The ranges a model was fitted on; SI units, bounds included.
package struct DeviceLimits: Equatable, Sendable {
  /// Programmed conductance in siemens for which currents are defined.
  package var conductance: ClosedRange<Double>
  /// Conductance in siemens above which the static model is an extrapolation worth a warning.
  package var staticConductanceWarning: Double
  /// Largest read voltage of either sign, in volts.
  package var readVoltage: Double
  /// Temperature in kelvin.
  package var temperature: ClosedRange<Double>
  /// Amplitudes of SET pulses in volts, positive.
  package var setVoltage: ClosedRange<Double>
  /// Amplitudes of RESET pulses in volts, negative.
  package var resetVoltage: ClosedRange<Double>
  /// Durations of pulses of either polarity in seconds.
  package var pulseWidth: ClosedRange<Double>

  /// Limits in siemens, volts, kelvin and seconds; what uses a device holds itself against them.
  package init(
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
