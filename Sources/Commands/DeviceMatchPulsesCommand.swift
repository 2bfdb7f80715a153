import ArgumentParser
import Calibration
import Devices
import Failures
import Files
import Foundation
import Reports
import Runs

/// `device match-pulses`: a balanced pulse pair for a window of conductances.
struct DeviceMatchPulsesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "match-pulses",
    abstract: "Find a SET and a RESET pulse with small, balanced steps in a window.",
    discussion: """
      Both pulses have one width and stay within the amplitudes and widths that the device was
      measured at. The symmetry point is the conductance towards which equal numbers of both drive a
      device; a window is best centred on it, and the answer names that window. It is written as a
      run configuration that `train --config` takes. With --set, --reset and --width nothing is
      searched for: the answer is what that pair does.

      Examples:
        crossbar-gan device match-pulses --window 30e-6:100e-6
        crossbar-gan device match-pulses --window 18e-6:56e-6 --width 1e-6 --out pulses.toml
        crossbar-gan device match-pulses --window 30e-6:100e-6 --set 0.8 --reset -0.9 --width 1e-7
      """)

  @OptionGroup var device: DeviceOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Conductances in siemens, lower and upper.", valueName: "LO:HI"))
  var window: ConductanceRange

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Pulses that shall carry a device across the window.", valueName: "N"))
  var pulses = FiniteNumber(500)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Width of both pulses in seconds. Default: found.", valueName: "s"))
  var width: FiniteNumber?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("SET voltage of a pair to judge instead of searching.", valueName: "V"))
  var set: FiniteNumber?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("RESET voltage of that pair, negative.", valueName: "V"))
  var reset: FiniteNumber?

  @Option(
    help: ArgumentHelp("File for a run configuration with the pulses.", valueName: "FILE.toml"))
  var out: String?

  func validate() throws {
    if pulses.value <= 0 { throw ValidationError("--pulses must be positive.") }
    if let width, width.value <= 0 { throw ValidationError("--width must be positive.") }
    guard set != nil || reset != nil else { return }
    guard let set, let reset, width != nil else {
      throw ValidationError("--set, --reset and --width make a pair: give all three.")
    }
    guard set.value > 0, reset.value < 0 else {
      throw ValidationError("--set must be positive and --reset negative.")
    }
  }

  /// The pair that the options give, if they do.
  private var given: PulsePair? {
    guard let set, let reset, let width else { return nil }
    return PulsePair(
      set: Pulse(voltage: set.value, width: width.value),
      reset: Pulse(voltage: reset.value, width: width.value))
  }

  /// Pulses that the options fix and the limits of the device have to allow.
  private func chosenPulses(_ limits: DeviceLimits) -> [Pulse] {
    if let given { return [given.set, given.reset] }
    guard let width else { return [] }
    return [Pulse(voltage: limits.setVoltage.lowerBound, width: width.value)]
  }

  func run() throws {
    let calibration = try Calibration.loadWithNotices(device.calibration)
    let model = calibration.device(interpolated: calibration.operation.interpolatesResponse)
    let guardian = RangeGuard(extrapolates: device.extrapolate)
    for bound in [window.range.lowerBound, window.range.upperBound] {
      try guardian.check { () throws(Failure) in
        try model.limits.checkConductance(bound, at: calibration.name)
        return nil
      }
    }
    for pulse in chosenPulses(model.limits) {
      try guardian.check { () throws(Failure) in
        try model.limits.checkPulse(pulse, at: calibration.name)
        return nil
      }
    }
    guardian.report()
    let search = PulsePairSearch(
      window: window.range, pulses: pulses.value, width: width?.value, limits: model.limits)
    let pair = try given ?? Self.rounded(search.best(for: model.pulseModel))
    let steps = model.pulseModel.steps(
      of: pair, window: window.range, range: model.limits.conductance)
    if let out {
      try AtomicFile.write(
        configuration(pair, bounds: calibration.operation.conductanceBounds), to: out)
    }
    if device.json {
      Console.print(json(calibration, pair, steps).line)
    } else {
      for line in lines(pair, steps) { Console.print(line) }
      if let out { Console.print("\ntrain with it: crossbar-gan train --config \(out)") }
    }
  }

  /// Whole millivolts and three digits of width: what an instrument is set to.
  private static func rounded(_ pair: PulsePair) -> PulsePair {
    func rounded(_ pulse: Pulse) -> Pulse {
      Pulse(
        voltage: (pulse.voltage * 1000).rounded() / 1000,
        width: Double(NumberText.short(pulse.width, digits: 3)) ?? pulse.width)
    }
    return PulsePair(set: rounded(pair.set), reset: rounded(pair.reset))
  }

  /// A configuration that `train` takes from any folder: the calibration's file by its whole path, room
  /// for the window where the calibration's bounds are closer.
  private func configuration(_ pair: PulsePair, bounds: ClosedRange<Double>) -> String {
    let (low, high) = (window.range.lowerBound, window.range.upperBound)
    return """
      # crossbar-gan device match-pulses --calibration \(device.calibration) --window \(low):\(high)
      [run]
      calibration = \(QuotedText.spelling(of: RunPath.calibration(device.calibration)))
      extrapolate = \(device.extrapolate)

      [weights]
      window_S = [\(low), \(high)]
      conductance_bounds_S = [\(min(low, bounds.lowerBound)), \(max(high, bounds.upperBound))]

      [update]
      set_voltage_V = \(pair.set.voltage)
      set_width_s = \(pair.set.width)
      reset_voltage_V = \(pair.reset.voltage)
      reset_width_s = \(pair.reset.width)

      """
  }

  /// The window of the same width about the symmetry point; nil without one, or where it would reach zero.
  private func centred(on steps: PulsePairSteps) -> ClosedRange<Double>? {
    let half = (window.range.upperBound - window.range.lowerBound) / 2
    guard let symmetryPoint = steps.symmetryPoint, symmetryPoint > half else { return nil }
    return symmetryPoint - half...symmetryPoint + half
  }

  private func json(
    _ calibration: Calibration, _ pair: PulsePair, _ steps: PulsePairSteps
  ) -> JSON {
    [
      "calibration": .text(calibration.name),
      "window_S": JSON([window.range.lowerBound, window.range.upperBound]),
      "set_voltage_V": .number(pair.set.voltage), "reset_voltage_V": .number(pair.reset.voltage),
      "width_s": .number(pair.set.width),
      "symmetry_point_S": steps.symmetryPoint.map(JSON.number) ?? .null,
      "centred_window_S": centred(on: steps).map { JSON([$0.lowerBound, $0.upperBound]) } ?? .null,
      "set_step_S": JSON([steps.setSteps.lowerBound, steps.setSteps.upperBound]),
      "reset_step_S": JSON([steps.resetSteps.lowerBound, steps.resetSteps.upperBound]),
      "pulses_up": .number(steps.pulsesUp), "pulses_down": .number(steps.pulsesDown),
      "imbalance": .number(exp(steps.imbalance)),
    ]
  }

  private func lines(_ pair: PulsePair, _ steps: PulsePairSteps) -> [String] {
    func range(_ range: ClosedRange<Double>) -> String {
      "\(Quantity(range.lowerBound, "S")) to \(Quantity(range.upperBound, "S"))"
    }
    return [
      "SET        \(Quantity(pair.set.voltage, "V")), \(Quantity(pair.set.width, "s")):"
        + " steps of \(range(steps.setSteps)), \(NumberText.short(steps.pulsesUp)) pulses up",
      "RESET      \(Quantity(pair.reset.voltage, "V")), \(Quantity(pair.reset.width, "s")):"
        + " steps of \(range(steps.resetSteps)), \(NumberText.short(steps.pulsesDown)) pulses down",
      "symmetry   " + (steps.symmetryPoint.map { "\(Quantity($0, "S"))" } ?? "none in the range")
        + (centred(on: steps).map { "; a window of \(range($0)) has it in its middle" } ?? ""),
      "imbalance  a factor of \(NumberText.short(exp(steps.imbalance))) between SET and RESET (rms)",
    ]
  }
}
