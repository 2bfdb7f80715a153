import ArgumentParser
import Reports
import Runs

/// Non-idealities of arrays; each sets a key of `imperfections`.
struct NonIdealityOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Frozen relative deviation of conductances.", valueName: "SHARE"))
  var variability: FiniteNumber?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Relative deviation of every write.", valueName: "SHARE"))
  var writeVariability: FiniteNumber?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("States of a device, 2 or more; 0 is a continuum.", valueName: "N"))
  var levels: Int?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Share of devices stuck on.", valueName: "SHARE"))
  var stuckOn: FiniteNumber?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Share of devices stuck off.", valueName: "SHARE"))
  var stuckOff: FiniteNumber?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Share of broken word lines.", valueName: "SHARE"))
  var deadRows: FiniteNumber?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Share of broken bit lines.", valueName: "SHARE"))
  var deadColumns: FiniteNumber?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Share of its current that every device leaks.", valueName: "SHARE"))
  var leakage: FiniteNumber?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Relative deviation of a line's leakage.", valueName: "SHARE"))
  var leakageNoise: FiniteNumber?

  /// The given options as keys of the configuration.
  var options: [RunOption] {
    let numbers: [(option: String, key: String, value: FiniteNumber?)] = [
      ("--variability", "device_variability", variability),
      ("--write-variability", "write_variability", writeVariability),
      ("--stuck-on", "stuck_on", stuckOn), ("--stuck-off", "stuck_off", stuckOff),
      ("--dead-rows", "dead_rows", deadRows), ("--dead-columns", "dead_columns", deadColumns),
      ("--leakage", "leakage", leakage), ("--leakage-noise", "leakage_noise", leakageNoise),
    ]
    var options = numbers.compactMap { option, key, value in
      value.map { RunOption(option, "imperfections", key, .number($0.value)) }
    }
    if let levels {
      options.append(RunOption("--levels", "imperfections", "levels", .integer(levels)))
    }
    return options
  }
}
