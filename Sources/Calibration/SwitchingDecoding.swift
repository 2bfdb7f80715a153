import Devices
import Failures
import Files

extension SwitchingModel {
  /// Decodes `[switching]`.
  init(reader: ParameterReader) throws(Failure) {
    self.init(
      thresholdMean: try reader.number("threshold_mean", unit: "V"),
      deviceSpread: try reader.number("device_spread", unit: "V"),
      cycleSpread: try reader.number("cycle_spread", unit: "V"),
      drift: try reader.number("drift", unit: "V"),
      setWidth: try reader.number("set_width", unit: "s"),
      resetPulse: Pulse(
        voltage: try reader.number("reset_voltage", unit: "V"),
        width: try reader.number("reset_width", unit: "s")),
      read: Pulse(
        voltage: try reader.number("read_voltage", unit: "V"),
        width: try reader.number("read_time", unit: "s")),
      onConductance: try reader.number("on_conductance", unit: "S"),
      offConductance: try reader.number("off_conductance", unit: "S"),
      endurance: try reader.number("endurance", unit: "1"),
      rows: try reader.count("rows"), columns: try reader.count("columns"))
    try reader.requirePositive("threshold_mean", thresholdMean)
    try reader.requirePositive("device_spread", deviceSpread)
    try reader.requirePositive("cycle_spread", cycleSpread)
    try reader.requirePositive("set_width", setWidth)
    try reader.requirePositive("reset_voltage", -resetPulse.voltage, "negative")
    try reader.requirePositive("reset_width", resetPulse.width)
    try reader.requirePositive("read_time", read.width)
    try reader.requirePositive("off_conductance", offConductance)
    try reader.requirePositive("on_conductance", onConductance - offConductance, "above off")
    try reader.requirePositive("endurance", endurance)
  }
}

extension TelegraphModel {
  /// Decodes `[telegraph]`.
  init(reader: ParameterReader) throws(Failure) {
    self.init(
      captureTime: try reader.number("capture_time", unit: "s"),
      emissionTime: try reader.number("emission_time", unit: "s"),
      sampleInterval: try reader.number("sample_interval", unit: "s"),
      read: Pulse(
        voltage: try reader.number("read_voltage", unit: "V"),
        width: try reader.number("read_time", unit: "s")),
      conductance: try reader.number("conductance", unit: "S"))
    try reader.requirePositive("capture_time", captureTime)
    try reader.requirePositive("emission_time", emissionTime)
    try reader.requirePositive("sample_interval", sampleInterval)
    try reader.requirePositive("read_time", read.width)
    try reader.requirePositive("conductance", conductance)
  }
}

extension ParameterReader {
  /// A whole number from 1 to 65536.
  fileprivate func count(_ key: String) throws(Failure) -> Int {
    let value = try number(key, unit: "1")
    guard let count = Int(exactly: value), (1...65_536).contains(count) else {
      throw section.failure("\(key).value", "must be a whole number from 1 to 65536")
    }
    return count
  }
}
