import Devices

/// A device whose pulses move it from one of a few states to the next.
struct LevelResponse: PulseModel {
  /// The device's own response, which says what pulses have an effect.
  let device: any PulseModel
  /// Distance of neighbouring states in siemens.
  let step: Double
  /// Amplitudes of the training pulses in volts.
  let amplitudes: (set: Double, reset: Double)

  /// Share of a training pulse below which a device answers by its own response: what half-selection
  /// does between levels.
  private static let leastVoltageRatio = 0.6

  func response(to pulse: Pulse, conductance: Double) -> PulseResponse {
    let own = device.response(to: pulse, conductance: conductance)
    let amplitude = pulse.isSet ? amplitudes.set : amplitudes.reset
    guard own.meanStep != 0, abs(pulse.voltage) >= Self.leastVoltageRatio * abs(amplitude) else {
      return own
    }
    return PulseResponse(meanStep: pulse.isSet ? step : -step, relativeSpread: 0)
  }
}
