import ArgumentParser
import Failures
import Files
import MeasuredTables
import NodalAnalysis

/// `array export`: the array for another simulator.
struct ArrayExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the array as a netlist that ngspice runs as it is.",
    discussion: """
      The netlist prints the current into every bit-line terminal at its operating point.

      Example:
        crossbar-gan array export --conductances G.csv --inputs V.csv --spice array.cir
        ngspice -b array.cir
      """)

  @OptionGroup var array: ArrayOptions

  @Option(help: ArgumentHelp("Voltages, one input per row.", valueName: "V.csv"))
  var inputs: String

  @Option(help: ArgumentHelp("Row of the input file to use, from 0.", valueName: "n"))
  var input = 0

  @Option(help: ArgumentHelp("File for the netlist.", valueName: "FILE.cir"))
  var spice: String

  func run() throws {
    let array = try array.load().array
    let table = try NumberTable.readInputs(inputs, rows: array.rows)
    guard (0..<table.rows).contains(input) else {
      throw Failure(.usage, at: "--input", "\(input) is not a row of \(inputs)")
    }
    let potentials = LineEnds(
      word: table.row(input), bit: [Double](repeating: 0, count: array.columns))
    let title = "passive array of \(array.rows) x \(array.columns), input \(input)"
    try AtomicFile.write(
      SpiceNetlist.text(array, potentials: potentials, title: title), to: spice)
  }
}
