/// A device whose conductance changes by the same amount per pulse in every state, without spread.
///
/// Pulses weaker than the threshold change nothing, so half-selected devices rest.
package struct ConstantStepResponse: PulseModel, Equatable {
  /// Change per SET pulse in siemens, ≥ 0.
  package var setStep: Double
  /// Change per RESET pulse in siemens, ≤ 0.
  package var resetStep: Double
  /// The smallest amplitude |V| in volts that has an effect.
  package var threshold: Double

  /// A response from its steps in siemens and its threshold in volts.
  package init(setStep: Double, resetStep: Double, threshold: Double) {
    self.setStep = setStep
    self.resetStep = resetStep
    self.threshold = threshold
  }

  /// The step of the pulse's polarity, whatever the state; zero below the threshold.
  package func response(to pulse: Pulse, conductance: Double) -> PulseResponse {
    let isEffective = abs(pulse.voltage) >= threshold && pulse.voltage != 0
    let step = pulse.isSet ? setStep : resetStep
    return PulseResponse(meanStep: isEffective ? step : 0, relativeSpread: 0)
  }
}
