import ArgumentParser
package import Failures
import Files
package import NodalAnalysis
import Reports

/// How an array is solved: `array solve --method`.
package enum SolveMethod: String, ExpressibleByArgument, CaseIterable, Sendable {
  case exact
  case fast

  /// Output currents of all inputs in amperes, one after the other, and potentials where wanted.
  ///
  /// - Parameters:
  ///   - tolerance: of `fast`, relative to full scale; nil is 1e-6.
  ///   - wantsNodes: whether potentials of all nodes are wanted, one set per input.
  package func solve(
    _ array: WiredArray, _ potentials: [LineEnds], tolerance: Double?,
    wantsNodes: Bool = false, _ summary: inout SolveSummary
  ) throws(Failure) -> (currents: [Double], nodes: [NodePotentials]) {
    switch self {
    case .exact:
      let solutions = try ExactSolver(array).solve(potentials)
      let reports = solutions.map(\.report)
      summary.residual = reports.map(\.residual).max()
      summary.largestCurrent = reports.map(\.largestCurrent).max() ?? 0
      summary.iterations = reports.map { $0.iterations + $0.innerIterations }.max() ?? 0
      summary.supplied = reports.map(\.suppliedPower).reduce(0, +)
      summary.dissipated = reports.map(\.dissipatedPower).reduce(0, +)
      return (solutions.flatMap(\.outputs), wantsNodes ? solutions.map(\.nodes) : [])
    case .fast:
      let solver = try FastSolver(array, tolerance: tolerance ?? 1e-6)
      let solutions = try solver.currents(potentials)
      summary.largestCurrent = solutions.map(\.currents.largestMagnitude).max() ?? 0
      summary.iterations = solutions.map(\.iterations).max() ?? 0
      summary.error = solutions.map(\.error).max()
      summary.supplied = zip(potentials, solutions).reduce(0) { sum, pair in
        sum - zip(pair.0.wordFirst, pair.1.currents.wordTotals).reduce(0) { $0 + $1.0 * $1.1 }
      }
      let nodes = wantsNodes ? try solver.solve(potentials).map(\.nodes) : []
      return (solutions.flatMap(\.currents.bitTotals), nodes)
    }
  }
}

/// What a batch of solutions has in common.
package struct SolveSummary {
  let rows: Int
  let columns: Int
  let inputs: Int
  let method: String
  var seconds = 0.0
  /// Only of exact solutions.
  package var residual: Double?
  var dissipated: Double?
  var largestCurrent = 0.0
  var iterations = 0
  var supplied = 0.0
  /// Only of fast solutions.
  package var error: Double?

  package init(_ array: WiredArray, inputs: Int, method: String) {
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
