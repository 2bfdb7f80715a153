import Calibration
import Devices
import Testing

/// The static model of nili2020 against published and derived numbers.
@Suite struct NiliStaticTests {
  let model: any StaticModel
  let room = 25 + PhysicalConstants.zeroCelsius

  init() throws {
    model = try Calibration.load("nili2020").device.staticModel
  }

  struct Vector: Sendable {
    var conductance, a1, a3, s1, s3: Double
    var currents: [Double]
  }

  static let vectors = [
    Vector(
      conductance: 10e-6, a1: 1.01050e-5, a3: 3.465_253_929_38e-5, s1: 1.85e-6, s3: 2.0925e-5,
      currents: [1.045_152_539_3e-6, 2.298_220_314_4e-6, 6.259_762_514_8e-6]),
    Vector(
      conductance: 50e-6, a1: 4.91850e-5, a3: 9.768_293_929_38e-5, s1: 8.73e-6, s3: 5.4825e-5,
      currents: [5.016_182_939_3e-6, 1.061_846_351_4e-5, 2.592_570_811_5e-5]),
    Vector(
      conductance: 100e-6, a1: 9.80350e-5, a3: 2.061_529_392_94e-4, s1: 1.148e-5, s3: 6.795e-5,
      currents: [1.000_965_293_9e-5, 2.125_622_351_4e-5, 5.240_778_811_5e-5]),
    Vector(
      conductance: 200e-6, a1: 1.957350e-4, a3: 5.220_329_392_94e-4, s1: -2.52e-6, s3: -3.3e-6,
      currents: [2.009_553_293_9e-5, 4.332_326_351_4e-5, 1.117_041_081_1e-4]),
  ]

  @Test("Coefficients and currents at 25 °C", arguments: vectors)
  func vector(_ vector: Vector) throws {
    let nili = try #require(model as? NiliStatic)
    let coefficients = nili.coefficients(conductance: vector.conductance, temperature: room)
    let deviation = nili.fittedDeviation(conductance: vector.conductance, celsius: 25)
    #expect(isClose(coefficients.mean[0], vector.a1, 1e-9))
    #expect(isClose(coefficients.mean[1], vector.a3, 1e-9))
    #expect(isClose(deviation[0], vector.s1, 1e-9))
    #expect(isClose(deviation[1], vector.s3, 1e-9))
    for (clamped, fitted) in zip(coefficients.deviation, deviation) {
      #expect(abs(clamped - max(0, fitted)) < 1e-18)
    }
    for (voltage, expected) in zip([0.1, 0.2, 0.4], vector.currents) {
      let current = nili.current(
        conductance: vector.conductance, voltage: voltage, temperature: room)
      #expect(isClose(current, expected, 1e-9), "\(current) A at \(voltage) V")
    }
  }

  @Test("A device programmed to G reads about G at 0.1 V: temperature is in °C")
  func programmedConductance() {
    let states = [20, 31.6, 50, 100, 150, 178, 200]
    let printed = [20.36, 31.87, 50.16, 100.10, 150.36, 178.65, 200.96]
    for (state, expected) in zip(states, printed) {
      let reading = model.chordConductance(
        conductance: state * 1e-6, voltage: 0.1, temperature: room)
      #expect(abs(reading * 1e6 - expected) < 0.0051, "\(state) µS reads \(reading)")
    }
  }

  @Test("Conductance rises by 0.117 µS per °C")
  func temperatureCoefficient() {
    for state in [10e-6, 50e-6, 200e-6] {
      let cold = model.chordConductance(conductance: state, voltage: 0, temperature: room)
      let warm = model.chordConductance(conductance: state, voltage: 0, temperature: room + 1)
      #expect(abs((warm - cold) * 1e6 - 0.117) < 0.0005)
    }
  }

  @Test("Spread of the current at 0.1 V, in percent")
  func spread() {
    let printed: [(Double, Double, Double)] = [
      (10, 20, 1), (31, 20, 1), (50, 18, 0.5), (100, 12, 0.5), (150, 5.5, 0.05), (178, 1.7, 0.05),
    ]
    for (state, percent, tolerance) in printed {
      let mean = model.current(conductance: state * 1e-6, voltage: 0.1, temperature: room)
      let high = model.current(conductance: state * 1e-6, voltage: 0.1, temperature: room, z: 1)
      #expect(abs((high / mean - 1) * 100 - percent) < tolerance, "\(state) µS: \(high / mean - 1)")
    }
  }

  @Test("Share of the cubic term at 0.4 V")
  func nonlinearity() {
    for (state, ratio) in [(10.0, 0.55), (50, 0.32), (100, 0.34), (200, 0.43)] {
      let mean = model.coefficients(conductance: state * 1e-6, temperature: room).mean
      #expect(abs(mean[1] * 0.16 / mean[0] - ratio) < 0.005)
    }
  }

  @Test("1.2 % of devices at 20 µS would not be monotone without the restriction of z")
  func restrictedShare() {
    let lowest = model.coefficients(conductance: 20e-6, temperature: room).admissible.lowerBound
    // Φ(−2.257) = 0.0120.
    #expect(abs(lowest + 2.257) < 0.03, "\(lowest)")
  }
}
