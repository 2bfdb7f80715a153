public import Failures
import Foundation

/// Nodal analysis by conjugate gradients with exact solves along the lines, several inputs side by
/// side.
///
/// Potentials and residuals are double precision; corrections are found in single precision where
/// the tolerance allows a few cycles of them. Nonlinear devices go through Newton's method with
/// inexact steps. Every solution carries an estimate of the largest error of its terminal currents,
/// which for linear arrays is a bound up to rounding when every line has a terminal.
public final class FastSolver {
  public let array: WiredArray
  /// Error of the terminal currents that is aimed for, relative to the largest of them.
  public let tolerance: Double
  private let slopes: [Double]
  private let bounds: LineBounds
  private let single: LineFactors<Float>
  private let precise: LineFactors<Double>

  /// Cycles of correction allowed.
  static let cycleLimit = 60
  /// Steps of conjugate gradients allowed within a cycle.
  static let stepLimit = 2000

  /// Factorises all lines.
  ///
  /// - Parameter tolerance: relative to the largest terminal current, 1e-12 or more.
  /// - Throws: ``Failure`` of kind `usage` for another tolerance.
  public init(_ array: WiredArray, tolerance: Double = 1e-6) throws(Failure) {
    guard tolerance >= 1e-12, tolerance < 1 else {
      throw Failure(
        .usage, at: "tolerance", "\(tolerance) is not within 1e-12 and 1",
        remedy: "use the exact method for less")
    }
    try MemoryBudget.check(bytes: 250 * Double(array.devices.count), for: array)
    self.array = array
    self.tolerance = tolerance
    slopes = array.devices.slopesAtZero
    bounds = LineBounds(array, slopes: slopes)
    single = LineFactors(array, slopes: slopes)
    precise = LineFactors(array, slopes: slopes)
  }

  /// Solves for the potentials at the terminals.
  ///
  /// - Parameter guess: potentials of a similar problem, for a warm start.
  /// - Throws: ``Failure`` of kind `badData` for potentials that do not fit the array, or when the
  ///   tolerance is not reached, with the reason.
  public func solve(
    _ potentials: LineEnds, from guess: NodePotentials? = nil
  ) throws(Failure) -> ArraySolution {
    let solutions = try solve([potentials], from: guess.map { [$0] } ?? [])
    guard let solution = solutions.first else {
      throw Failure(.internal, at: "fast solver", "one input gave no solution")
    }
    return solution
  }

  /// Solves for several sets of potentials, eight side by side where devices are linear.
  public func solve(
    _ inputs: [LineEnds], from guesses: [NodePotentials] = []
  ) throws(Failure) -> [ArraySolution] {
    for input in inputs { try array.validate(input) }
    var solutions: [ArraySolution] = []
    let width = array.devices.isLinear && inputs.count > 2 ? SIMD8<Double>.laneCount : 1
    for first in stride(from: 0, to: inputs.count, by: width) {
      let group = Array(inputs[first..<min(first + width, inputs.count)])
      let start = Array(guesses.dropFirst(first).prefix(group.count))
      if width > 1 {
        solutions += try solveGroup(group, start, SIMD8<Double>.self)
      } else {
        solutions += try solveGroup(group, start, Double.self)
      }
    }
    return solutions
  }

  private func solveGroup<Element: Lanes>(
    _ inputs: [LineEnds], _ guesses: [NodePotentials], _: Element.Type
  ) throws(Failure) -> [ArraySolution] where Element.Number == Double {
    let cycles = CorrectionCycles<Element>(
      array, factors: precise, bounds: bounds, inputs: inputs, guesses: guesses)
    try cycles.run(tolerance: tolerance)
    return inputs.indices.map { lane in
      array.solution(
        nodes: cycles.state.nodes(lane: lane), potentials: inputs[lane],
        iterations: cycles.cycles, innerIterations: cycles.steps,
        currentError: cycles.errors.lane(lane))
    }
  }
}
