import Calibration
import Devices
import Failures
import Testing

/// The ranges that nili2020 accepts without an override.
@Suite struct LimitsTests {
  let limits: DeviceLimits
  let room = 25 + PhysicalConstants.zeroCelsius

  init() throws {
    limits = try Calibration.load("nili2020").device.limits
  }

  @Test("Reads at the borders are accepted, with a warning above 130 µS")
  func acceptedReads() throws {
    let zero = PhysicalConstants.zeroCelsius
    for (conductance, voltage, celsius) in [
      (3.16e-6, 0.4, 20.0), (316e-6, -0.4, 100), (130e-6, 0.1, 25),
    ] {
      let warning = try limits.checkRead(
        conductance: conductance, voltage: voltage, temperature: celsius + zero, at: "nili2020")
      #expect((warning != nil) == (conductance > 130e-6))
    }
  }

  @Test("The warning names the state and the limit")
  func warning() throws {
    let warning = try limits.checkRead(
      conductance: 131e-6, voltage: 0.1, temperature: room, at: "nili2020")
    #expect(
      warning
        == "nili2020: the static model was measured up to 130 µS; 131 µS is an extrapolation")
  }

  @Test(
    "Reads outside are refused",
    arguments: [
      (3.15e-6, 0.1, 298.15), (317e-6, 0.1, 298.15), (5e-5, 0.41, 298.15), (5e-5, -0.41, 298.15),
      (5e-5, 0.1, 293), (5e-5, 0.1, 373.3), (.nan, 0.1, 298.15), (5e-5, .nan, 298.15),
      (5e-5, 0.1, .nan),
    ])
  func refusedReads(_ conductance: Double, _ voltage: Double, _ temperature: Double) {
    let failure = #expect(throws: Failure.self) {
      try limits.checkRead(
        conductance: conductance, voltage: voltage, temperature: temperature, at: "nili2020")
    }
    #expect(failure?.kind == .badData)
  }

  @Test(
    "Pulses at the borders are accepted",
    arguments: [(0.8, 1e-7), (1.15, 100e-3), (-0.8, 100e-9), (-1.5, 0.1)])
  func acceptedPulses(_ voltage: Double, _ width: Double) throws {
    try limits.checkPulse(
      Pulse(voltage: voltage, width: width), conductance: 50e-6, at: "nili2020")
  }

  @Test(
    "Pulses outside are refused",
    arguments: [
      (0.79, 1e-7), (1.16, 1e-7), (-0.79, 1e-7), (-1.51, 1e-7), (0.8, 99e-9), (0.8, 0.101),
      (0, 1e-7), (.nan, 1e-7), (0.8, .nan),
    ])
  func refusedPulses(_ voltage: Double, _ width: Double) {
    let failure = #expect(throws: Failure.self) {
      try limits.checkPulse(Pulse(voltage: voltage, width: width), at: "nili2020")
    }
    #expect(failure?.kind == .badData)
  }

  @Test("A refusal names value, range, unit and override")
  func message() {
    let failure = #expect(throws: Failure.self) {
      try limits.checkPulse(Pulse(voltage: -1.6, width: 1e-7), at: "nili2020")
    }
    #expect(
      failure?.description
        == "nili2020: RESET voltage -1.6 V is outside the measured range -1.5 V to -800 mV;"
        + " --extrapolate computes outside it")
  }
}
