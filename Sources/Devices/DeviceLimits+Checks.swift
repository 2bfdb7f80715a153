package import Failures

extension DeviceLimits {
  /// The option that lifts these checks, named in every refusal.
  package static let overrideOption = "--extrapolate"

  /// Refuses a read outside the range in which the static model was measured.
  ///
  /// - Parameters:
  ///   - conductance: programmed conductance in siemens.
  ///   - voltage: read voltage of either sign in volts.
  ///   - temperature: kelvin.
  ///   - place: what the failure names, such as the calibration or an option.
  /// - Returns: a warning when the static model is extrapolated at that conductance, else nil.
  /// - Throws: ``Failure`` of kind `badData` naming the value and the range.
  package func checkRead(
    conductance: Double, voltage: Double, temperature: Double, at place: String
  ) throws(Failure) -> String? {
    try checkConductance(conductance, at: place)
    try Self.check("read voltage", voltage, "V", in: -readVoltage...readVoltage, at: place)
    try checkTemperature(temperature, at: place)
    guard conductance > staticConductanceWarning * (1 + Self.tolerance) else { return nil }
    let measured = Quantity(staticConductanceWarning, "S")
    return "\(place): the static model was measured up to \(measured);"
      + " \(Quantity(conductance, "S")) is an extrapolation"
  }

  /// Refuses a pulse outside the range in which the pulse model was measured.
  ///
  /// - Parameter conductance: state in siemens before the pulse, or nil to leave it out.
  package func checkPulse(
    _ pulse: Pulse, conductance: Double? = nil, at place: String
  ) throws(Failure) {
    if let conductance { try checkConductance(conductance, at: place) }
    if pulse.isSet {
      try Self.check("SET voltage", pulse.voltage, "V", in: setVoltage, at: place)
    } else {
      try Self.check("RESET voltage", pulse.voltage, "V", in: resetVoltage, at: place)
    }
    try Self.check("pulse width", pulse.width, "s", in: pulseWidth, at: place)
  }

  /// Refuses a programmed conductance (S) outside the model's range.
  package func checkConductance(_ conductance: Double, at place: String) throws(Failure) {
    try Self.check("conductance", conductance, "S", in: self.conductance, at: place)
  }

  /// Refuses a temperature (K) outside the model's range.
  package func checkTemperature(_ temperature: Double, at place: String) throws(Failure) {
    let zero = PhysicalConstants.zeroCelsius
    let range = self.temperature.lowerBound - zero...self.temperature.upperBound - zero
    try Self.check("temperature", temperature - zero, "°C", in: range, at: place)
  }

  /// Relative distance by which a value may pass a border, so that borders survive conversions.
  private static let tolerance = 1e-9

  private static func check(
    _ name: String, _ value: Double, _ unit: String, in range: ClosedRange<Double>,
    at place: String
  ) throws(Failure) {
    let lowest = range.lowerBound - tolerance * abs(range.lowerBound)
    let highest = range.upperBound + tolerance * abs(range.upperBound)
    guard value >= lowest, value <= highest else {
      throw Failure(
        .badData, at: place,
        "\(name) \(Quantity(value, unit)) is outside the measured range"
          + " \(Quantity(range.lowerBound, unit)) to \(Quantity(range.upperBound, unit))",
        remedy: "\(overrideOption) computes outside it")
    }
  }
}
