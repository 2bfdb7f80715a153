import Devices
import Foundation
import Testing

@Suite("Static forms beyond the cubic")
struct ShapedStaticTests {
  private static let functions: [BasisFunction] = [
    .power(exponent: 1), .power(exponent: 1.7), .power(exponent: 5), .pooleFrenkel(beta: 1.3),
    .schottky(beta: 2, thermalVoltage: 0.0257),
  ]

  @Test(arguments: functions)
  func `Buffers, chords and slopes follow from the value`(function: BasisFunction) {
    let source: [Float] = [-0.4, -0.2, -1e-3, 0, 1e-6, 0.05, 0.3, 0.4]
    var values = source
    var chords = [Float](repeating: 2, count: source.count)
    source.withUnsafeBufferPointer { source in
      values.withUnsafeMutableBufferPointer { function.values(of: source, into: $0) }
      chords.withUnsafeMutableBufferPointer { function.addChords(of: source, to: $0) }
    }
    for (v, (value, chord)) in zip(source, zip(values, chords)) {
      let v = Double(v)
      #expect(
        abs(Double(value) - function.value(at: v)) < 3e-6 * abs(function.value(at: v)) + 1e-12)
      #expect(abs(Double(chord) - 2 - function.chord(at: v)) < 3e-6 * (2 + function.chord(at: v)))
      guard v != 0 else { continue }
      #expect(abs(function.chord(at: v) * v - function.value(at: v)) < 1e-12)
      let step = 1e-4 * abs(v)
      let slope = (function.value(at: v + step) - function.value(at: v - step)) / (2 * step)
      #expect(abs(slope / function.derivative(at: v) - 1) < 1e-5)
      #expect(function.value(at: -v) == -function.value(at: v))
    }
  }

  /// Slopes at the reference, per decade: narrow, wide, steep and falling ones.
  private static let slopes: [(Double, Double)] = [
    (5, 0), (5, 0.2), (5, -2), (4, 3), (8, -4.5), (12, 6), (20, -9), (3, 1.4),
  ]

  @Test(arguments: slopes)
  func `A slope that follows the state is simulated within the accuracy, and convex`(
    _ slope: Double, _ perDecade: Double
  ) {
    let (range, limit) = (2e-6...200e-6, 0.35)
    let model = SinhStateStatic(
      gain: 0.9, spread: 0.2, slope: slope, slopePerDecade: perDecade, reference: 20e-6,
      range: range, voltage: limit)
    let error = ExpansionError(
      of: model, conductances: range, voltage: limit, temperatures: [300])
    #expect(error.largest <= SinhStateStatic.accuracy)
    // By the formula itself, independent of what the error was found with.
    for step in 0...80 {
      let g = 2e-6 * pow(100, Double(step) / 80)
      let s = slope + perDecade * log10(g / 20e-6)
      var (last, lastRise) = (0.0, 0.0)
      for point in 1...70 {
        let v = limit * Double(point) / 70
        let exact = 0.9 * g * sinh(s * v) / s
        let found = model.current(conductance: g, voltage: v, temperature: 300)
        #expect(abs(found / exact - 1) < 1.1 * SinhStateStatic.accuracy)
        #expect(found - last >= lastRise * (1 - 1e-9))
        (last, lastRise) = (found, found - last)
      }
      let current = model.current(conductance: g, voltage: limit, temperature: 300)
      let device = model.current(conductance: g, voltage: limit, temperature: 300, z: 1)
      #expect(abs(device / current - 1.2) < 1e-9)
    }
  }

  @Test func `Slopes beyond every expansion are told, not hidden`() {
    let model = SinhStateStatic(
      gain: 1, spread: 0, slope: 60, slopePerDecade: 25, reference: 20e-6, range: 2e-6...200e-6,
      voltage: 1)
    let error = ExpansionError(
      of: model, conductances: 2e-6...200e-6, voltage: 1, temperatures: [300])
    #expect(error.largest > ExpansionError.limit)
  }

  @Test(arguments: functions + [.linear, .cubic, .hyperbolicSine(slope: 6)])
  func `Models of one shape are simulated to single precision`(function: BasisFunction) {
    let model = ShapedStatic(gain: 1.2, spread: 0.3, terms: [.init(function, 1)])
    let error = ExpansionError(
      of: model, conductances: 1e-6...300e-6, voltage: 0.5, temperatures: [300])
    #expect(error.largest < 2e-5)
  }
}
