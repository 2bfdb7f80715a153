import ArgumentParser
import Calibration
import Devices
import Failures
import Files
import Reports
import Runs

/// `device current`: the static characteristic of the mean device.
struct DeviceCurrentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "current",
    abstract: "Current of the mean device at given voltages, without variation and noise.",
    discussion: """
      Example:
        crossbar-gan device current --conductance 5e-5 --voltage 0.1,0.2,-0.4 --temperature 25
      """)

  @OptionGroup var device: DeviceOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Programmed conductance in siemens.", valueName: "S"))
  var conductance = FiniteNumber(50e-6)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Voltages in volts, separated by commas.", valueName: "V[,V...]"))
  var voltage: NumberList

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Temperature in °C.", valueName: "°C"))
  var temperature = FiniteNumber(25)

  func run() throws {
    let calibration = try Calibration.loadWithNotices(device.calibration)
    let kelvin = temperature.value + PhysicalConstants.zeroCelsius
    let guardian = RangeGuard(extrapolates: device.extrapolate)
    for voltage in voltage.values {
      try guardian.check { () throws(Failure) in
        try calibration.device.limits.checkRead(
          conductance: conductance.value, voltage: voltage, temperature: kelvin,
          at: calibration.name)
      }
    }
    guardian.report()
    let currents = voltage.values.map {
      calibration.device.staticModel.current(
        conductance: conductance.value, voltage: $0, temperature: kelvin)
    }
    try NumberText.requireFinite(currents, "current", at: calibration.name)
    if device.json {
      printJSON(calibration.name, currents)
    } else {
      printTable(currents)
    }
  }

  private func printJSON(_ name: String, _ currents: [Double]) {
    let answer: JSON = [
      "calibration": .text(name), "conductance_S": .number(conductance.value),
      "temperature_C": .number(temperature.value), "voltage_V": JSON(voltage.values),
      "current_A": JSON(currents),
    ]
    Console.print(answer.line)
  }

  private func printTable(_ currents: [Double]) {
    var table = AlignedTable(header: ["voltage_V", "current_A"])
    for (voltage, current) in zip(voltage.values, currents) {
      table.append(["\(voltage)", "\(current)"])
    }
    for line in table.lines { Console.print(line) }
  }
}
