import ArgumentParser
import Failures
import Files
import MeasuredTables
import NodalAnalysis
import Reports

/// `array plot`: a heat map of potentials or device voltages.
struct ArrayPlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draw device voltages or node potentials as a heat map.",
    discussion: """
      Either an input drives all word lines, or a device is selected under a scheme. Word lines run
      from left to right, bit lines from top to bottom.

      Examples:
        crossbar-gan array plot --conductances G.csv --inputs V.csv --out read.png
        crossbar-gan array plot --conductances G.csv --row 0 --column 3 --scheme half --voltage 1.3 \\
          --out write.png
      """)

  enum Quantity: String, ExpressibleByArgument, CaseIterable {
    case device
    case word
    case bit
  }

  @OptionGroup var array: ArrayOptions

  @Option(help: ArgumentHelp("Voltages; the first input is used.", valueName: "V.csv"))
  var inputs: String?

  @Option(help: ArgumentHelp("Word line of a selected device, from 0.", valueName: "i"))
  var row: Int?

  @Option(help: ArgumentHelp("Bit line of a selected device, from 0.", valueName: "j"))
  var column: Int?

  @Option(help: "Scheme of the selection.")
  var scheme = BiasScheme.half

  @Option(parsing: .unconditional, help: ArgumentHelp("Voltage of the selection.", valueName: "V"))
  var voltage = FiniteNumber(0.1)

  @Option(help: "Device voltages, or potentials along word or bit lines.")
  var quantity = Quantity.device

  @Option(help: ArgumentHelp("File for the heat map.", valueName: "FILE.png"))
  var out: String

  func validate() throws {
    guard (inputs != nil) != (row != nil || column != nil) else {
      throw ValidationError("give --inputs, or --row and --column")
    }
    guard (row == nil) == (column == nil) else {
      throw ValidationError("--row and --column go together")
    }
  }

  func run() throws {
    let array = try array.load().array
    let nodes = try nodes(of: array)
    let values =
      switch quantity {
      case .device: nodes.deviceVoltages
      case .word: nodes.word
      case .bit: nodes.bit
      }
    let map = HeatMap(rows: array.rows, columns: array.columns, values: values)
    try map.write(to: out)
    Console.error(
      "\(out): \(NumberText.short(map.range.lowerBound)) V (dark) to "
        + "\(NumberText.short(map.range.upperBound)) V (bright)")
  }

  private func nodes(of array: WiredArray) throws(Failure) -> NodePotentials {
    if let row, let column {
      return try array.select(row: row, column: column, scheme: scheme, voltage: voltage.value)
        .solution.nodes
    }
    let table = try NumberTable.readInputs(inputs ?? "", rows: array.rows)
    let grounded = [Double](repeating: 0, count: array.columns)
    return try ExactSolver(array).solve(LineEnds(word: table.row(0), bit: grounded)).nodes
  }
}
