import Devices
import NodalAnalysis
import Testing

/// What must hold in every array, whatever its size and wires.
@Suite("Physics of wired arrays")
struct PhysicsTests {
  @Test("Kirchhoff's law and power balance", arguments: RandomArray.all)
  func conservation(_ entry: RandomArray) throws {
    let array = try entry.array
    let solution = try ExactSolver(array).solve(entry.input(signed: true))
    let report = solution.report
    let wires =
      [array.wires.wordSegment, array.wires.bitSegment]
      + array.wires.ends.wordFirst + array.wires.ends.bitLast
    let smallest = wires.filter { $0 > 0 }.min() ?? .infinity
    #expect(
      report.residual <= 1e-12 * report.largestCurrent + 16 * entry.voltage.ulp / smallest)
    #expect(report.suppliedPower > 0)
    // A rounding of the potentials is a current through the smallest resistance.
    let rounding = 100 * entry.voltage * entry.voltage.ulp / smallest
    #expect(
      abs(report.suppliedPower - report.dissipatedPower)
        <= 1e-11 * report.suppliedPower + rounding * Double(entry.rows + entry.columns))
  }

  @Test("all current that enters leaves", arguments: RandomArray.all)
  func continuity(_ entry: RandomArray) throws {
    let solution = try ExactSolver(entry.array).solve(entry.input())
    let balance =
      solution.currents.wordTotals.reduce(0, +) + solution.currents.bitTotals.reduce(0, +)
    #expect(abs(balance) <= 1e-9 * solution.report.largestCurrent * Double(entry.rows))
  }

  @Test("potentials stay between those of the sources", arguments: RandomArray.all)
  func maximumPrinciple(_ entry: RandomArray) throws {
    let input = entry.input(signed: true)
    let solution = try ExactSolver(entry.array).solve(input)
    let highest = max(0, input.wordFirst.reduce(-.infinity, max))
    let lowest = min(0, input.wordFirst.reduce(.infinity, min))
    for potential in solution.nodes.word + solution.nodes.bit {
      #expect(potential <= highest + 1e-12 && potential >= lowest - 1e-12)
    }
  }

  @Test("reciprocity: a volt at one line moves the same current at another both ways")
  func reciprocity() throws {
    for entry in RandomArray.linear where entry.wires.wordSegment.isFinite {
      let array = try entry.array
      let solver = try ExactSolver(array)
      let (row, column) = (entry.rows - 1, entry.columns / 2)
      guard array.wires.ends.wordFirst[row].isFinite, array.wires.ends.bitLast[column].isFinite
      else { continue }
      var forward = LineEnds(rows: entry.rows, columns: entry.columns)
      (forward.wordFirst[row], forward.wordLast[row]) = (1, 1)
      var backward = LineEnds(rows: entry.rows, columns: entry.columns)
      (backward.bitFirst[column], backward.bitLast[column]) = (1, 1)
      let there = try solver.solve(forward).currents.bitTotals[column]
      let back = try solver.solve(backward).currents.wordTotals[row]
      #expect(abs(there - back) <= 1e-10 * abs(there), "\(entry)")
    }
  }

  @Test("ideal wires give the plain product of voltages and conductances")
  func idealLimit() throws {
    let entry = RandomArray("ideal", rows: 7, columns: 5, word: 0, bit: 0, source: 0, sense: 0)
    let array = try entry.array
    let input = entry.input()
    let plain = (0..<5).map { column in
      (0..<7).reduce(0.0) {
        $0 + input.wordFirst[$1] * array.devices.coefficients[0][$1 * 5 + column]
      }
    }
    for (current, expected) in zip(try ExactSolver(array).solve(input).outputs, plain) {
      #expect(abs(current - expected) <= 1e-15 * 7 * entry.voltage)
    }
    let small = try WiredArray(
      devices: array.devices, wordSegment: 1e-6, bitSegment: 1e-6, source: 1e-6, sense: 1e-6)
    for (current, expected) in zip(try ExactSolver(small).solve(input).outputs, plain) {
      #expect(abs(current / expected - 1) < 1e-7)
    }
  }

  @Test("zero resistance is the limit of small resistance, line by line")
  func continuityAtZero() throws {
    for zero in 0..<4 {
      func entry(_ ohms: Double) -> RandomArray {
        RandomArray(
          "limit", rows: 6, columns: 8, word: zero == 0 ? ohms : 2, bit: zero == 1 ? ohms : 2,
          source: zero == 2 ? ohms : 10, sense: zero == 3 ? ohms : 10)
      }
      let input = entry(0).input()
      let exact = try ExactSolver(entry(0).array).solve(input)
      let near = try ExactSolver(entry(1e-6).array).solve(input)
      for (a, b) in zip(exact.outputs, near.outputs) { #expect(abs(a / b - 1) < 1e-7) }
    }
  }

  @Test("a kept factor gives the bits of a new one")
  func keptFactor() throws {
    let entry = RandomArray.linear[0]
    let array = try entry.array
    let solver = try ExactSolver(array)
    _ = try solver.solve(entry.input(1))
    #expect(try solver.solve(entry.input(0)) == ExactSolver(array).solve(entry.input(0)))
  }
}
