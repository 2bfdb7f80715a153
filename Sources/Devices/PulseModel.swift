/// A square programming pulse: positive voltages SET, negative ones RESET.
package struct Pulse: Hashable, Sendable {
  /// Amplitude in volts, with its sign.
  package var voltage: Double
  /// Duration in seconds.
  package var width: Double

  /// A pulse of an amplitude in volts, with its sign, and a duration in seconds.
  package init(voltage: Double, width: Double) {
    self.voltage = voltage
    self.width = width
  }

  /// Whether the pulse raises conductance.
  package var isSet: Bool { voltage > 0 }
}

/// The answer of the population of devices in one state to one pulse.
package struct PulseResponse: Equatable, Sendable {
  /// Mean change of conductance in siemens: ≥ 0 for SET, ≤ 0 for RESET.
  package var meanStep: Double
  /// Device-to-device spread of the step relative to its mean, signed as the model defines it.
  package var relativeSpread: Double

  /// A response from its mean in siemens and its spread as a share of it.
  package init(meanStep: Double, relativeSpread: Double) {
    self.meanStep = meanStep
    self.relativeSpread = relativeSpread
  }

  /// Step of a device with frozen deviation z; never against the pulse's polarity.
  package func step(z: Double) -> Double {
    meanStep * max(0, 1 + z * relativeSpread)
  }
}

/// How conductance changes with a pulse, as a function of state.
package protocol PulseModel: Sendable {
  /// Response at a programmed conductance in siemens.
  func response(to pulse: Pulse, conductance: Double) -> PulseResponse
}
