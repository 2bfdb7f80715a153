import Devices
import Failures
import NodalAnalysis
import Testing

@Suite("Arrays that cannot be solved")
struct BadInputTests {
  private func grid(_ conductances: [Double], _ rows: Int = 2) throws -> DeviceGrid {
    try DeviceGrid(rows: rows, columns: conductances.count / rows, conductances: conductances)
  }

  private func failure(_ body: () throws -> Void) -> Failure? {
    do {
      try body()
      return nil
    } catch { return error as? Failure }
  }

  @Test("conductances: negative, undefined, none at all, wrong count")
  func conductances() throws {
    for values in [[1e-5, -1e-5, 1e-5, 1e-5], [1e-5, .nan, 1e-5, 1e-5], [0, 0, 0, 0]] {
      #expect(failure { _ = try grid(values) }?.kind == .badData)
    }
    #expect(failure { _ = try grid([1e-5, 1e-5, 1e-5], 2) }?.kind == .badData)
    #expect(failure { _ = try grid([1e-5, -1e-5, 1e-5, 1e-5]) }?.place == "device (0, 1)")
  }

  @Test("resistances: negative and undefined", arguments: [-1.0, .nan, -.infinity])
  func resistances(_ value: Double) throws {
    let devices = try grid([1e-5, 1e-5, 1e-5, 1e-5])
    for which in 0..<4 {
      let failure = failure {
        _ = try WiredArray(
          devices: devices, wordSegment: which == 0 ? value : 1, bitSegment: which == 1 ? value : 1,
          source: which == 2 ? value : 1, sense: which == 3 ? value : 1)
      }
      #expect(failure?.kind == .badData)
      #expect(failure?.cause.contains("resistance") == true)
    }
  }

  @Test("an array, or a part of it, that nothing connects")
  func disconnected() throws {
    let devices = try grid([1e-5, 1e-5, 1e-5, 1e-5])
    #expect(
      failure {
        _ = try WiredArray(
          devices: devices, wordSegment: 1, bitSegment: 1, source: .infinity, sense: .infinity)
      }?.cause.contains("no terminal") == true)
    let island = try grid([0, 1e-5, 0, 1e-5])
    #expect(
      failure {
        _ = try WiredArray(
          devices: island, wordSegment: 1, bitSegment: 1, source: 1, sense: .infinity)
      }?.place == "bit line at device (0, 0)")
  }

  @Test("potentials: wrong count, undefined, a short between ideal sources")
  func potentials() throws {
    let devices = try grid([1e-5, 1e-5, 1e-5, 1e-5])
    let array = try WiredArray(
      devices: devices, wordSegment: 0, bitSegment: 1, source: 0, sense: 0, drive: .double)
    for input in [
      LineEnds(rows: 3, columns: 2), LineEnds(rows: 2, columns: 2, word: .nan),
      LineEnds(wordFirst: [1, 0], wordLast: [0, 0], bitFirst: [0, 0], bitLast: [0, 0]),
    ] {
      #expect(failure { _ = try ExactSolver(array).solve(input) }?.kind == .badData)
      #expect(failure { _ = try FastSolver(array).solve(input) }?.kind == .badData)
    }
  }

  @Test("a device that loses its slope does not pass for a solution")
  func negativeSlope() throws {
    let devices = try DeviceGrid(
      rows: 1, columns: 1, basis: [.linear, .cubic], coefficients: [[1e-4], [-1e-2]])
    let array = try WiredArray(
      devices: devices, wordSegment: 1, bitSegment: 1, source: 1e5, sense: 10)
    #expect(
      failure { _ = try ExactSolver(array).solve(LineEnds(word: [5], bit: [0])) }?.kind == .badData)
  }

  @Test("tolerances that cannot be met")
  func tolerance() throws {
    let array = try WiredArray(
      devices: grid([1e-5, 1e-5, 1e-5, 1e-5]), wordSegment: 1, bitSegment: 1, source: 1, sense: 1)
    for value in [0, -1, .nan, 2, 1e-15] {
      #expect(failure { _ = try FastSolver(array, tolerance: value) }?.kind == .usage)
    }
  }
}
