import ArgumentParser
import Failures
import Foundation
import NodalAnalysis
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

  @Flag(help: "Print a summary as JSON on standard output.")
  var json = false

  func validate() throws {
    if let tolerance, !(tolerance > 0 && tolerance < 1) {
      throw ValidationError("--tolerance must be within 0 and 1")
    }
    if json && out == nil { throw ValidationError("--json needs --out for the currents") }
  }

  func run() throws {
    let array = try array.load().array
    let table = try NumberTable.readInputs(inputs, rows: array.rows)
    let grounded = [Double](repeating: 0, count: array.columns)
    let potentials = (0..<table.rows).map { LineEnds(word: table.row($0), bit: grounded) }
    let start = ContinuousClock.now
    let solutions = try solve(array, potentials)
    let elapsed = ContinuousClock.now - start
    let currents = NumberTable(
      rows: solutions.count, columns: array.columns, values: solutions.flatMap(\.outputs))
    guard let out else {
      print(currents.text, terminator: "")
      return
    }
    try currents.write(to: out)
    let summary = SolveSummary(array, solutions, method: method.rawValue, elapsed: elapsed)
    if json { Console.print(summary.json.line) } else { Console.error(summary.line) }
  }

  private func solve(
    _ array: WiredArray, _ potentials: [LineEnds]
  ) throws(Failure) -> [ArraySolution] {
    switch method {
    case .exact:
      return try ExactSolver(array).solve(potentials)
    case .fast:
      return try FastSolver(array, tolerance: tolerance ?? 1e-6).solve(potentials)
    }
  }
}

/// What a batch of solutions has in common.
struct SolveSummary {
  let rows: Int
  let columns: Int
  let inputs: Int
  let method: String
  let seconds: Double
  let residual: Double
  let largestCurrent: Double
  let iterations: Int
  let supplied: Double
  let dissipated: Double
  let error: Double?

  init(_ array: WiredArray, _ solutions: [ArraySolution], method: String, elapsed: Duration) {
    let reports = solutions.map(\.report)
    rows = array.rows
    columns = array.columns
    inputs = solutions.count
    self.method = method
    seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    residual = reports.map(\.residual).max() ?? 0
    largestCurrent = reports.map(\.largestCurrent).max() ?? 0
    iterations = reports.map { $0.iterations + $0.innerIterations }.max() ?? 0
    supplied = reports.map(\.suppliedPower).reduce(0, +)
    dissipated = reports.map(\.dissipatedPower).reduce(0, +)
    error = reports.compactMap(\.currentError).max()
  }

  var json: JSON {
    [
      "method": .text(method), "rows": .integer(rows), "columns": .integer(columns),
      "inputs": .integer(inputs), "seconds": .number(seconds), "residual_A": .number(residual),
      "largest_current_A": .number(largestCurrent), "iterations": .integer(iterations),
      "supplied_power_W": .number(supplied), "dissipated_power_W": .number(dissipated),
      "current_error_A": error.map(JSON.number) ?? .null,
    ]
  }

  var line: String {
    let share = largestCurrent > 0 ? residual / largestCurrent : 0
    let bound = error.map { ", error at most \(NumberText.short($0)) A" } ?? ""
    return "\(rows) × \(columns), \(inputs) inputs, \(method): "
      + "\(NumberText.short(seconds * 1000)) ms, at most \(iterations) iterations, "
      + "Kirchhoff residual \(NumberText.short(share)) of the largest current\(bound)"
  }
}
