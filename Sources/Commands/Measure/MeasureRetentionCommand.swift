import ArgumentParser
import Calibration
import Devices
import Failures
import VirtualLaboratory

/// `measure retention`: cells left alone.
struct MeasureRetentionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retention",
    abstract: "Read cells again after times at temperatures.",
    discussion: """
      Conductances are those of the calibration, log-uniform. The law of drift is that of its
      [retention]; where it has none, G(0) (1 + t/1 s)^-nu with nu of 0.02 at 25 °C, 30 % between
      cells, and 0.2 eV. Options change it.

      Example:
        crossbar-gan measure retention --temperature 25,60,100 --out retention.csv
      """)

  @Option(help: ArgumentHelp("Name of a calibration, or its file.", valueName: "NAME|FILE"))
  var calibration = "nili2020"

  @Option(help: ArgumentHelp("Number of devices per temperature.", valueName: "N"))
  var devices = 300

  @Option(
    help: ArgumentHelp("Times in seconds; the first is the reference.", valueName: "s[,s...]"))
  var times = NumberList([0, 1, 10, 100, 1000, 10_000])

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Temperatures in °C.", valueName: "°C[,°C...]"))
  var temperature = NumberList([25])

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Mean of nu at the law's temperature.", valueName: "X"))
  var drift: FiniteNumber?

  @Option(help: ArgumentHelp("Spread of nu between cells, relative.", valueName: "X"))
  var spread: FiniteNumber?

  @Option(help: ArgumentHelp("Activation energy of nu.", valueName: "eV"))
  var activationEnergy: FiniteNumber?

  @Option(help: ArgumentHelp("Noise of a reading, relative.", valueName: "X"))
  var noise = FiniteNumber(1e-4)

  @Option(help: ArgumentHelp("Table to write.", valueName: "FILE.csv"))
  var out: String

  @OptionGroup var layout: MeasureLayout

  @Option(help: ArgumentHelp("Seed of everything drawn.", valueName: "S"))
  var seed = 0

  func validate() throws {
    guard (1...1_000_000).contains(devices), seed >= 0 else {
      throw ValidationError("--devices is at least 1, --seed at least 0.")
    }
    guard times.values.allSatisfy({ $0 >= 0 }), temperature.values.allSatisfy({ $0 > -273.15 })
    else { throw ValidationError("--times are not negative, --temperature above -273.15 °C.") }
    guard spread?.value ?? 0 >= 0, noise.value >= 0 else {
      throw ValidationError("--spread and --noise are not negative.")
    }
  }

  func run() throws {
    let calibration = try Calibration.loadWithNotices(calibration)
    var measurement = RetentionMeasurement(conductance: calibration.device.limits.conductance)
    var law = calibration.retention ?? RetentionMeasurement.usualLaw
    let relative = spread?.value ?? (law.drift == 0 ? 0 : abs(law.spread / law.drift))
    if let drift { law.drift = drift.value }
    law.spread = relative * abs(law.drift)
    if let activationEnergy { law.activationEnergy = activationEnergy.value }
    measurement.law = law
    measurement.devices = devices
    measurement.times = times.values
    measurement.temperatures = temperature.values
    measurement.noise = noise.value
    measurement.seed = UInt64(seed)
    try measurement.write(to: out, as: layout.chosen)
  }
}
