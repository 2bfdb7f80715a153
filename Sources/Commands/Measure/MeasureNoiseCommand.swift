import ArgumentParser
import Calibration
import Devices
import Failures
import VirtualLaboratory

/// `measure noise`: traces of readings.
struct MeasureNoiseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "noise",
    abstract: "Read cells with a trap at equal intervals.",
    discussion: """
      The trap and the interval are those of the calibration's [telegraph] where it has one, else
      those given here, at the centre of the window; amplitude and other noise are given here.

      Example:
        crossbar-gan measure noise --samples 16384 --corner 100 --out noise.csv
      """)

  @Option(help: ArgumentHelp("Name of a calibration, or its file.", valueName: "NAME|FILE"))
  var calibration = "nili2020"

  @Option(help: ArgumentHelp("Mean time until an empty trap captures.", valueName: "s"))
  var captureTime = FiniteNumber(5e-3)

  @Option(help: ArgumentHelp("Mean time until a filled trap emits.", valueName: "s"))
  var emissionTime = FiniteNumber(2e-3)

  @Option(help: ArgumentHelp("Time between two samples.", valueName: "s"))
  var interval = FiniteNumber(1e-4)

  @Option(help: ArgumentHelp("Number of devices.", valueName: "N"))
  var devices = 1

  @Option(help: ArgumentHelp("Samples per device.", valueName: "N"))
  var samples = 16_384

  @Option(help: ArgumentHelp("Change by a filled trap, of the conductance.", valueName: "X"))
  var amplitude = FiniteNumber(0.05)

  @Option(help: ArgumentHelp("White noise, of the conductance.", valueName: "X"))
  var white = FiniteNumber(0.005)

  @Option(
    help: ArgumentHelp("Frequency at which 1/f noise equals white; 0: none.", valueName: "Hz"))
  var corner = FiniteNumber(0)

  @Option(help: ArgumentHelp("Exponent of the 1/f noise.", valueName: "X"))
  var exponent = FiniteNumber(1)

  @Option(help: ArgumentHelp("Frequency of an instrument's line.", valueName: "Hz"))
  var line: FiniteNumber?

  @Option(help: ArgumentHelp("Amplitude of the line, of the conductance.", valueName: "X"))
  var lineAmplitude = FiniteNumber(0.02)

  @Option(help: ArgumentHelp("Table to write.", valueName: "FILE.csv"))
  var out: String

  @OptionGroup var layout: MeasureLayout

  @Option(help: ArgumentHelp("Seed of everything drawn.", valueName: "S"))
  var seed = 0

  func validate() throws {
    guard (1...1_000_000).contains(devices), (1...100_000_000).contains(samples), seed >= 0 else {
      throw ValidationError("--devices and --samples are at least 1, --seed at least 0.")
    }
    guard captureTime.value > 0, emissionTime.value > 0, interval.value > 0 else {
      throw ValidationError("--capture-time, --emission-time and --interval are positive.")
    }
    guard amplitude.value >= 0, white.value >= 0, corner.value >= 0, line?.value ?? 1 > 0 else {
      throw ValidationError("--amplitude, --white and --corner are not negative, --line positive.")
    }
    guard corner.value == 0 || white.value > 0 else {
      throw ValidationError("--corner needs --white above 0.")
    }
  }

  func run() throws {
    let calibration = try Calibration.loadWithNotices(self.calibration)
    let window = calibration.operation.window
    let model =
      calibration.device.telegraph
      ?? TelegraphModel(
        captureTime: captureTime.value, emissionTime: emissionTime.value,
        sampleInterval: interval.value, read: Pulse(voltage: 0.1, width: 1e-6),
        conductance: (window.lowerBound + window.upperBound) / 2)
    var measurement = NoiseMeasurement(model: model)
    measurement.devices = devices
    measurement.samples = samples
    measurement.amplitude = amplitude.value
    measurement.white = white.value
    measurement.corner = corner.value
    measurement.exponent = exponent.value
    measurement.line = line.map { ($0.value, lineAmplitude.value) }
    measurement.seed = UInt64(seed)
    try measurement.write(to: out, as: layout.chosen)
  }
}
