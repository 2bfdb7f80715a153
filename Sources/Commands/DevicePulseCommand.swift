import ArgumentParser
import Calibration
import Devices
import Failures
import Files
import Reports
import Runs

/// `device pulse`: how programming pulses move the mean device.
struct DevicePulseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pulse",
    abstract: "Conductance of the mean device after each of equal pulses, without variation.",
    discussion: """
      Positive voltages SET, negative ones RESET. Conductance stays inside the model's range.

      Example:
        crossbar-gan device pulse --conductance 65e-6 --voltage -1.4 --width 1e-3 --count 5
      """)

  @OptionGroup var device: DeviceOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Conductance before the first pulse in siemens.", valueName: "S"))
  var conductance = FiniteNumber(50e-6)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Amplitude in volts, with its sign.", valueName: "V"))
  var voltage: FiniteNumber

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Duration in seconds.", valueName: "s"))
  var width: FiniteNumber

  @Option(parsing: .unconditional, help: ArgumentHelp("Number of pulses.", valueName: "N"))
  var count = 1

  func validate() throws {
    guard (1...10_000_000).contains(count) else {
      throw ValidationError("--count \(count) is not between 1 and 10000000.")
    }
  }

  func run() throws {
    let calibration = try Calibration.loadWithNotices(device.calibration)
    let pulse = Pulse(voltage: voltage.value, width: width.value)
    let guardian = RangeGuard(extrapolates: device.extrapolate)
    try guardian.check { () throws(Failure) in
      try calibration.device.limits.checkPulse(
        pulse, conductance: conductance.value, at: calibration.name)
      return nil
    }
    guardian.report()
    let conductances = calibration.device.meanTrajectory(
      from: conductance.value, pulse: pulse, count: count)
    try NumberText.requireFinite(conductances, "conductance", at: calibration.name)
    if device.json {
      let answer: JSON = [
        "calibration": .text(calibration.name), "initial_conductance_S": .number(conductance.value),
        "voltage_V": .number(voltage.value), "width_s": .number(width.value),
        "conductance_S": JSON(conductances),
      ]
      Console.print(answer.line)
    } else {
      var table = AlignedTable(header: ["pulse", "conductance_S"])
      for (index, value) in conductances.enumerated() {
        table.append(["\(index + 1)", "\(value)"])
      }
      for line in table.lines { Console.print(line) }
    }
  }
}
