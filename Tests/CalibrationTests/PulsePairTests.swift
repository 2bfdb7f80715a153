import Calibration
import Devices
import Testing

/// Balanced pulse pairs of the published model.
@Suite("Pulse pairs")
struct PulsePairTests {
  private let device: DeviceModel

  init() throws { device = try Calibration.load("nili2020").device(interpolated: true) }

  private func steps(_ pair: PulsePair, _ window: ClosedRange<Double>) -> PulsePairSteps {
    device.pulseModel.steps(of: pair, window: window, range: device.limits.conductance)
  }

  @Test(
    "Balance alone finds the best-balanced pairs of the model's study",
    arguments: [
      (30e-6...100e-6, 1e-7, 0.80, -0.90), (18e-6...56e-6, 1e-6, 1.00, -1.50),
      (56e-6...178e-6, 1e-6, 1.15, -1.10), (100e-6...316e-6, 1e-7, 1.15, -0.92),
    ])
  func published(
    _ window: ClosedRange<Double>, _ width: Double, _ set: Double, _ reset: Double
  ) throws {
    let search = PulsePairSearch(
      window: window, pulses: nil, width: width, limits: device.limits)
    let found = try search.best(for: device.pulseModel)
    #expect(abs(found.set.voltage - set) < 0.02)
    #expect(abs(found.reset.voltage - reset) < 0.02)
    let published = PulsePair(
      set: Pulse(voltage: set, width: width), reset: Pulse(voltage: reset, width: width))
    #expect(steps(found, window).imbalance <= steps(published, window).imbalance)
  }

  @Test("Steps across a window are those of a pulse train", arguments: [0.8, 0.9])
  func crossing(_ voltage: Double) throws {
    let pair = PulsePair(
      set: Pulse(voltage: voltage, width: 1e-7), reset: Pulse(voltage: -0.9, width: 1e-7))
    let found = steps(pair, 30e-6...100e-6)
    let train = device.meanTrajectory(from: 30e-6, pulse: pair.set, count: 2000)
    let crossed = try #require(train.firstIndex { $0 >= 100e-6 }) + 1
    #expect(abs(found.pulsesUp - Double(crossed)) < 0.02 * Double(crossed) + 1)
  }

  @Test("At the symmetry point both steps cancel; below it the pair raises, above it lowers")
  func symmetryPoint() throws {
    let pair = PulsePair(
      set: Pulse(voltage: 0.8, width: 1e-7), reset: Pulse(voltage: -0.9, width: 1e-7))
    let symmetryPoint = try #require(steps(pair, 30e-6...100e-6).symmetryPoint)
    func drift(_ conductance: Double) -> Double {
      device.pulseModel.response(to: pair.set, conductance: conductance).meanStep
        + device.pulseModel.response(to: pair.reset, conductance: conductance).meanStep
    }
    #expect(abs(drift(symmetryPoint)) < 1e-12)
    #expect(drift(symmetryPoint * 0.9) > 0)
    #expect(drift(symmetryPoint * 1.1) < 0)
  }

  @Test("A number of pulses is met where the limits allow it, and the pair stays within them")
  func stepSize() throws {
    for pulses in [50.0, 300] {
      let search = PulsePairSearch(
        window: 30e-6...100e-6, pulses: pulses, width: nil, limits: device.limits)
      let pair = try search.best(for: device.pulseModel)
      let found = steps(pair, search.window)
      #expect(abs((found.pulsesUp * found.pulsesDown).squareRoot() / pulses - 1) < 0.1)
      #expect(device.limits.setVoltage.contains(pair.set.voltage))
      #expect(device.limits.resetVoltage.contains(pair.reset.voltage))
      #expect(device.limits.pulseWidth.contains(pair.set.width))
    }
  }
}
