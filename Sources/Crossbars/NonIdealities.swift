/// Non-idealities of an array beside those of its device's model, each a switch of its own.
///
/// Shares and deviations are numbers between 0 and 1; zero switches one off. Which device has
/// which is drawn from the device seed: it belongs to the chip.
package struct NonIdealities: Equatable, Sendable {
  /// Standard deviation of a device's conductance relative to what it was programmed to, frozen.
  ///
  /// A device conducts max(0, 1 + σz) times its programmed value.
  package var deviceVariability = 0.0
  /// Standard deviation of one write relative to the change it makes, and of a blind write relative
  /// to the conductance it aims at.
  package var writeVariability = 0.0
  /// States between the ends of the window, ends included; zero is a continuum.
  package var levels = 0
  /// Share of the devices that stay at the window's upper end.
  package var stuckOn = 0.0
  /// Share of the devices that stay at the window's lower end.
  package var stuckOff = 0.0
  /// Share of the word lines that are broken: their devices neither conduct nor change.
  package var deadRows = 0.0
  /// Share of the bit lines that are broken.
  package var deadColumns = 0.0
  /// Leakage: share of its current at V_read that every device passes to its line in each read,
  /// driven or not.
  package var leakage = 0.0
  /// Standard deviation of the leakage of a line from read to read, relative to it.
  package var leakageNoise = 0.0

  /// An ideal array.
  package init() {}

  /// Whether devices differ from their model.
  var changesDevices: Bool {
    deviceVariability > 0 || stuckOn > 0 || stuckOff > 0 || deadRows > 0 || deadColumns > 0
  }

  /// Distance of neighbouring levels within a window, in siemens; nil for a continuum.
  package func levelStep(in window: ClosedRange<Double>) -> Double? {
    levels > 1 ? (window.upperBound - window.lowerBound) / Double(levels - 1) : nil
  }

  /// The level nearest to a conductance in siemens, or the conductance within the window.
  package func nearestLevel(_ conductance: Double, in window: ClosedRange<Double>) -> Double {
    let held = min(max(conductance, window.lowerBound), window.upperBound)
    guard let step = levelStep(in: window) else { return held }
    return window.lowerBound + ((held - window.lowerBound) / step).rounded() * step
  }
}
