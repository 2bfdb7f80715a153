import Devices
import Failures
import Foundation
import NodalAnalysis
import Testing
import _TestSupport

/// Devices without a slope at 0 V, which no linearisation there can stand for.
@Suite("Power laws behind wires") struct PowerLawTests {
  private static let entries = ModelArray.all.filter {
    $0.description.hasPrefix("power") || $0.description.hasPrefix("cubic")
  }

  private func worst(_ a: LineEnds, _ b: LineEnds) -> Double {
    zip(a.wordTotals + a.bitTotals, b.wordTotals + b.bitTotals)
      .reduce(0) { max($0, abs($1.0 - $1.1)) } / max(a.largestMagnitude, 1e-300)
  }

  @Test(arguments: entries, [0, 0.01, 1, 20, 300] as [Double])
  func `Exact and fast solutions agree, and Kirchhoff's law holds`(
    _ entry: ModelArray, _ segment: Double
  ) throws {
    for drive in [ArrayWires.Drive.single, .double] {
      let array = try entry.array(
        rows: 14, columns: 11, segment: segment, end: 10, drive: drive)
      for full in [true, false] {
        let input = entry.input(array, full: full)
        let exact = try ExactSolver(array).solve(input)
        // Rounded potentials alone leave a current in a short segment.
        let rounding = segment > 0 ? 4 * entry.voltage.ulp / segment : 0
        #expect(exact.report.residual <= 1e-10 * exact.report.largestCurrent + rounding)
        #expect(
          abs(exact.report.suppliedPower / exact.report.dissipatedPower - 1) < 1e-8)
        let fast = try FastSolver(array, tolerance: 1e-8).solve(input)
        #expect(worst(exact.currents, fast.currents) < 3e-8)
      }
    }
  }

  /// Lines that nothing but devices connects to the rest.
  @Test(arguments: entries)
  func `Floating lines find their potential`(_ entry: ModelArray) throws {
    var wires = ArrayWires.driven(
      rows: 9, columns: 8, wordSegment: 2, bitSegment: 2, source: 10, sense: 10, drive: .single)
    wires.ends.wordFirst[3] = .infinity
    wires.ends.bitLast[5] = .infinity
    let array = try WiredArray(devices: entry.devices(rows: 9, columns: 8), wires: wires)
    let exact = try ExactSolver(array).solve(entry.input(array, full: false))
    #expect(exact.report.residual <= 1e-10 * exact.report.largestCurrent)
    let selection = try array.select(row: 2, column: 4, scheme: .floating, voltage: 0.2)
    #expect(selection.selectedVoltage > 0.1 && selection.selectedVoltage <= 0.2)
  }

  /// A device alone: V = I·R + φ⁻¹(I), solved by bisection.
  @Test(arguments: [1.2, 2.4, 6.0])
  func `One device is where its load line says`(_ exponent: Double) throws {
    let (coefficient, resistance, voltage) = (2e-3, 150.0, 0.3)
    let array = try WiredArray(
      devices: DeviceGrid(
        rows: 1, columns: 1, conductances: [coefficient], basis: .power(exponent: exponent)),
      wordSegment: 1, bitSegment: 1, source: resistance, sense: resistance)
    var (low, high) = (0.0, voltage)
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if middle + 2 * resistance * coefficient * pow(middle, exponent) > voltage {
        high = middle
      } else {
        low = middle
      }
    }
    let current = coefficient * pow(low, exponent)
    let input = LineEnds(word: [voltage], bit: [0])
    #expect(abs(try ExactSolver(array).solve(input).outputs[0] / current - 1) < 1e-10)
    #expect(
      abs(try FastSolver(array, tolerance: 1e-9).solve(input).outputs[0] / current - 1) < 1e-8)
  }

  @Test func `A device that drives itself is refused`() {
    #expect(throws: Failure.self) {
      try DeviceGrid(rows: 1, columns: 1, conductances: [-1e-5], basis: .power(exponent: 2))
    }
    #expect(throws: Failure.self) {
      try DeviceGrid(rows: 1, columns: 1, conductances: [0], basis: .power(exponent: 2))
    }
  }
}
