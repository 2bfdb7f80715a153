import ArgumentParser
import Calibration
import Devices
import Failures
import VirtualLaboratory

/// `measure switching`: SET pulses around the threshold.
struct MeasureSwitchingCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "switching",
    abstract: "Pulse devices around their SET threshold and read what became of them.",
    discussion: """
      Every device is reset before each pulse. Needs a calibration with [switching].

      Example:
        crossbar-gan measure switching --devices 100 --cycles 10 --out switching.csv
      """)

  @OptionGroup var options: MeasureOptions

  @Option(help: ArgumentHelp("Pulses per device and amplitude.", valueName: "N"))
  var cycles = 10

  @Option(
    help: ArgumentHelp(
      "Amplitudes in volts; default: 13 around the threshold.", valueName: "V[,V...]"))
  var voltages: NumberList?

  func validate() throws {
    guard (1...1_000_000).contains(cycles) else {
      throw ValidationError("--cycles \(cycles) is not between 1 and 1000000.")
    }
    guard voltages?.values.allSatisfy({ $0 > 0 }) ?? true else {
      throw ValidationError("--voltages are positive.")
    }
  }

  func run() throws {
    let calibration = try Calibration.loadWithNotices(options.calibration)
    guard let model = calibration.device.switching else {
      throw Failure(
        .badData, at: calibration.path, "has no [switching] to measure",
        remedy: "take a calibration that has the section, such as nili2020")
    }
    var measurement = SwitchingMeasurement(model: model)
    measurement.devices = options.devices
    measurement.cycles = cycles
    measurement.voltages = voltages?.values ?? []
    measurement.instrument = options.instrument
    measurement.seed = UInt64(options.seed)
    try measurement.write(to: options.out, as: options.layout.chosen)
  }
}
