import ArrayOperations
import Crossbars
import Devices
import Mathematics
import Testing

/// Write-and-verify, the blind alternative, and what they cost.
@Suite struct WriteTests {
  /// Differences of conductance that a pairing can hold in the default window of 30–100 µS.
  private func targets(_ crossbar: Crossbar, _ pairing: Pairing) -> [Float] {
    let reach = pairing == .oneFixed ? 35e-6 : 70e-6
    let drawn = Arrays.numbers(crossbar.pairs, in: -reach...reach, "targets")
    guard pairing == .singleWithSign else { return drawn }
    // The fixture's stored signs: every third weight is negative.
    return drawn.enumerated().map { $0 % 3 == 0 ? -abs($1) : abs($1) }
  }

  @Test(
    "Every device within tolerance, whatever its gain", arguments: ["nili2020", "ideal"],
    Pairing.allCases)
  func everyDeviceFits(_ name: String, _ pairing: Pairing) throws {
    let crossbar = try Arrays.make(Arrays.device(name), 40, 25, pairing) { $0.readNoise = false }
    let targets = targets(crossbar, pairing)
    let ledger = crossbar.writeVerified(targets: targets, draw: 0)
    #expect(ledger.devicesMissed == 0)
    #expect(ledger.devicesWritten == crossbar.pairs * pairing.devicesPerWeight)
    // 0.2 % of the window's width per device, and single-precision tables.
    let tolerance = Double(max(2, pairing.devicesPerWeight)) * 0.002 * 70e-6 * 1.01
    let worst = zip(crossbar.chordDifferences, targets).reduce(0) {
      max($0, abs($1.0 - Double($1.1)))
    }
    #expect(worst < tolerance)
  }

  @Test("Read noise loses no device")
  func withReadNoise() throws {
    let crossbar = try Arrays.make(Arrays.device("nili2020"), 40, 25)
    let targets = targets(crossbar, .twoSided)
    #expect(crossbar.writeVerified(targets: targets, draw: 0).devicesMissed == 0)
  }

  @Test("A blind write sets nominal states and leaves the gain error")
  func blind() throws {
    let crossbar = try Arrays.make(Arrays.device("nili2020"), 40, 25)
    let targets = targets(crossbar, .twoSided)
    crossbar.writeBlind(targets: targets)
    let state = crossbar.state
    for (pair, target) in targets.enumerated() {
      #expect(isClose(Double(state.plus[pair]), 65e-6 + Double(target) / 2, 1e-6))
      #expect(isClose(Double(state.minus[pair]), 65e-6 - Double(target) / 2, 1e-6))
    }
    let errors = zip(crossbar.chordDifferences, targets).map { abs($0 - Double($1)) }
    // The spread of I(V_read) at 65 µS is some percent of 65 µS.
    #expect(errors.reduce(0, +) / Double(errors.count) > 1e-6)
    let ideal = try Arrays.make(Arrays.device("ideal"), 40, 25)
    ideal.writeBlind(targets: targets)
    #expect(zip(ideal.chordDifferences, targets).allSatisfy { abs($0 - Double($1)) < 1e-10 })
  }

  @Test("Targets out of reach are held at the window's ends")
  func outOfReach() throws {
    let crossbar = try Arrays.make(Arrays.device("ideal"), 1, 2)
    crossbar.writeBlind(targets: [1e-3, -1e-3])
    #expect(crossbar.state.plus == [100e-6, 30e-6])
    #expect(crossbar.state.minus == [30e-6, 100e-6])
  }

  @Test("The same draw writes the same states, another reads with other noise")
  func draws() throws {
    let device = try Arrays.device("nili2020")
    func states(_ draw: UInt64) throws -> [Float] {
      let crossbar = try Arrays.make(device, 10, 10) { $0.read.bandwidth = 1e9 }
      _ = crossbar.writeVerified(targets: targets(crossbar, .twoSided), draw: draw)
      return crossbar.state.plus
    }
    #expect(try states(1) == states(1))
    #expect(try states(1) != states(2))
  }

  /// One ideal pair moves by 1 µS each way in steps of 0.1 µS: as many pulses, and a read before
  /// each and one after the last.
  @Test("Pulses, reads, energy and time of one pair by hand")
  func ledger() throws {
    let crossbar = try Arrays.make(Arrays.device("ideal"), 2, 1)
    let ledger = crossbar.writeVerified(targets: [2e-6, 0], draw: 0)
    // The tolerance of 0.14 µS ends both a step early.
    let pulses = 9
    #expect(ledger.pulses == 2 * pulses && ledger.writes == 2 * pulses)
    #expect(ledger.halfSelections == 2 * pulses * 2)
    let reads = 2 * (pulses + 1) + 2
    #expect(isClose(ledger.seconds, Double(2 * pulses) * 1e-7 + Double(reads) * 1e-6, 1e-9))
    let up = (0..<pulses).reduce(0.0) { $0 + 65e-6 + Double($1) * 0.1e-6 }
    let down = (0..<pulses).reduce(0.0) { $0 + 65e-6 - Double($1) * 0.1e-6 }
    // All amplitudes step alike, so the weakest amplitude, the training pulse, is taken.
    let perSiemens = (set: 0.8 * 0.8 * 1e-7, reset: 0.9 * 0.9 * 1e-7)
    #expect(isClose(ledger.programSelected, perSiemens.set * up + perSiemens.reset * down, 1e-6))
    #expect(ledger.programHalf > 0 && ledger.forward > 0 && ledger.backward == 0)
  }

  /// Six steps of 0.1 µS to the end of the range, one microsiemens short of the target.
  @Test("A device at the end of its range is given up")
  func endOfRange() throws {
    let crossbar = try Arrays.make(Arrays.device("ideal"), 2, 1) {
      $0.conductanceBounds = 64.41e-6...65.59e-6
    }
    let ledger = crossbar.writeVerified(targets: [2e-6, 0], draw: 0)
    #expect(ledger.devicesMissed == 2)
    #expect(ledger.pulses == 12)
  }

  /// Pulses and misses of a replica that writes one device with steps of 1 µS, read without noise.
  private func replica(
    from start: Double, to target: Double, variation: Double, _ random: inout Int
  ) -> (pulses: Int, isMissed: Bool) {
    let stream = RandomStream(seed: 99, name: "replica")
    var (state, errors) = (start, [Double]())
    for pulse in 0..<1000 {
      let error = target - state
      if abs(error) <= 0.14e-6 { return (pulse, false) }
      // Equal steps that alternate about the target lead nowhere.
      errors = errors.last.map { ($0 > 0) != (error > 0) } == true ? errors + [error] : [error]
      if variation == 0, errors.count == 3 { return (pulse, true) }
      let factor = max(0, 1 + variation * Double(stream.gaussian(at: random, substream: 0)))
      random += 1
      state += (error > 0 ? 1e-6 : -1e-6) * factor
    }
    return (1000, true)
  }

  @Test(
    "Pulses vary as in training, and steps that straddle the target end, as a replica has it",
    arguments: [0.34, 0.1, 0])
  func variation(_ variation: Double) throws {
    let device = try Arrays.device(
      pulse: ConstantStepResponse(setStep: 1e-6, resetStep: -1e-6, threshold: 0.5),
      cycleToCycle: variation)
    let crossbar = try Arrays.make(device, 60, 25, .oneFixed)
    let targets = Arrays.numbers(crossbar.pairs, in: -30e-6...30e-6, "targets")
    let ledger = crossbar.writeVerified(targets: targets, draw: 0)
    var (pulses, missed, random) = (0, 0, 0)
    for target in targets {
      let found = replica(from: 0, to: Double(target), variation: variation, &random)
      pulses += found.pulses
      missed += found.isMissed ? 1 : 0
    }
    #expect(ledger.devicesWritten == 2 * crossbar.pairs)
    let perDevice = Double(ledger.pulses) / Double(crossbar.pairs)
    #expect(isClose(perDevice, Double(pulses) / Double(crossbar.pairs), 0.05), "\(perDevice)")
    let (share, expected) = (
      Double(ledger.devicesMissed) / Double(crossbar.pairs),
      Double(missed) / Double(crossbar.pairs)
    )
    #expect(abs(share - expected) < 0.02, "\(share), \(expected)")
    if variation > 0 { #expect(ledger.devicesMissed == 0 && perDevice < 30) }
  }

  @Test("The same draw varies alike, and other draws otherwise")
  func reproducible() throws {
    let device = try Arrays.device(cycleToCycle: 0.3)
    func states(_ draw: UInt64) throws -> [Float] {
      let crossbar = try Arrays.make(device, 10, 10)
      _ = crossbar.writeVerified(targets: targets(crossbar, .twoSided), draw: draw)
      return crossbar.states
    }
    #expect(try states(1) == states(1))
    #expect(try states(1) != states(2))
  }

  @Test("Totals after a write are those of the states")
  func totals() throws {
    let device = try Arrays.device("nili2020")
    let crossbar = try Arrays.make(device, 20, 10) { $0.readNoise = false }
    _ = crossbar.writeVerified(targets: targets(crossbar, .twoSided), draw: 0)
    let fresh = try Arrays.make(device, 20, 10) { $0.readNoise = false }
    fresh.setState(plus: crossbar.state.plus, minus: crossbar.state.minus)
    let voltages = Arrays.voltages(20, 3)
    #expect(crossbar.reading(voltages, .forward) == fresh.reading(voltages, .forward))
  }
}
