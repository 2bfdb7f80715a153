import Devices
import Failures
import Files

extension ProgrammingOperation {
  private enum Response: String, CaseIterable {
    case binned
    case interpolated
  }

  /// Decodes `[operation]` and holds it against the device's limits.
  init(reader: ParameterReader, limits: DeviceLimits) throws(Failure) {
    setPulse = Pulse(
      voltage: try reader.number("set_voltage", unit: "V"),
      width: try reader.number("set_width", unit: "s"))
    resetPulse = Pulse(
      voltage: try reader.number("reset_voltage", unit: "V"),
      width: try reader.number("reset_width", unit: "s"))
    window = try reader.interval("window", unit: "S")
    conductanceBounds = try reader.interval("conductance_bounds", unit: "S")
    pairing = try reader.choice("pairing", of: Pairing.self).rawValue
    interpolatesResponse = try reader.choice("response", of: Response.self) == .interpolated
    direction = .descent
    weightRetention = 1
    if reader.section.contains("direction") { direction = try reader.choice("direction") }
    if reader.section.contains("weight_retention") {
      weightRetention = try reader.number("weight_retention", unit: "1")
      try reader.requirePositive("weight_retention", weightRetention)
    }
    if reader.section.contains("read_voltage") {
      readVoltage = try reader.number("read_voltage", unit: "V")
      try reader.requirePositive("read_voltage", readVoltage)
    }
    if reader.section.contains("bias_input") {
      biasInput = try reader.number("bias_input", unit: "1")
      try reader.requirePositive("bias_input", biasInput)
    }
    wires = try reader.section.optionalString("wires")
    generatorScale = try reader.optionalScale("generator_scale")
    discriminatorScale = try reader.optionalScale("discriminator_scale")
    try check(reader.section, limits)
  }

  private func check(_ section: TOMLSection, _ limits: DeviceLimits) throws(Failure) {
    func require(_ key: String, _ inside: Bool, _ outer: String) throws(Failure) {
      guard inside else { throw section.failure("\(key).value", "is outside \(outer)") }
    }
    try require("set_voltage", limits.setVoltage.contains(setPulse.voltage), "limits.set_voltage")
    try require("set_width", limits.pulseWidth.contains(setPulse.width), "limits.pulse_width")
    try require(
      "reset_voltage", limits.resetVoltage.contains(resetPulse.voltage), "limits.reset_voltage")
    try require("reset_width", limits.pulseWidth.contains(resetPulse.width), "limits.pulse_width")
    try require(
      "conductance_bounds", limits.conductance.contains(conductanceBounds), "limits.conductance")
    try require("window", conductanceBounds.contains(window), "operation.conductance_bounds")
    guard window.lowerBound < window.upperBound else {
      throw section.failure("window.value", "is empty")
    }
  }
}

extension ParameterReader {
  /// Positive weight scales, one per layer, or nil when the key is missing.
  func optionalScale(_ key: String) throws(Failure) -> [Double]? {
    guard section.contains(key) else { return nil }
    let scale = try numbers(key, unit: "1")
    try requirePositive(key, scale.min() ?? 0)
    return scale
  }
}
