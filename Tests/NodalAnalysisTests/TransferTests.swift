import Devices
import Mathematics
import NodalAnalysis
import Testing

/// Transfer matrices of every static model against exact solves.
@Suite("Transfer matrices") struct TransferTests {
  private static let wires: [(segment: Double, end: Double)] = [
    (0.5, 5), (1, 10), (3, 10), (10, 10), (3, 400),
  ]

  /// Largest error of the bit lines' currents over full scale, and share of it that wires take.
  private func errors(
    _ entry: ModelArray, segment: Double, end: Double,
    currents: (WiredArray, [Double]) throws
      -> [Double]
  ) throws -> (full: Double, random: Double, lost: Double) {
    let array = try entry.array(rows: 24, columns: 20, segment: segment, end: end)
    let solver = try ExactSolver(array)
    let full = try solver.solve(entry.input(array, full: true)).outputs
    let scale = full.reduce(0) { max($0, abs($1)) }
    func largest(_ input: LineEnds, _ exact: [Double]) throws -> Double {
      try zip(currents(array, input.wordFirst), exact).reduce(0) { max($0, abs($1.0 - $1.1)) }
        / scale
    }
    var random = 0.0
    for index in 0..<4 as Range<UInt64> {
      let input = entry.input(array, full: false, index: index)
      random = max(random, try largest(input, try solver.solve(input).outputs))
    }
    let ideal = try ExactSolver(entry.array(rows: 24, columns: 20, segment: 0, end: 0))
      .solve(entry.input(array, full: true)).outputs
    return (
      try largest(entry.input(array, full: true), full), random,
      1 - full.reduce(0, +) / ideal.reduce(0, +)
    )
  }

  @Test(arguments: ModelArray.all)
  func `Currents of transfer matrices are those of exact solves`(entry: ModelArray) throws {
    for (segment, end) in Self.wires {
      let error = try errors(entry, segment: segment, end: end) { array, voltages in
        try TransferMatrix(array, operatingVoltage: entry.voltage, tolerance: 1e-8)
          .currents(voltages)
      }
      // At the operating point exactly, elsewhere to a part of what the wires take: a device's chord
      // depends on the voltage that reaches it.
      #expect(error.full < 1e-4, "\(segment) Ω, \(end) Ω")
      #expect(error.random < 0.2 * error.lost + 1e-4, "\(segment) Ω, \(end) Ω")
    }
  }

  @Test(arguments: ModelArray.all)
  func `Gains per term read as exact solves do`(entry: ModelArray) throws {
    for (segment, end) in Self.wires {
      let error = try errors(entry, segment: segment, end: end) { array, voltages in
        let gains = try TransferMatrix(array, operatingVoltage: entry.voltage, tolerance: 1e-8)
          .gains(of: array.devices, upTo: entry.voltage).forward
        var currents = [Double](repeating: 0, count: array.columns)
        for (term, function) in array.devices.basis.enumerated() {
          let coefficients = array.devices.coefficients[term]
          for index in coefficients.indices {
            currents[index % array.columns] +=
              gains[term][index] * coefficients[index]
              * function.value(at: voltages[index / array.columns])
          }
        }
        return currents
      }
      // One gain stands for a function's slope and for what it has beyond.
      #expect(error.full < 0.4 * error.lost + 1e-4, "\(segment) Ω, \(end) Ω")
      #expect(error.random < 0.2 * error.lost + 1e-4, "\(segment) Ω, \(end) Ω")
    }
  }
}
