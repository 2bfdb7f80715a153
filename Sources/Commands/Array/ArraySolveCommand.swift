import ArgumentParser
import Failures
import Files
import Foundation
import Mathematics
import MeasuredTables
import NodalAnalysis
import Reports
import Runs

/// `array solve`: currents out of the bit lines for voltages at the word lines.
struct ArraySolveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "solve",
    abstract: "Currents of an array for input voltages, wires included.",
    discussion: """
      Writes one line per input and one column per bit line, in amperes with 17 digits.
      Conductances and inputs may also be NumPy arrays (.npy).

      Example:
        crossbar-gan array solve --conductances G.csv --inputs V.csv --word-line-ohm 1 \\
          --bit-line-ohm 1 --source-ohm 10 --sense-ohm 10 --out I.csv
      """)

  @OptionGroup var array: ArrayOptions

  @Option(help: ArgumentHelp("Voltages, one input per row.", valueName: "V.csv"))
  var inputs: String

  @Option(help: "Newton with sparse Cholesky, or conjugate gradients on lines.")
  var method = SolveMethod.exact

  @Option(
    help: ArgumentHelp(
      "Error allowed relative to full scale, 1e-6 by default for fast; exact solves to rounding, "
        + "well below its 1e-10.",
      valueName: "E"))
  var tolerance: Double?

  @Option(
    help: ArgumentHelp("File for the currents; standard output if absent.", valueName: "I.csv"))
  var out: String?

  @Option(help: ArgumentHelp("Solve n times over and report the median time.", valueName: "n"))
  var repeats = 1

  @Flag(help: "Print a summary as JSON on standard output.")
  var json = false

  func validate() throws {
    if let tolerance, !(tolerance > 0 && tolerance < 1) {
      throw ValidationError("--tolerance must be within 0 and 1")
    }
    guard repeats > 0 else { throw ValidationError("--repeats must be 1 or more") }
    if json && out == nil { throw ValidationError("--json needs --out for the currents") }
  }

  func run() throws {
    let array = try array.load().array
    let table = try NumberTable.readInputs(inputs, rows: array.rows)
    let grounded = [Double](repeating: 0, count: array.columns)
    let potentials = (0..<table.rows).map { LineEnds(word: table.row($0), bit: grounded) }
    var durations: [Double] = []
    var summary = SolveSummary(array, inputs: table.rows, method: method.rawValue)
    var outputs: [Double] = []
    for _ in 0..<repeats {
      let start = ContinuousClock.now
      outputs = try method.solve(array, potentials, tolerance: tolerance, &summary).currents
      let elapsed = (ContinuousClock.now - start).components
      durations.append(Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18)
    }
    try NumberText.requireFinite(outputs, "current", at: inputs)
    summary.seconds = durations.median ?? 0
    let currents = NumberTable(rows: table.rows, columns: array.columns, values: outputs)
    guard let out else {
      Console.printText(currents.text)
      return
    }
    try currents.write(to: out)
    if json { Console.print(summary.json.line) } else { Console.error(summary.line) }
  }
}
