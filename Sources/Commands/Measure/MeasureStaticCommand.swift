import ArgumentParser
import Calibration
import Devices
import Failures
import StaticFits
import VirtualLaboratory

/// `measure iv`: sweeps.
struct MeasureStaticCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "iv",
    abstract: "Sweep the voltage of devices in many states.",
    discussion: """
      Nominal conductances are log-uniform over the range in which the static model was measured;
      the table gives the nominal one, and devices deviate from it.

      Example:
        crossbar-gan measure iv --devices 300 --temperature 25,40,55,70,85,100 --out iv.csv
      """)

  @OptionGroup var options: MeasureOptions

  @Option(help: ArgumentHelp("States per device.", valueName: "N"))
  var cycles = 10

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Temperatures in °C, separated by commas.", valueName: "°C[,°C...]"))
  var temperature = NumberList([25])

  @Option(help: ArgumentHelp("Largest voltage in volts.", valueName: "V"))
  var voltage = FiniteNumber(0.4)

  @Option(help: ArgumentHelp("Points per sweep.", valueName: "N"))
  var points = 41

  @Flag(help: "Measure outside the range the model was measured in, with a warning.")
  var extrapolate = false

  func validate() throws {
    guard (1...1_000_000).contains(cycles), (2...1_000_000).contains(points) else {
      throw ValidationError("--cycles is at least 1 and --points at least 2.")
    }
    guard voltage.value > 0 else { throw ValidationError("--voltage is positive.") }
  }

  func run() throws {
    let calibration = try Calibration.loadWithNotices(options.calibration)
    var measurement = StaticMeasurement(device: calibration.device)
    measurement.devices = options.devices
    measurement.cycles = cycles
    measurement.temperatures = temperature.values
    measurement.voltage = voltage.value
    measurement.points = points
    measurement.instrument = options.instrument
    measurement.seed = UInt64(options.seed)
    let guardian = RangeGuard(extrapolates: extrapolate)
    for celsius in temperature.values {
      try guardian.check { () throws(Failure) in
        try calibration.device.limits.checkRead(
          conductance: measurement.range.upperBound, voltage: voltage.value,
          temperature: celsius + PhysicalConstants.zeroCelsius, at: calibration.name)
      }
    }
    guardian.report()
    try measurement.write(to: options.out, as: options.layout.chosen)
  }
}
