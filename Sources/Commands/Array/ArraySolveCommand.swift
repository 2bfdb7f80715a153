import ArgumentParser
import Failures
import Files
import Foundation
import Mathematics
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

      Example:
        crossbar-gan array solve --conductances G.csv --inputs V.csv --word-line-ohm 1 \\
          --bit-line-ohm 1 --source-ohm 10 --sense-ohm 10 --out I.csv
      """)

  enum Method: String, ExpressibleByArgument, CaseIterable {
    case exact
    case fast
  }

  @OptionGroup var array: ArrayOptions

  @Option(help: ArgumentHelp("Voltages, one input per row.", valueName: "V.csv"))
  var inputs: String

  @Option(help: "Newton with sparse Cholesky, or conjugate gradients on lines.")
  var method = Method.exact

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
      outputs = try solve(array, potentials, &summary)
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

  /// Output currents of all inputs, one after the other.
  private func solve(
    _ array: WiredArray, _ potentials: [LineEnds], _ summary: inout SolveSummary
  ) throws(Failure) -> [Double] {
    switch method {
    case .exact:
      let solutions = try ExactSolver(array).solve(potentials)
      let reports = solutions.map(\.report)
      summary.residual = reports.map(\.residual).max()
      summary.largestCurrent = reports.map(\.largestCurrent).max() ?? 0
      summary.iterations = reports.map { $0.iterations + $0.innerIterations }.max() ?? 0
      summary.supplied = reports.map(\.suppliedPower).reduce(0, +)
      summary.dissipated = reports.map(\.dissipatedPower).reduce(0, +)
      return solutions.flatMap(\.outputs)
    case .fast:
      let solver = try FastSolver(array, tolerance: tolerance ?? 1e-6)
      let solutions = try solver.currents(potentials)
      summary.largestCurrent = solutions.map(\.currents.largestMagnitude).max() ?? 0
      summary.iterations = solutions.map(\.iterations).max() ?? 0
      summary.error = solutions.map(\.error).max()
      summary.supplied = zip(potentials, solutions).reduce(0) { sum, pair in
        sum - zip(pair.0.wordFirst, pair.1.currents.wordTotals).reduce(0) { $0 + $1.0 * $1.1 }
      }
      return solutions.flatMap(\.currents.bitTotals)
    }
  }
}

/// What a batch of solutions has in common.
struct SolveSummary {
  let rows: Int
  let columns: Int
  let inputs: Int
  let method: String
  var seconds = 0.0
  /// Only of exact solutions.
  var residual: Double?
  var dissipated: Double?
  var largestCurrent = 0.0
  var iterations = 0
  var supplied = 0.0
  /// Only of fast solutions.
  var error: Double?

  init(_ array: WiredArray, inputs: Int, method: String) {
    rows = array.rows
    columns = array.columns
    self.inputs = inputs
    self.method = method
  }

  var json: JSON {
    [
      "method": .text(method), "rows": .integer(rows), "columns": .integer(columns),
      "inputs": .integer(inputs), "seconds": .number(seconds),
      "residual_A": residual.map(JSON.number) ?? .null,
      "largest_current_A": .number(largestCurrent), "iterations": .integer(iterations),
      "supplied_power_W": .number(supplied),
      "dissipated_power_W": dissipated.map(JSON.number) ?? .null,
      "current_error_A": error.map(JSON.number) ?? .null,
    ]
  }

  var line: String {
    let scale = largestCurrent > 0 ? 1 / largestCurrent : 0
    let quality =
      error.map { "errors at most \(NumberText.short($0 * scale)) of the largest current" }
      ?? "Kirchhoff residual \(NumberText.short((residual ?? 0) * scale)) of the largest current"
    return "\(rows) × \(columns), \(inputs) inputs, \(method): "
      + "\(NumberText.short(seconds * 1000)) ms, at most \(iterations) iterations, \(quality)"
  }
}
