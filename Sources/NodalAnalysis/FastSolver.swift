package import Failures
import Foundation

/// Nodal analysis by conjugate gradients with exact solves along the lines, several inputs side by
/// side.
///
/// Cycles of residual and correction, for several inputs the residual in double and the correction in
/// single precision, end when the estimated error is within the tolerance; nonlinear
/// devices go through Newton's method with inexact steps. Every solution carries an estimate of the
/// largest error of its terminal currents; for linear arrays it is a bound, up to rounding.
package final class FastSolver {
  /// The array whose lines are factorised; other devices need another solver.
  package let array: WiredArray
  /// Error of the terminal currents that is aimed for, relative to the largest of them.
  package let tolerance: Double
  private lazy var narrowCycles = CorrectionCycles<Double>(array)
  private lazy var wideCycles = CorrectionCycles<SIMD8<Float>>(array)
  private lazy var wideDoubleCycles = CorrectionCycles<SIMD8<Double>>(array)

  /// Cycles of correction allowed.
  static let cycleLimit = 60
  /// Steps of conjugate gradients allowed within a cycle.
  static let stepLimit = 2000

  /// Factorises all lines.
  ///
  /// - Parameter tolerance: relative to the largest terminal current, 1e-12 or more.
  /// - Throws: ``Failure`` of kind `usage` for another tolerance.
  package init(_ array: WiredArray, tolerance: Double = 1e-6) throws(Failure) {
    guard tolerance >= 1e-12, tolerance < 1 else {
      throw Failure(
        .usage, at: "tolerance", "\(tolerance) is not within 1e-12 and 1",
        remedy: "use the exact method for less")
    }
    try array.requireMemory(250 * Double(array.devices.count))
    self.array = array
    self.tolerance = tolerance
  }

  /// Solves for the potentials at the terminals.
  ///
  /// - Parameter guess: potentials of a similar problem, for a warm start.
  /// - Throws: ``Failure`` of kind `badData` for potentials that do not fit the array, or when the
  ///   tolerance is not reached, with the reason.
  package func solve(
    _ potentials: LineEnds, from guess: NodePotentials? = nil
  ) throws(Failure) -> ArraySolution {
    let solutions = try solve([potentials], from: guess.map { [$0] } ?? [])
    guard let solution = solutions.first else {
      throw Failure(.internal, at: "fast solver", "one input gave no solution")
    }
    return solution
  }

  /// Solves for several sets of potentials, eight side by side where devices are linear.
  package func solve(
    _ inputs: [LineEnds], from guesses: [NodePotentials] = []
  ) throws(Failure) -> [ArraySolution] {
    var solutions: [ArraySolution] = []
    try forEachGroup(inputs, guesses) { (group: LaneGroup) in
      for (lane, input) in group.inputs.enumerated() {
        solutions.append(
          array.solution(
            nodes: group.nodes(lane), potentials: input, iterations: group.cycles,
            innerIterations: group.steps, currentError: group.error(lane)))
      }
    }
    return solutions
  }

  /// Terminal currents only, with their error estimates, without the work for the rest of a
  /// solution.
  package func currents(
    _ inputs: [LineEnds]
  ) throws(Failure) -> [TerminalCurrents] {
    var results: [TerminalCurrents] = []
    try forEachGroup(inputs, []) { (group: LaneGroup) in
      for lane in group.inputs.indices {
        results.append(
          TerminalCurrents(
            currents: group.currents(lane), error: group.error(lane), iterations: group.steps))
      }
    }
    return results
  }

  /// What a solved group of lanes can be asked for, whatever its width.
  private struct LaneGroup {
    let inputs: [LineEnds]
    let cycles: Int
    let steps: Int
    let nodes: (Int) -> NodePotentials
    let currents: (Int) -> LineEnds
    let error: (Int) -> Double
  }

  private func forEachGroup(
    _ inputs: [LineEnds], _ guesses: [NodePotentials], _ body: (LaneGroup) -> Void
  ) throws(Failure) {
    for input in inputs { try array.validate(input) }
    let isWide = array.devices.isLinear && inputs.count > 2
    let width = isWide ? SIMD8<Float>.laneCount : 1
    for first in stride(from: 0, to: inputs.count, by: width) {
      let group = Array(inputs[first..<min(first + width, inputs.count)])
      let start = Array(guesses.dropFirst(first).prefix(group.count))
      if !isWide {
        body(try solved(group, start, with: narrowCycles))
      } else if hasIdealLines {
        body(try solved(group, start, with: wideDoubleCycles))
      } else {
        body(try solved(group, start, with: wideCycles))
      }
    }
  }

  /// Residuals of an ideal line cancel over its whole length, which single precision does not carry.
  private var hasIdealLines: Bool { array.isMerged(word: true) || array.isMerged(word: false) }

  private func solved<Element: Lanes>(
    _ inputs: [LineEnds], _ guesses: [NodePotentials], with cycles: CorrectionCycles<Element>
  ) throws(Failure) -> LaneGroup {
    cycles.reset(inputs: inputs, guesses: guesses)
    try cycles.run(tolerance: tolerance)
    return LaneGroup(
      inputs: inputs, cycles: cycles.cycles, steps: cycles.steps,
      nodes: { cycles.state.nodes(lane: $0) },
      currents: { cycles.state.terminalCurrents(lane: $0) },
      error: { cycles.errors.lane($0) })
  }
}

/// Currents into all terminals, without the rest of a solution.
package struct TerminalCurrents: Equatable, Sendable {
  /// Amperes.
  package var currents: LineEnds
  /// Estimate of the largest error of any of them, amperes.
  package var error: Double
  /// Steps of conjugate gradients.
  package var iterations: Int
}
