import ArgumentParser
import Calibration
import Failures
import VirtualLaboratory

/// `measure pulses`: random programming pulses.
struct MeasurePulsesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pulses",
    abstract: "Program devices with random pulses and read them before and after each.",
    discussion: """
      Example:
        crossbar-gan measure pulses --devices 300 --count 6700 --out pulses.csv
        crossbar-gan measure pulses --calibration mine.toml --series 200 --count 4000 --out runs.csv
      """)

  @Option(help: ArgumentHelp("Name of a calibration, or its file.", valueName: "NAME|FILE"))
  var calibration = "nili2020"

  @Option(help: ArgumentHelp("Number of devices.", valueName: "N"))
  var devices = 300

  @Option(help: ArgumentHelp("Pulses per device.", valueName: "N"))
  var count = 1000

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp(
      "Pulses until a device is set to a new random conductance.", valueName: "N"))
  var runLength = 20

  @Option(
    help: ArgumentHelp(
      "Runs of N equal pulses, SET and RESET in turn, in place of random ones.", valueName: "N"))
  var series: Int?

  @Option(help: ArgumentHelp("Noise of a reading relative to it.", valueName: "X"))
  var noise = FiniteNumber(1e-4)

  @Option(help: ArgumentHelp("Noise of a reading at zero, S.", valueName: "S"))
  var floor = FiniteNumber(1e-10)

  @Option(help: ArgumentHelp("Table to write.", valueName: "FILE.csv"))
  var out: String

  @OptionGroup var layout: MeasureLayout

  @Option(help: ArgumentHelp("Seed of everything drawn.", valueName: "S"))
  var seed = 0

  func validate() throws {
    guard (1...1_000_000).contains(devices), (1...10_000_000).contains(count), runLength > 0,
      series ?? 1 > 0, seed >= 0
    else {
      throw ValidationError(
        "--devices, --count, --run and --series are at least 1, --seed at least 0.")
    }
    guard noise.value >= 0, floor.value >= 0 else {
      throw ValidationError("--noise and --floor are not negative.")
    }
  }

  func run() throws {
    let calibration = try Calibration.loadWithNotices(self.calibration)
    var measurement = PulseMeasurement(device: calibration.device)
    measurement.devices = devices
    measurement.pulses = count
    measurement.runLength = runLength
    measurement.seriesLength = series
    measurement.noise = noise.value
    measurement.floor = floor.value
    measurement.seed = UInt64(seed)
    try measurement.write(to: out, as: layout.chosen)
  }
}
