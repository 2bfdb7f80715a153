import ArrayOperations
import Crossbars
import Devices
import Mathematics
import Testing

/// The batch rule against the reference, pulse by pulse, and its books.
@Suite struct ProgrammingTests {
  @Test(
    "States and ledger of every pairing", arguments: ["nili2020", "ideal"], Pairing.allCases)
  func reference(_ name: String, _ pairing: Pairing) throws {
    let crossbar = try Arrays.make(Arrays.device(name), 33, 70, pairing)
    crossbar.randomise(in: 20e-6...290e-6)
    let updateSigns = Arrays.updateSigns(33, 70)
    let expected = CrossbarReference(crossbar).program(updateSigns)
    let before = crossbar.states
    let ledger = crossbar.program(updateSigns, step: 3)
    #expect(before != crossbar.states)
    for (found, truth) in [
      (crossbar.state.plus, expected.plus), (crossbar.state.minus, expected.minus),
    ] {
      #expect(zip(found, truth).allSatisfy { isClose(Double($0), $1, 1e-5) })
      // The response kinks at the centres of bins, where the table smears it over one node.
      let smeared = zip(found, truth).count { !isClose(Double($0), $1, 1e-6) }
      #expect(smeared <= truth.count / 500)
    }
    #expect(isClose(ledger.programSelected, expected.ledger.programSelected, 1e-6))
    #expect(isClose(ledger.programHalf, expected.ledger.programHalf, 1e-6))
    #expect(isClose(ledger.seconds, expected.ledger.seconds, 1e-12))
    #expect(ledger.pulses == expected.ledger.pulses && ledger.pulses > 0)
    #expect(ledger.writes == expected.ledger.writes)
    #expect(ledger.halfSelections == expected.ledger.halfSelections)
    #expect(ledger.forward == 0 && ledger.backward == 0)
  }

  static let wiredPairings: [Pairing] = [.twoSided, .setOnly, .oneFixed]

  @Test(
    "Behind wires, by batch and by sample, under both schemes", arguments: WriteScheme.allCases,
    wiredPairings)
  func wired(_ scheme: WriteScheme, _ pairing: Pairing) throws {
    for bySample in [false, true] {
      let crossbar = try Arrays.make(try Arrays.device("nili2020"), 40, 18, pairing) {
        $0.scheme = scheme
        $0.wires = TileWires(name: "test", segment: 2, lineEnd: 40, size: 16)
      }
      crossbar.randomise(in: 20e-6...150e-6)
      try crossbar.solveWires()
      let (inputs, deltas) = (Arrays.signs(40, "inputs"), Arrays.signs(18, "deltas"))
      let updateSigns = Arrays.updateSigns(40, 18)
      let reference = CrossbarReference(crossbar)
      let expected =
        bySample
        ? reference.programSample(inputs: inputs, deltas: deltas) : reference.program(updateSigns)
      let ledger =
        bySample
        ? crossbar.programSample(inputs: inputs, deltas: deltas, step: 0)
        : crossbar.program(updateSigns, step: 0)
      for (found, truth) in [
        (crossbar.state.plus, expected.plus), (crossbar.state.minus, expected.minus),
      ] {
        #expect(zip(found, truth).allSatisfy { isClose(Double($0), $1, 1e-4) })
      }
      #expect(isClose(ledger.programSelected, expected.ledger.programSelected, 1e-5))
      // Line totals carry the mean ratio of their devices; those selected are left out with it.
      #expect(isClose(ledger.programHalf, expected.ledger.programHalf, 2e-3))
      #expect(ledger.pulses == expected.ledger.pulses && ledger.pulses > 0)
      #expect(ledger.halfSelections == expected.ledger.halfSelections)
      #expect(isClose(ledger.seconds, expected.ledger.seconds, 1e-12))
      #expect(ledger.weakPulses > 0)
    }
  }

  /// One update sign among 3 × 2 pairs: the selected device, three others on its word line and two
  /// on its bit line, once for the SET and once for the RESET phase.
  @Test("One pulse each way by hand")
  func byHand() throws {
    let crossbar = try Arrays.make(Arrays.device("ideal"), 3, 2)
    let (g, step) = (65e-6, 0.1e-6)
    var updateSigns = SignMatrix(rows: 3, columns: 2)
    updateSigns[1, 0] = 1
    let ledger = crossbar.program(updateSigns, step: 0)
    #expect(ledger.pulses == 2 && ledger.writes == 2 && ledger.halfSelections == 10)
    let perSiemens = (set: 0.8 * 0.8 * 1e-7, reset: 0.9 * 0.9 * 1e-7)
    #expect(isClose(ledger.programSelected, (perSiemens.set + perSiemens.reset) * g, 1e-6))
    let half = perSiemens.set / 4 * 5 * g + perSiemens.reset / 4 * (5 * g + step)
    #expect(isClose(ledger.programHalf, half, 1e-6))
    #expect(isClose(ledger.seconds, 2e-7, 1e-12))
    #expect(isClose(Double(crossbar.state.plus[2]), g + step, 1e-6))
    #expect(isClose(Double(crossbar.state.minus[2]), g - step, 1e-6))
  }

  @Test("A phase without a pulse takes no time")
  func skippedPhases() throws {
    let widths = (set: 1e-7, reset: 3e-7)
    func seconds(_ pairing: Pairing, _ signs: [Int8]) throws -> Double {
      let crossbar = try Arrays.make(Arrays.device("ideal"), 4, 1, pairing) {
        $0.resetPulse.width = widths.reset
      }
      var updateSigns = SignMatrix(rows: 4, columns: 1)
      updateSigns.elements = signs
      return crossbar.program(updateSigns, step: 0).seconds
    }
    #expect(isClose(try seconds(.setOnly, [1, 0, -1, 0]), 2 * widths.set, 1e-12))
    #expect(isClose(try seconds(.oneFixed, [1, 1, -1, 0]), 2 * widths.set + widths.reset, 1e-12))
    #expect(isClose(try seconds(.twoSided, [0, 0, -1, 0]), widths.set + widths.reset, 1e-12))
    // The stored sign of line 0 is negative: raising its weight shrinks the conductance.
    #expect(isClose(try seconds(.singleWithSign, [1, 1, 0, 0]), widths.set + widths.reset, 1e-12))
  }

  @Test("No update sign, nothing happens", arguments: Pairing.allCases)
  func noSigns(_ pairing: Pairing) throws {
    let crossbar = try Arrays.make(Arrays.device("nili2020"), 20, 9, pairing)
    crossbar.randomise(in: Arrays.fullRange)
    let before = crossbar.states
    #expect(crossbar.program(SignMatrix(rows: 20, columns: 9), step: 0) == EnergyLedger())
    #expect(crossbar.states == before)
  }

  @Test("Devices stop at their conductance bounds; pulses go on, writes do not")
  func bounds() throws {
    let crossbar = try Arrays.make(Arrays.device("nili2020"), 6, 4) {
      $0.conductanceBounds = 40e-6...90e-6
    }
    var updateSigns = SignMatrix(rows: 6, columns: 4)
    updateSigns.elements = [Int8](repeating: 1, count: 24)
    var ledger = EnergyLedger()
    for step in 0..<3000 { ledger = crossbar.program(updateSigns, step: UInt64(step)) }
    let state = crossbar.state
    #expect(state.plus.allSatisfy { $0 <= 90e-6 } && state.plus.contains(90e-6))
    #expect(state.minus.allSatisfy { $0 >= 40e-6 } && state.minus.contains(40e-6))
    #expect(ledger.pulses == 48)
    #expect(ledger.writes < 48)
  }

  @Test("Coefficients and totals that follow pulses equal those derived anew")
  func totalsFollow() throws {
    let device = try Arrays.device("nili2020")
    let crossbar = try Arrays.make(device, 40, 70) { $0.readNoise = false }
    crossbar.randomise(in: 30e-6...100e-6)
    for step in 0..<200 {
      _ = crossbar.program(Arrays.updateSigns(40, 70, "step \(step)"), step: UInt64(step))
    }
    let fresh = try Arrays.make(device, 40, 70) { $0.readNoise = false }
    fresh.setState(plus: crossbar.state.plus, minus: crossbar.state.minus)
    for direction in [ReadDirection.forward, .transposed] {
      let voltages = Arrays.voltages(crossbar.drivenLines(direction), 5)
      let (found, expected) = (
        crossbar.reading(voltages, direction), fresh.reading(voltages, direction)
      )
      #expect(found.currents == expected.currents)
      #expect(isClose(found.energy, expected.energy, 1e-9))
    }
    let updateSigns = Arrays.updateSigns(40, 70, "last")
    let found = crossbar.program(updateSigns, step: 200)
    let expected = fresh.program(updateSigns, step: 200)
    #expect(crossbar.states == fresh.states)
    #expect(isClose(found.programHalf, expected.programHalf, 1e-9))
    #expect(isClose(found.programSelected, expected.programSelected, 1e-9))
  }

  @Test("Same bits on one worker and two", arguments: Pairing.allCases)
  func workers(_ pairing: Pairing) throws {
    var device = try Arrays.device("nili2020")
    device.variation.cycleToCycle = 0.1
    let results = try [1, 2].map { count in
      let crossbar = try Arrays.make(device, 50, 200, pairing)
      var ledger = EnergyLedger()
      for step in 0..<5 {
        ledger += crossbar.program(
          Arrays.updateSigns(50, 200, "step \(step)"), step: UInt64(step),
          workers: Workers(count: count))
      }
      let reading = crossbar.reading(Arrays.voltages(50, 8), .forward)
      return (crossbar.states, ledger, reading)
    }
    #expect(results[0].0 == results[1].0)
    #expect(results[0].1 == results[1].1)
    #expect(results[0].2 == results[1].2)
  }
}
