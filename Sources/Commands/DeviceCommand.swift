import ArgumentParser

/// `device`: what a calibration says of a single device.
struct DeviceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "device",
    abstract: "Ask the model of a single device.",
    discussion: """
      Examples:
        crossbar-gan device list
        crossbar-gan device show nili2020
        crossbar-gan device current --conductance 5e-5 --voltage 0.1,0.2,-0.4
        crossbar-gan device pulse --conductance 65e-6 --voltage -1.4 --width 1e-3 --count 5
        crossbar-gan device match-pulses --window 30e-6:100e-6
      """,
    subcommands: [
      DeviceCurrentCommand.self, DevicePulseCommand.self, DeviceListCommand.self,
      DeviceShowCommand.self, DeviceMatchPulsesCommand.self,
    ])
}

/// What every question to a device needs.
struct DeviceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Name of a calibration, or its file.", valueName: "NAME|FILE"))
  var calibration = "nili2020"

  @Flag(help: "Compute outside the range the model was measured in, with a warning.")
  var extrapolate = false

  @Flag(help: "Print JSON, in SI units.")
  var json = false
}
