/// How a device is operated where neither its calibration nor a run says otherwise.
///
/// The only place of these defaults: a calibration's `[operation]` goes before them, a run's
/// configuration before both.
package struct OperatingPoint: Equatable, Sendable {
  /// V_read in volts, which the largest signal maps to: low, because devices are nonlinear and a
  /// pair that was verified at V_read reads true near it only.
  package var readVoltage = 0.05
  /// The signal that bias lines always carry, in units of the largest other signal.
  package var biasInput = 8.0
  /// Raises conductance by one step; positive volts.
  package var setPulse = Pulse(voltage: 0.8, width: 1e-7)
  /// Lowers conductance by one step; negative volts.
  package var resetPulse = Pulse(voltage: -0.9, width: 1e-7)
  /// Conductances in siemens between which weights are mapped.
  package var window: ClosedRange<Double> = 30e-6...100e-6
  /// Conductances in siemens beyond which no pulse moves a device; ``window`` lies inside.
  package var conductanceBounds: ClosedRange<Double> = 3.2e-6...315e-6

  package init() {}

  /// The defaults.
  package static let standard = OperatingPoint()
}
