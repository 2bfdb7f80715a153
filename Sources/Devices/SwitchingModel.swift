/// Abrupt, random switching of a device by a pulse near its threshold.
///
/// A device has a frozen threshold μ_d ~ N(`thresholdMean`, `deviceSpread`²). Each SET pulse meets a
/// fresh threshold N(μ_d, `cycleSpread`²), so that a pulse of amplitude V switches with
///
///     P = Φ((V − μ_d − `drift` · cycles) / `cycleSpread`)
///
/// and a RESET pulse brings the device back for certain. SI units.
public struct SwitchingModel: Equatable, Sendable {
  /// Mean SET threshold of the population, in volts.
  public var thresholdMean: Double
  /// Standard deviation between devices, in volts.
  public var deviceSpread: Double
  /// Standard deviation from one pulse to the next, in volts.
  public var cycleSpread: Double
  /// Change of every threshold per cycle, in volts.
  public var drift: Double
  /// Width of the SET pulse in seconds; its amplitude is the source's to control.
  public var setWidth: Double
  public var resetPulse: Pulse
  /// Amplitude in volts and duration in seconds of the read that decides the bit.
  public var read: Pulse
  /// Conductance in siemens after SET and after RESET.
  public var onConductance: Double
  public var offConductance: Double
  /// Full cycles that a device lasts.
  public var endurance: Double
  /// Devices per reserved column, and reserved columns; the devices of a row cycle together.
  public var rows: Int
  public var columns: Int

  public init(
    thresholdMean: Double, deviceSpread: Double, cycleSpread: Double, drift: Double,
    setWidth: Double, resetPulse: Pulse, read: Pulse, onConductance: Double,
    offConductance: Double, endurance: Double, rows: Int, columns: Int
  ) {
    self.thresholdMean = thresholdMean
    self.deviceSpread = deviceSpread
    self.cycleSpread = cycleSpread
    self.drift = drift
    self.setWidth = setWidth
    self.resetPulse = resetPulse
    self.read = read
    self.onConductance = onConductance
    self.offConductance = offConductance
    self.endurance = endurance
    self.rows = rows
    self.columns = columns
  }

  /// Duration of a cycle: SET, read, RESET, in seconds.
  public var cycleTime: Double { setWidth + read.width + resetPulse.width }
}

/// A trap that a reading sees filled or empty: a two-state Markov process.
public struct TelegraphModel: Equatable, Sendable {
  /// Mean time until an empty trap captures and until a filled one emits, in seconds.
  public var captureTime: Double
  public var emissionTime: Double
  /// Time between two readings, in seconds.
  public var sampleInterval: Double
  /// The reading that is compared with the reference.
  public var read: Pulse
  /// Conductance of the cell in siemens.
  public var conductance: Double

  public init(
    captureTime: Double, emissionTime: Double, sampleInterval: Double, read: Pulse,
    conductance: Double
  ) {
    self.captureTime = captureTime
    self.emissionTime = emissionTime
    self.sampleInterval = sampleInterval
    self.read = read
    self.conductance = conductance
  }
}
