import Devices
import Mathematics
import NodalAnalysis

/// Arrays of every static model, in random states, behind wires.
struct ModelArray: Sendable, CustomStringConvertible {
  let description: String
  let model: any StaticModel
  /// Largest line voltage.
  let voltage: Double

  static let all: [ModelArray] = [
    ModelArray(description: "linear", model: LinearStatic(), voltage: 0.2),
    ModelArray(description: "nili", model: nili, voltage: 0.05),
    ModelArray(description: "nili, strongly driven", model: nili, voltage: 0.4),
    shaped("odd polynomial", [.init(.linear, 1), .init(.cubic, 2), .init(.power(exponent: 5), 6)]),
    shaped("cubic and no slope", [.init(.cubic, 10)]),
    shaped("sinh", [.init(.hyperbolicSine(slope: 3), 1)]),
    shaped("strong sinh", [.init(.hyperbolicSine(slope: 8), 1)]),
    shaped("power 1", [.init(powerLaw: 1, reference: 0.2)]),
    shaped("power 1.3", [.init(powerLaw: 1.3, reference: 0.2)]),
    shaped("power 2.4", [.init(powerLaw: 2.4, reference: 0.2)]),
    shaped("power 4", [.init(powerLaw: 4, reference: 0.2)]),
    shaped("Poole-Frenkel", [.init(.pooleFrenkel(beta: 2), 1)]),
    shaped("Schottky", [.init(.schottky(beta: 3, thermalVoltage: 0.0257), 1)]),
    ModelArray(
      description: "sinh-state, powers",
      model: SinhStateStatic(
        gain: 1, spread: 0.1, slope: 6, slopePerDecade: -3, reference: 3e-5, range: 3e-6...3e-4,
        voltage: 0.3), voltage: 0.3),
    ModelArray(
      description: "sinh-state, members",
      model: SinhStateStatic(
        gain: 1, spread: 0.1, slope: 6, slopePerDecade: 0.5, reference: 3e-5, range: 3e-6...3e-4,
        voltage: 0.3), voltage: 0.3),
    ModelArray(
      description: "sinh behind a resistance",
      model: SeriesSinhStatic(
        gain: 1, spread: 0.1, slope: 8, resistance: 2e4, range: 1.5e-5...1.1e-4), voltage: 0.6),
  ]

  private static func shaped(
    _ description: String, _ terms: [ShapedStatic.Term]
  ) -> ModelArray {
    ModelArray(
      description: description, model: ShapedStatic(gain: 1, spread: 0.1, terms: terms),
      voltage: 0.3)
  }

  /// The coefficients of Nili 2020, Table I.
  private static let nili = NiliStatic(
    a: [-2.58e-6, 0.977, 1.166e-7], b: [1.18, 6596, 1.605e-3], temperatureExponent: -1.33,
    p: [-1.07e-6, 0.25, 2.2e-8, -1300], q: [1.17e-5, 1.3, -1e-7, -6500, -2.5e-3],
    monotoneVoltage: 0.4)

  func devices(rows: Int, columns: Int, seed: UInt64 = 3) throws -> DeviceGrid {
    let stream = RandomStream(seed: seed, name: "states")
    let states = (0..<rows * columns).map {
      2e-5 + 8e-5 * stream.preciseUniform(at: $0, substream: 0)
    }
    let deviations = states.indices.map { 4 * stream.preciseUniform(at: $0, substream: 1) - 2 }
    return try DeviceGrid(
      rows: rows, columns: columns, model: model, conductances: states, temperature: 298,
      deviations: deviations)
  }

  func array(
    rows: Int, columns: Int, segment: Double, end: Double, drive: ArrayWires.Drive = .single
  ) throws -> WiredArray {
    try WiredArray(
      devices: devices(rows: rows, columns: columns), wordSegment: segment, bitSegment: segment,
      source: end, sense: end, drive: drive)
  }

  /// All word lines at the voltage, or each at a part of it of either sign.
  func input(_ array: WiredArray, full: Bool, index: UInt64 = 0) -> LineEnds {
    let stream = RandomStream(seed: 9, name: "inputs")
    let voltages = (0..<array.rows).map { row in
      full ? voltage : voltage * (2 * stream.preciseUniform(at: row, substream: index) - 1)
    }
    return LineEnds(word: voltages, bit: [Double](repeating: 0, count: array.columns))
  }
}
