import Calibration
import Devices
import Failures

/// A device by the parameters of a calibration file: its mean static characteristic and pulse
/// response.
///
/// I = Σₖ aₖ(G, T) · φₖ(V) and ΔG = f(G; amplitude, width); ARCHITECTURE.md says which models there
/// are. Conductances in siemens, voltages in volts, widths in seconds, temperatures in °C.
public struct MeasuredDevice: Sendable {
  let calibration: Calibration

  /// Loads a published device such as `nili2020`, or a file.
  ///
  /// - Parameter nameOrPath: a name that ``names`` lists, or the path of a TOML file.
  /// - Throws: ``CrossbarError`` for a file that is absent, malformed or out of range.
  public init(_ nameOrPath: String = "nili2020") throws(CrossbarError) {
    calibration = try exposing { () throws(Failure) in try Calibration.load(nameOrPath) }
  }

  /// Names of the published devices.
  ///
  public static var names: [String] { CalibrationLibrary.names() }

  /// The calibration's name.
  public var name: String { calibration.name }

  /// Conductances between which weights are mapped, in siemens.
  public var window: ClosedRange<Double> { calibration.operation.window }

  /// Current of the mean device in amperes.
  ///
  /// - Parameters:
  ///   - conductance: programmed conductance in siemens.
  ///   - voltage: in volts, of either sign.
  ///   - celsius: temperature in °C.
  /// - Throws: ``CrossbarError`` outside the range that the calibration was measured in.
  public func current(
    conductance: Double, voltage: Double, celsius: Double = 25
  ) throws(CrossbarError) -> Double {
    let kelvin = celsius + PhysicalConstants.zeroCelsius
    try exposing { () throws(Failure) in
      _ = try calibration.device.limits.checkRead(
        conductance: conductance, voltage: voltage, temperature: kelvin, at: name)
    }
    return calibration.device.staticModel.current(
      conductance: conductance, voltage: voltage, temperature: kelvin)
  }

  /// Conductances of the mean device after each of some equal pulses, in siemens.
  ///
  /// - Parameters:
  ///   - conductance: before the first pulse, in siemens.
  ///   - voltage: amplitude in volts; positive sets.
  ///   - width: in seconds.
  ///   - count: number of pulses, at least 1.
  /// - Throws: ``CrossbarError`` outside the range that the calibration was measured in.
  public func pulsed(
    from conductance: Double, voltage: Double, width: Double, count: Int = 1
  ) throws(CrossbarError) -> [Double] {
    guard count > 0 else { throw CrossbarError(argument: "count", "\(count) is not positive") }
    let pulse = Pulse(voltage: voltage, width: width)
    try exposing { () throws(Failure) in
      _ = try calibration.device.limits.checkPulse(pulse, conductance: conductance, at: name)
    }
    return calibration.device.meanTrajectory(from: conductance, pulse: pulse, count: count)
  }
}
