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

  @Test func `A slope that follows the state is expanded within the stated error`() {
    let model = SinhStateStatic(
      gain: 0.9, spread: 0.2, slope: 5, slopePerDecade: -2, reference: 20e-6, range: 2e-6...200e-6)
    let bound = model.expansionError(upTo: 0.4)
    #expect(bound < 1e-3)
    for g in [2e-6, 7e-6, 20e-6, 90e-6, 200e-6] {
      let s = model.slope(at: g)
      for v in [-0.4, 0.15, 0.4] {
        let exact = 0.9 * g * sinh(s * v) / s
        let found = model.current(conductance: g, voltage: v, temperature: 300)
        #expect(abs(found / exact - 1) <= bound + 1e-9)
        let device = model.current(conductance: g, voltage: v, temperature: 300, z: 1)
        #expect(abs(device / found - 1.2) < 1e-9)
      }
    }
  }
}
