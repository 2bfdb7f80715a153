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

/// How a signed weight is held by devices, and which of them a pulse may move.
package enum Pairing: String, Sendable, CaseIterable {
  /// W ∝ G⁺ − G⁻; a raise SETs the plus device and RESETs the minus one.
  case twoSided = "two-sided"
  /// W ∝ G⁺ − G⁻; a raise SETs the plus device, a fall the minus one; pairs need refreshing.
  case setOnly = "set-only"
  /// W ∝ G⁺ − G⁻ with the minus device a reference in a tile of its own, which training neither
  /// pulses nor half-selects.
  case oneFixed = "one-fixed"
  /// W ∝ (G⁺ − G⁻) − (R⁺ − R⁻): a two-sided pair and a pair of references in tiles of their own, which
  /// training neither pulses nor half-selects.
  case referencedPair = "referenced-pair"
  /// |W| ∝ G − G_low with the sign stored digitally and never changing.
  case singleWithSign = "single"
}
