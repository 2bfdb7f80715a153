import Devices
import Mathematics
import NodalAnalysis

/// Arrays of every kind the solvers take, drawn from a seed.
struct RandomArray: Sendable, CustomStringConvertible {
  let description: String
  let rows: Int
  let columns: Int
  let basis: [BasisFunction]
  let wires: ArrayWires
  let seed: UInt64
  /// Largest input voltage.
  let voltage: Double

  init(
    _ description: String, rows: Int, columns: Int, basis: [BasisFunction] = [.linear],
    word: Double = 1, bit: Double = 1, source: Double = 10, sense: Double = 10,
    drive: ArrayWires.Drive = .single, seed: UInt64 = 1, voltage: Double = 0.2,
    adjust: (inout ArrayWires) -> Void = { _ in }
  ) {
    self.description = description
    self.rows = rows
    self.columns = columns
    self.basis = basis
    self.seed = seed
    self.voltage = voltage
    var wires = ArrayWires.driven(
      rows: rows, columns: columns, wordSegment: word, bitSegment: bit, source: source,
      sense: sense, drive: drive)
    adjust(&wires)
    self.wires = wires
  }

  var array: WiredArray {
    get throws {
      let stream = RandomStream(seed: seed, name: "conductances")
      let conductances = (0..<rows * columns).map {
        1e-5 + 9e-5 * stream.preciseUniform(at: $0, substream: 0)
      }
      // A cubic term as in the Nili model, about 1.2 V⁻² of the linear one.
      let coefficients = basis.map { $0 == .cubic ? conductances.map { 1.2 * $0 } : conductances }
      return try WiredArray(
        devices: DeviceGrid(
          rows: rows, columns: columns, basis: basis, coefficients: coefficients),
        wires: wires)
    }
  }

  /// Random potentials at the word lines, bit lines at 0 V.
  func input(_ index: Int = 0, signed: Bool = false) -> LineEnds {
    let stream = RandomStream(seed: seed, name: "inputs")
    let voltages = (0..<rows).map { row in
      let uniform = stream.preciseUniform(at: row, substream: UInt64(index))
      return voltage * (signed ? 2 * uniform - 1 : uniform)
    }
    return LineEnds(word: voltages, bit: [Double](repeating: 0, count: columns))
  }

  static let linear: [RandomArray] = [
    RandomArray("square", rows: 16, columns: 16),
    RandomArray("wide", rows: 5, columns: 23, word: 5, bit: 2),
    RandomArray("tall", rows: 29, columns: 6, word: 2, bit: 7),
    RandomArray("single device", rows: 1, columns: 1),
    RandomArray("one word line", rows: 1, columns: 9),
    RandomArray("one bit line", rows: 9, columns: 1),
    RandomArray("high resistance", rows: 40, columns: 40, word: 20, bit: 20),
    RandomArray("low resistance", rows: 12, columns: 12, word: 0.01, bit: 0.01, source: 0.01),
    RandomArray("two-sided", rows: 18, columns: 14, word: 3, bit: 3, drive: .double),
    RandomArray("ideal ends", rows: 11, columns: 13, source: 0, sense: 0),
    RandomArray("ideal word lines", rows: 9, columns: 12, word: 0),
    RandomArray("ideal bit lines", rows: 12, columns: 9, bit: 0, sense: 0),
    RandomArray("ideal wires, resistive ends", rows: 8, columns: 8, word: 0, bit: 0),
    RandomArray("bayat ends", rows: 24, columns: 24, word: 3, bit: 3, source: 400, sense: 400),
    RandomArray("floating lines", rows: 10, columns: 10) { wires in
      wires.ends.wordFirst[3] = .infinity
      wires.ends.wordFirst[7] = .infinity
      wires.ends.bitLast[0] = .infinity
    },
    RandomArray("cut bit lines", rows: 6, columns: 7, bit: .infinity),
  ]

  static let nonlinear: [RandomArray] = [
    RandomArray(
      "sinh", rows: 20, columns: 20, basis: [.hyperbolicSine(slope: 5)], voltage: 0.4),
    RandomArray(
      "strong sinh", rows: 12, columns: 17, basis: [.hyperbolicSine(slope: 8)], word: 5, bit: 5,
      voltage: 1),
    RandomArray(
      "cubic", rows: 17, columns: 12, basis: [.linear, .cubic], word: 3, bit: 3, source: 400,
      sense: 400, voltage: 0.4),
    RandomArray(
      "sinh, ideal ends, two-sided", rows: 9, columns: 9, basis: [.hyperbolicSine(slope: 3)],
      source: 0, sense: 0, drive: .double, voltage: 0.5),
  ]

  static let all = linear + nonlinear
}
