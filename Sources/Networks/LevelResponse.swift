import Devices

/// A device whose pulses move it from one of a few states to the next.
struct LevelResponse: PulseModel {
  /// The device's own response, which says what pulses have an effect.
  let device: any PulseModel
  /// Distance of neighbouring states in siemens.
  let step: Double

  func response(to pulse: Pulse, conductance: Double) -> PulseResponse {
    let own = device.response(to: pulse, conductance: conductance)
    guard own.meanStep != 0 else { return own }
    return PulseResponse(meanStep: pulse.isSet ? step : -step, relativeSpread: 0)
  }
}
