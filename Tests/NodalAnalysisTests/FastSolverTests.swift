import Devices
import Foundation
import Mathematics
import NodalAnalysis
import Testing

/// The fast solver against the exact one.
@Suite("Fast solver")
struct FastSolverTests {
  private func largestDifference(_ a: LineEnds, _ b: LineEnds) -> Double {
    zip(a.wordTotals + a.bitTotals, b.wordTotals + b.bitTotals)
      .reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  @Test(
    "error within its estimate and the tolerance", arguments: RandomArray.all, [1e-4, 1e-7, 1e-10])
  func agreement(_ entry: RandomArray, _ tolerance: Double) throws {
    let array = try entry.array
    // Potentials stored in doubles carry almost 1e-10 of the currents through centiohms.
    if entry.wires.wordSegment == 0.01 && tolerance < 1e-9 { return }
    let input = entry.input(signed: true)
    let exact = try ExactSolver(array).solve(input)
    let fast = try FastSolver(array, tolerance: tolerance).solve(input)
    let error = largestDifference(exact.currents, fast.currents)
    let estimate = try #require(fast.report.currentError)
    let scale = max(
      exact.currents.largestMagnitude, fast.report.largestCurrent * 1e-6)
    // Rounding of the reference itself.
    let rounding = 1e-13 * exact.report.largestCurrent + exact.report.residual * 100
    #expect(error <= 2 * estimate + rounding)
    #expect(estimate <= 1.001 * tolerance * scale)
  }

  @Test("inputs side by side equal inputs one by one", arguments: RandomArray.linear)
  func lanes(_ entry: RandomArray) throws {
    let array = try entry.array
    let solver = try FastSolver(array, tolerance: 1e-9)
    let inputs = (0..<11).map { entry.input($0, signed: true) }
    let together = try solver.solve(inputs)
    let currents = try solver.currents(inputs)
    #expect(together.count == 11 && currents.count == 11)
    for (index, input) in inputs.enumerated() {
      let alone = try solver.solve(input)
      let scale = alone.currents.largestMagnitude
      #expect(largestDifference(together[index].currents, alone.currents) <= 3e-9 * scale)
      #expect(
        largestDifference(currents[index].currents, together[index].currents) <= 1e-9 * scale)
    }
  }

  @Test("a warm start needs fewer steps")
  func warmStart() throws {
    let entry = RandomArray("large", rows: 96, columns: 96, word: 5, bit: 5)
    let solver = try FastSolver(entry.array, tolerance: 1e-8)
    let cold = try solver.solve(entry.input())
    let warm = try solver.solve(entry.input(), from: cold.nodes)
    #expect(cold.report.innerIterations > 4)
    #expect(warm.report.innerIterations == 0)
  }

  /// Behind ideal segments with resistive ends much of the error is at the terminals, which the
  /// gradients' own measure leaves out: they may find nothing to do just above the tolerance.
  @Test("every tolerance is reached behind resistive ends", arguments: 1...2 as ClosedRange<UInt64>)
  func resistiveEnds(_ seed: UInt64) throws {
    let (rows, columns) = (128, 32)
    let stream = RandomStream(seed: seed, name: "conductances")
    let conductances = (0..<rows * columns).map {
      1.5e-4 + 1.5e-4 * stream.preciseUniform(at: $0, substream: 0)
    }
    let array = try WiredArray(
      devices: DeviceGrid(
        rows: rows, columns: columns, basis: [.linear], coefficients: [conductances]),
      wires: .driven(
        rows: rows, columns: columns, wordSegment: 0, bitSegment: 0, source: 400, sense: 400,
        drive: .single))
    let inputs = (0..<columns).map { line in
      var input = LineEnds(rows: rows, columns: columns)
      input.bitLast[line] = 1
      return input
    }
    for step in 0..<60 {
      let solver = try FastSolver(array, tolerance: 2e-6 * exp2(Double(step) / 15))
      for result in try solver.currents(inputs) {
        #expect(result.error <= solver.tolerance * result.currents.largestMagnitude)
      }
    }
  }

  /// As for a V/3 write, which drives the array as a whole.
  @Test("nonlinear devices reach every tolerance behind resistive ends", arguments: [10.0, 400])
  func nonlinearEnds(_ end: Double) throws {
    for seed in 1...10 as ClosedRange<UInt64> {
      let entry = RandomArray(
        "ends", rows: 32, columns: 32, basis: [.linear, .cubic], word: 0, bit: 0, source: end,
        sense: end, seed: seed)
      let array = try entry.array
      let input = LineEnds(rows: 32, columns: 32, word: 0.27, bit: 0)
      for step in 0..<30 {
        let tolerance = 1e-4 * exp2(Double(step) / 10)
        let solution = try FastSolver(array, tolerance: tolerance).solve(input)
        let error = try #require(solution.report.currentError)
        #expect(error <= 1.001 * tolerance * solution.report.largestCurrent)
      }
    }
  }

  @Test("an input of zero gives no current and no error")
  func zero() throws {
    let entry = RandomArray.linear[0]
    let solution = try FastSolver(entry.array).solve(
      LineEnds(rows: entry.rows, columns: entry.columns))
    #expect(solution.currents.largestMagnitude == 0)
    #expect(solution.report.currentError == 0)
  }

  @Test("relaxation's hard case: 20 Ω segments at 256")
  func hardCase() throws {
    let entry = RandomArray(
      "hard", rows: 256, columns: 256, word: 20, bit: 20, source: 20, sense: 20)
    let solution = try FastSolver(entry.array, tolerance: 1e-10).solve(entry.input())
    let exact = try ExactSolver(entry.array).solve(entry.input())
    #expect(
      largestDifference(solution.currents, exact.currents) <= 1e-10 * exact.report.largestCurrent)
    #expect(solution.report.innerIterations < 40)
  }
}
