import Devices
import Testing

@Suite struct BinnedPulseModelTests {
  /// Three bins whose steps are 1, 4 and 0 µS.
  struct Steps: BinnedPulseModel {
    let binEdges = [1e-6, 4e-6, 16e-6, 64e-6]

    func response(to pulse: Pulse, bin: Int) -> PulseResponse {
      PulseResponse(meanStep: [1e-6, 4e-6, 0][bin], relativeSpread: Double(bin))
    }

    func response(to pulse: Pulse, conductance: Double) -> PulseResponse {
      response(to: pulse, bin: bin(of: conductance))
    }
  }

  let model = Steps()
  let pulse = Pulse(voltage: 1, width: 1e-6)

  @Test(
    "A state on a border belongs to the bin above, one outside to the nearest",
    arguments: [
      (0, 0), (1e-6, 0), (3.999e-6, 0), (4e-6, 1), (16e-6, 2), (64e-6, 2), (1, 2),
    ])
  func bin(_ conductance: Double, _ expected: Int) {
    #expect(model.bin(of: conductance) == expected)
  }

  @Test("Half way between two centres on a logarithmic axis")
  func interpolation() {
    // Centres at 2, 8 and 32 µS.
    let smooth = LogInterpolatedResponse(model)
    let between = smooth.response(to: pulse, conductance: 4e-6)
    #expect(abs(between.meanStep - 2e-6) < 1e-18)
    #expect(abs(between.relativeSpread - 0.5) < 1e-12)
    #expect(smooth.response(to: pulse, conductance: 1e-6).meanStep == 1e-6)
    // Towards a bin without effect there is no geometric mean.
    #expect(smooth.response(to: pulse, conductance: 16e-6).meanStep == 0)
  }

  @Test("Mean trajectories stay within the device's range")
  func trajectory() {
    let limits = DeviceLimits(
      conductance: 1e-6...5e-6, staticConductanceWarning: 5e-6, readVoltage: 0.4,
      temperature: 290...300, setVoltage: 0.5...1, resetVoltage: -1...(-0.5),
      pulseWidth: 1e-9...1)
    let device = DeviceModel(
      name: "steps", staticModel: LinearStatic(), pulseModel: model,
      variation: Variation(sharesPulseDeviation: true, cycleToCycle: 0), readNoise: ReadNoise.none,
      limits: limits)
    let states = device.meanTrajectory(from: 2e-6, pulse: pulse, count: 4)
    for (state, expected) in zip(states, [3e-6, 4e-6, 5e-6, 5e-6]) {
      #expect(abs(state - expected) < 1e-18)
    }
    #expect(device.meanTrajectory(from: 2e-6, pulse: pulse, count: 0).isEmpty)
  }
}
