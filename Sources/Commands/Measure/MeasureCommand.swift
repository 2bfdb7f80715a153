import ArgumentParser
import Calibration
import Failures
import MeasuredTables
import VirtualLaboratory

/// `measure`: the virtual laboratory.
struct MeasureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure",
    abstract: "Write what an instrument would have measured on devices of a calibration.",
    discussion: """
      Tables are tidy, or in the layout of an instrument (--format), which `fit` knows by its marks.

      Examples:
        crossbar-gan measure iv --calibration nili2020 --devices 300 --out iv.csv
        crossbar-gan measure iv --temperature 25,40,55,70,85,100 --out iv.csv
        crossbar-gan measure iv --devices 4 --cycles 3 --format easyexpert --out sweeps.csv
        crossbar-gan measure noise --format tektronix --out trace.csv
      """,
    subcommands: [
      MeasureStaticCommand.self, MeasurePulsesCommand.self, MeasureSwitchingCommand.self,
      MeasureNoiseCommand.self, MeasureRetentionCommand.self, MeasureMapCommand.self,
      MeasureWiresCommand.self,
    ])
}

/// The layout of the file that a measurement writes.
struct MeasureLayout: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Layout of the file, as an instrument or a program writes it: \(TableFormat.listing).",
      valueName: "NAME"))
  var format = TableFormat.table.rawValue

  func validate() throws {
    guard TableFormat(rawValue: format) != nil else {
      throw ValidationError("--format \(format) is not known; expected \(TableFormat.listing).")
    }
  }

  var chosen: TableFormat { TableFormat(rawValue: format) ?? .table }
}

/// What every measurement needs.
struct MeasureOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Name of a calibration, or its file.", valueName: "NAME|FILE"))
  var calibration = "nili2020"

  @Option(help: ArgumentHelp("Number of devices.", valueName: "N"))
  var devices = 300

  @Option(help: ArgumentHelp("Table to write.", valueName: "FILE.csv"))
  var out: String

  @OptionGroup var layout: MeasureLayout

  @Option(help: ArgumentHelp("Seed of everything drawn.", valueName: "S"))
  var seed = 0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Offset of every current reading, A.", valueName: "A"))
  var offset = FiniteNumber(0)

  @Option(help: ArgumentHelp("Noise relative to the reading.", valueName: "X"))
  var noise = FiniteNumber(1e-3)

  @Option(help: ArgumentHelp("Noise at zero current, A.", valueName: "A"))
  var floor = FiniteNumber(1e-10)

  @Option(help: ArgumentHelp("Largest current, A; none without it.", valueName: "A"))
  var compliance: FiniteNumber?

  @Option(help: ArgumentHelp("Step of the converter, A; 0 for none.", valueName: "A"))
  var resolution = FiniteNumber(0)

  func validate() throws {
    guard (1...1_000_000).contains(devices) else {
      throw ValidationError("--devices \(devices) is not between 1 and 1000000.")
    }
    guard seed >= 0 else { throw ValidationError("--seed \(seed) is negative.") }
    guard noise.value >= 0, floor.value >= 0, resolution.value >= 0, compliance?.value ?? 1 > 0
    else { throw ValidationError("--noise, --floor, --compliance and --resolution are positive.") }
  }

  var instrument: Instrument {
    Instrument(
      offset: offset.value, relativeNoise: noise.value, noiseFloor: floor.value,
      compliance: compliance?.value ?? .infinity, resolution: resolution.value)
  }
}
