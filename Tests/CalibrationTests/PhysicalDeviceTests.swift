import Calibration
import Devices
import Testing
import _TestSupport

/// What every device has to satisfy, whatever its frozen variation.
@Suite struct PhysicalDeviceTests {
  /// SplitMix64: random states that are the same in every run.
  struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
      return z ^ z >> 31
    }
  }

  @Test(
    "Passive and monotone within ±0.4 V",
    arguments: ["nili2020", "ideal", "satyam2021-as-published"])
  func passiveAndMonotone(_ name: String) throws {
    let device = try Calibration.load(name).device
    var generator = Generator(state: 1)
    for _ in 0..<20_000 {
      let conductance = Double.random(in: device.limits.conductance, using: &generator)
      let temperature = Double.random(in: device.limits.temperature, using: &generator)
      let voltage = Double.random(in: -0.4...0.4, using: &generator)
      let z = Double.random(in: -8...8, using: &generator)
      let slope = device.staticModel.differentialConductance(
        conductance: conductance, voltage: voltage, temperature: temperature, z: z)
      let chord = device.staticModel.chordConductance(
        conductance: conductance, voltage: voltage, temperature: temperature, z: z)
      // Zero up to rounding at the border of the admissible range.
      #expect(slope >= -1e-18)
      #expect(chord >= -1e-18)
    }
  }

  @Test("The restriction of z is as weak as it can be")
  func restrictionIsTight() throws {
    let device = try Calibration.load("nili2020").device
    let temperature = 25 + PhysicalConstants.zeroCelsius
    for conductance in [5e-6, 20e-6, 50e-6, 100e-6, 150e-6] {
      let coefficients = device.staticModel.coefficients(
        conductance: conductance, temperature: temperature)
      let z = coefficients.admissible.lowerBound * 1.001
      let values = zip(coefficients.mean, coefficients.deviation).map { $0 + z * $1 }
      let slopes = [0, 0.4].map { values[0] + 3 * $0 * $0 * values[1] }
      #expect(min(slopes[0], slopes[1]) < 0)
    }
  }

  @Test("An odd characteristic: I(−V) = −I(V)")
  func odd() throws {
    let model = try Calibration.load("nili2020").device.staticModel
    for voltage in [0.05, 0.2, 0.4] {
      let plus = model.current(conductance: 5e-5, voltage: voltage, temperature: 300, z: 0.7)
      let minus = model.current(conductance: 5e-5, voltage: -voltage, temperature: 300, z: 0.7)
      #expect(plus == -minus)
    }
  }

  @Test("Interpolated response: equal at the centres, continuous everywhere, held at the ends")
  func interpolation() throws {
    let calibration = try Calibration.load("nili2020")
    let binned = try #require(calibration.device.pulseModel as? NiliPulseResponse)
    let smooth = calibration.device(interpolated: true).pulseModel
    #expect(smooth is LogInterpolatedResponse)
    for pulse in [Pulse(voltage: 0.8, width: 1e-7), Pulse(voltage: -1.5, width: 1e-3)] {
      for (bin, centre) in binned.binCentres.enumerated() {
        let expected = binned.response(to: pulse, bin: bin)
        let found = smooth.response(to: pulse, conductance: centre)
        #expect(isClose(found.meanStep, expected.meanStep, 1e-12))
        #expect(abs(found.relativeSpread - expected.relativeSpread) < 1e-12)
      }
      var last = smooth.response(to: pulse, conductance: 3e-6)
      #expect(last == binned.response(to: pulse, bin: 0))
      var conductance = 3e-6
      while conductance < 330e-6 {
        conductance *= 1.001
        let next = smooth.response(to: pulse, conductance: conductance)
        // Between two bins the step changes by a factor of 14 at most, over 575 of these ratios.
        #expect(abs(next.meanStep / last.meanStep - 1) < 0.005)
        #expect(abs(next.relativeSpread - last.relativeSpread) < 0.002)
        last = next
      }
      #expect(last == binned.response(to: pulse, bin: 7))
    }
  }
}
