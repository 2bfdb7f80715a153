import Crossbars
import Devices
import Mathematics
import Testing
import _TestSupport

/// What differs between devices and between pulses, seen from outside: in the steps they make.
@Suite struct PulseVariationTests {
  /// Steps of 1 µS whatever the state, with a device-to-device spread of 10 %.
  struct SpreadSteps: PulseModel {
    var spread = 0.1

    func response(to pulse: Pulse, conductance: Double) -> PulseResponse {
      PulseResponse(meanStep: pulse.isSet ? 1e-6 : -1e-6, relativeSpread: spread)
    }
  }

  /// Relative deviations of the steps of all plus devices, raised or lowered once.
  private func deviations(_ crossbar: Crossbar, raises: Bool, step: UInt64 = 0) -> [Double] {
    let state = [Float](repeating: 65e-6, count: crossbar.pairs)
    crossbar.setState(plus: state, minus: state)
    var updateSigns = SignMatrix(rows: crossbar.wordLines, columns: crossbar.outputs)
    updateSigns.elements = [Int8](repeating: raises ? 1 : -1, count: crossbar.pairs)
    _ = crossbar.program(updateSigns, step: step)
    return zip(crossbar.state.plus, state).map {
      (Double($0) - Double($1)) / (raises ? 1e-6 : -1e-6) - 1
    }
  }

  private func isNormal(_ numbers: [Double], deviation: Double) -> Bool {
    let distance = KolmogorovSmirnov.statistic(numbers.map { $0 / deviation }, Normal.cumulative)
    return distance < KolmogorovSmirnov.critical(count: numbers.count)
  }

  private func correlation(_ a: [Double], _ b: [Double]) -> Double {
    func product(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
    return product(a, b) / (product(a, a) * product(b, b)).squareRoot()
  }

  @Test("Frozen, normal, and one number for both polarities or one each", arguments: [true, false])
  func frozen(_ isShared: Bool) throws {
    let crossbar = try Arrays.make(
      try Arrays.device(pulse: SpreadSteps(), sharesPulseDeviation: isShared), 100, 60)
    let set = deviations(crossbar, raises: true)
    #expect(isNormal(set, deviation: 0.1))
    #expect(set == deviations(crossbar, raises: true, step: 1))
    let reset = deviations(crossbar, raises: false)
    #expect(isNormal(reset, deviation: 0.1))
    let shared = correlation(set, reset)
    #expect(isShared ? shared > 0.999 : abs(shared) < 4 / Double(set.count).squareRoot())
  }

  @Test("Switched off, all steps are equal")
  func switchedOff() throws {
    let crossbar = try Arrays.make(Arrays.device(pulse: SpreadSteps()), 10, 6) {
      $0.pulseVariation = false
    }
    #expect(Set(deviations(crossbar, raises: true)).count == 1)
  }

  @Test("A step never goes against its pulse")
  func polarity() throws {
    let crossbar = try Arrays.make(Arrays.device(pulse: SpreadSteps(spread: 3)), 40, 60)
    for raises in [true, false] {
      let found = deviations(crossbar, raises: raises)
      #expect(found.allSatisfy { $0 >= -1 })
      // 1 + 3z is negative for 37 % of the devices, which then rest.
      let resting = Double(found.count { $0 == -1 }) / Double(found.count)
      #expect(abs(resting - Normal.cumulative(-1.0 / 3)) < 0.04)
    }
  }

  @Test("Cycle-to-cycle spread: normal, and new with every step")
  func cycleToCycle() throws {
    let crossbar = try Arrays.make(
      try Arrays.device(pulse: SpreadSteps(spread: 0), cycleToCycle: 0.2), 100, 60)
    let first = deviations(crossbar, raises: true, step: 1)
    let second = deviations(crossbar, raises: true, step: 2)
    #expect(isNormal(first, deviation: 0.2))
    #expect(isNormal(second, deviation: 0.2))
    #expect(first == deviations(crossbar, raises: true, step: 1))
    let fourErrors = 4 / Double(first.count).squareRoot()
    #expect(abs(correlation(first, second)) < fourErrors)
    let reset = deviations(crossbar, raises: false, step: 1)
    #expect(abs(correlation(first, reset)) < fourErrors)
  }

  @Test("The device seed decides the deviations, the seed does not")
  func seeds() throws {
    let device = try Arrays.device(pulse: SpreadSteps())
    func found(deviceSeed: UInt64, seed: UInt64) throws -> [Double] {
      deviations(
        try Arrays.make(device, 20, 20, deviceSeed: deviceSeed, seed: seed), raises: true)
    }
    #expect(try found(deviceSeed: 1, seed: 1) == found(deviceSeed: 1, seed: 9))
    #expect(try found(deviceSeed: 1, seed: 1) != found(deviceSeed: 2, seed: 1))
  }
}
