import ArgumentParser
import Failures
import FitResults
import StaticFits

/// `fit map`: variation over an array.
struct FitMapCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "map",
    abstract: "Fit how conductance varies over an array.",
    discussion: """
      Needs row, column and conductance (or resistance, or voltage and current); a description
      decodes addresses, such as row = floor(addr / 256). ln G is taken apart into gradient, rows,
      columns and a residual whose correlation falls exponentially with distance, or is none. Dead
      and stuck cells are found first and set aside. Lengths are in cells, spreads are of ln G.

      Examples:
        crossbar-gan fit map map.csv --out mine.toml --cells faults.csv
        crossbar-gan fit map log/C1/read_formed.tsv --description Examples/fit/chip-map.toml
      """)

  @OptionGroup var table: TableOptions
  @OptionGroup var output: FitOutputOptions

  @Option(help: ArgumentHelp("A cell below is dead whatever its neighbours, S.", valueName: "S"))
  var deadBelow: FiniteNumber?

  @Option(help: ArgumentHelp("A cell above is stuck whatever its neighbours, S.", valueName: "S"))
  var stuckAbove: FiniteNumber?

  @Option(help: ArgumentHelp("Table of dead and stuck cells to write.", valueName: "FILE.csv"))
  var cells: String?

  @Option(
    help: ArgumentHelp(
      "Table of row and column effects with standard errors to write.", valueName: "FILE.csv"))
  var parts: String?

  @Option(help: ArgumentHelp("Largest read voltage, where no base gives it.", valueName: "V"))
  var readVoltage = FiniteNumber(0.2)

  func validate() throws {
    guard deadBelow?.value ?? 1 > 0, stuckAbove?.value ?? 1 > 0, readVoltage.value > 0 else {
      throw ValidationError("--dead-below, --stuck-above and --read-voltage are positive.")
    }
  }

  func run() throws {
    let map = try ConductanceMap(try table.reader())
    let fit = try MapFit(
      map, limits: .init(dead: deadBelow?.value, stuck: stuckAbove?.value),
      at: table.files.first ?? "map")
    try output.finish(fit.report, table: table) { (draft, source) throws(Failure) in
      try fit.enter(&draft, source: source)
    } assumed: {
      CalibrationDraft(assumedAround: fit.conductance, readVoltage: readVoltage.value, name: $0)
    }
    if let cells { try fit.writeCells(to: cells) }
    if let parts { try fit.writeParts(to: parts) }
    if let refusal = fit.refusal { throw refusal }
  }
}
