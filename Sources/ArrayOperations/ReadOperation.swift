import Devices

/// The conditions under which an array is read.
package struct ReadOperation: Equatable, Sendable {
  /// Voltage that an input of one maps to, V_read, in volts.
  package var voltage = 0.2
  /// Bandwidth of the read-out in hertz: sets the read noise.
  package var bandwidth = 1e6
  /// Duration of one read in seconds.
  package var time = 1e-6
  /// Temperature in kelvin.
  package var temperature = 25 + PhysicalConstants.zeroCelsius
  /// Share of a device's current below which its curvature is not followed device by device.
  ///
  /// Lines driven that weakly are read with the mean curvature of their devices. Zero follows every
  /// device at every voltage.
  package var curvatureTolerance = 0.0

  /// 0.2 V for 1 µs at 25 °C, read through 1 MHz.
  package init() {}
}
