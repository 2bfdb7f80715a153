import Calibration

/// Sections for which there is no data.
extension CalibrationDraft {
  /// What a device is taken to be where nothing was measured; every source says `assumed`.
  ///
  /// - Parameters:
  ///   - conductance: the range of conductances in siemens.
  ///   - readVoltage: the largest read voltage in volts.
  package init(assumedAround conductance: ClosedRange<Double>, readVoltage: Double, name: String) {
    self.init(
      provenance: Provenance(
        name: name, title: "Fitted device \(name)", paper: "none: fitted to measured files",
        doi: "", stack: "not stated", notes: ""))
    let assumed = Self.assumedSource
    let step = (conductance.upperBound - conductance.lowerBound) / 500
    set("static.model", word: "linear")
    set("pulses.model", word: "constant-step")
    set("pulses.set_step", step, unit: "S", source: "\(assumed): 1/500 of the range")
    set("pulses.reset_step", -step, unit: "S", source: "\(assumed): 1/500 of the range")
    set("pulses.threshold", 0.5, unit: "V", source: "\(assumed): above half a pulse")
    set("variation.pulse_deviation", word: "independent")
    set("variation.cycle_to_cycle", 0, unit: "1", source: "\(assumed): none", range: 0...10)
    set("noise.model", word: "johnson")
    let range = [conductance.lowerBound, conductance.upperBound]
    set("limits.conductance", range, unit: "S", source: "\(assumed): given", range: 1e-15...10)
    set(
      "limits.static_conductance_warning", conductance.upperBound, unit: "S",
      source: "\(assumed): end of the range", range: 1e-15...10)
    set("limits.read_voltage", readVoltage, unit: "V", source: "\(assumed): given", range: 0...100)
    set("limits.temperature", [15, 35], unit: "°C", source: "\(assumed): room", range: -273...1000)
    setPulseLimits(
      set: 1...1, reset: -1 ... -1, width: 1e-6...1e-6, source: "\(assumed): 1 V, 1 µs")
    set("operation.window", range, unit: "S", source: "choice: all of limits.conductance")
    set(
      "operation.conductance_bounds", range, unit: "S", source: "choice: all of limits.conductance")
    set("operation.pairing", word: "two-sided")
    set("operation.response", word: "binned")
  }

  /// Sets the ranges of pulses, and operates the device at their weakest pulse.
  package mutating func setPulseLimits(
    set setRange: ClosedRange<Double>, reset resetRange: ClosedRange<Double>,
    width: ClosedRange<Double>, source: String
  ) {
    let (v, t) = ("V", "s")
    set(
      "limits.set_voltage", [setRange.lowerBound, setRange.upperBound], unit: v, source: source,
      range: 0...1000)
    set(
      "limits.reset_voltage", [resetRange.lowerBound, resetRange.upperBound], unit: v,
      source: source, range: -1000...0)
    set(
      "limits.pulse_width", [width.lowerBound, width.upperBound], unit: t, source: source,
      range: 0...1e6)
    set("operation.set_voltage", setRange.lowerBound, unit: v, source: source, range: 0...1000)
    set("operation.set_width", width.lowerBound, unit: t, source: source, range: 0...1e6)
    set("operation.reset_voltage", resetRange.upperBound, unit: v, source: source, range: -1000...0)
    set("operation.reset_width", width.lowerBound, unit: t, source: source, range: 0...1e6)
  }
}
