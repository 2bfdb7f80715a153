import ArgumentParser

/// `fit`: from measured files to a calibration.
struct FitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Fit device models to measured files and write a calibration.",
    discussion: """
      A tidy CSV with units in its header (voltage_V,current_A,device,cycle) is read as it is;
      anything else through a description, see calibration/README.md and Examples.

      Examples:
        crossbar-gan fit inspect iv.csv
        crossbar-gan fit iv iv.csv --model auto --out mine.toml
        crossbar-gan fit pulses pulses.csv --base mine.toml --out mine.toml
        crossbar-gan fit map map.csv --base mine.toml --out mine.toml
        crossbar-gan fit wires readout.csv --base mine.toml --name mine --out mine.toml
        crossbar-gan fit compare nili2020 mine.toml
      """,
    subcommands: [
      FitInspectCommand.self, FitStaticCommand.self, FitPulsesCommand.self,
      FitSwitchingCommand.self, FitNoiseCommand.self, FitRetentionCommand.self, FitMapCommand.self,
      FitWiresCommand.self, FitCompareCommand.self,
    ])
}

/// What every fit reads.
struct TableOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("Measured files.", valueName: "FILE"))
  var files: [String]

  @Option(help: ArgumentHelp("How to read files that are not tidy.", valueName: "FILE.toml"))
  var description: String?
}

/// What every fit writes.
struct FitOutputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Calibration to write; its name is the file's.", valueName: "NAME.toml"))
  var out: String?

  @Option(
    help: ArgumentHelp(
      "Calibration that gives the sections not fitted.", valueName: "NAME|FILE"))
  var base: String?

  @Option(help: ArgumentHelp("Folder for an HTML report.", valueName: "DIR"))
  var report: String?

  @Option(help: ArgumentHelp("Threads; results do not depend on it.", valueName: "N"))
  var threads = 2

  @Flag(help: "Print JSON, in SI units.")
  var json = false

  @Flag(help: "Print every trace and reading time, not only what they have in common.")
  var details = false

  func validate() throws { try ValidationError.check(workers: threads, option: "--threads") }
}
