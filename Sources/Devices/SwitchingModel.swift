/// Abrupt, random switching of a device by a pulse near its threshold.
///
/// A device has a frozen threshold μ_d ~ N(`thresholdMean`, `deviceSpread`²). Each SET pulse meets a
/// fresh threshold N(μ_d, `cycleSpread`²), so that a pulse of amplitude V switches with
///
///     P = Φ((V − μ_d − `drift` · cycles) / `cycleSpread`)
///
/// and a RESET pulse brings the device back for certain. SI units.
package struct SwitchingModel: Equatable, Sendable {
  /// Mean SET threshold of the population, in volts.
  package var thresholdMean: Double
  /// Standard deviation between devices, in volts.
  package var deviceSpread: Double
  /// Standard deviation from one pulse to the next, in volts.
  package var cycleSpread: Double
  /// Change of every threshold per cycle, in volts.
  package var drift: Double
  /// Width of the SET pulse in seconds; its amplitude is the source's to control.
  package var setWidth: Double
  /// The pulse that brings a device back, whatever its threshold; negative volts.
  package var resetPulse: Pulse
  /// Amplitude in volts and duration in seconds of the read that decides the bit.
  package var read: Pulse
  /// Conductance in siemens after SET.
  package var onConductance: Double
  /// Conductance in siemens after RESET.
  package var offConductance: Double
  /// Full cycles that a device lasts.
  package var endurance: Double
  /// Devices per reserved column; the devices of a row cycle together.
  package var rows: Int
  /// Reserved columns.
  package var columns: Int

  /// A model from its parameters in volts, seconds and siemens.
  package init(
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
  package var cycleTime: Double { setWidth + read.width + resetPulse.width }
}

/// A trap that a reading sees filled or empty: a two-state Markov process.
package struct TelegraphModel: Equatable, Sendable {
  /// Mean time until an empty trap captures, in seconds.
  package var captureTime: Double
  /// Mean time until a filled trap emits, in seconds.
  package var emissionTime: Double
  /// Time between two readings, in seconds.
  package var sampleInterval: Double
  /// The reading that is compared with the reference.
  package var read: Pulse
  /// Conductance of the cell in siemens.
  package var conductance: Double

  /// A trap in a cell, and how the cell is read.
  package init(
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
