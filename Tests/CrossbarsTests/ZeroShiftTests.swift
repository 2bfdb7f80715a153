import ArrayOperations
import Crossbars
import Devices
import Mathematics
import Testing

/// References written to the symmetry points of their partners.
@Suite struct ZeroShiftTests {
  private func make(
    _ name: String = "nili2020", _ pairing: Pairing = .oneFixed, pulsePairs: Int = 3000,
    adjust: (inout ArrayConditions) -> Void = { _ in }
  ) throws -> Crossbar {
    try Arrays.make(Arrays.device(name), 12, 10, pairing) {
      $0.zeroShiftPulsePairs = pulsePairs
      $0.readNoise = false
      adjust(&$0)
    }
  }

  @Test("Settled devices are where single pulses lead")
  func trajectory() throws {
    let crossbar = try make()
    let expected = CrossbarReference(crossbar).afterPulsePairs(pulsePairs: 3000)
    let ledger = crossbar.pulseToSymmetryPoints(pulsePairs: 3000, draw: 0)
    let errors = zip(crossbar.state.plus, expected).map { abs(Double($0) / $1 - 1) }.sorted()
    // Slow devices are still under way, where the contraction differs from the symmetry point's.
    #expect(errors[errors.count / 2] < 2e-4)
    #expect(errors[errors.count * 9 / 10] < 0.02)
    #expect(ledger.pulses == 6000 * crossbar.pairs && ledger.programHalf == 0)
    #expect(isClose(ledger.seconds, 3000 * 2e-7, 1e-9))
  }

  /// Raises and lowers every weight in turn, half-selected devices drifting where they may.
  private func pulse(_ crossbar: Crossbar, pulsePairs: Int) {
    for step in 0..<pulsePairs {
      for sign in [Int8(1), -1] {
        var updateSigns = SignMatrix(rows: crossbar.wordLines, columns: crossbar.outputs)
        updateSigns.elements = [Int8](repeating: sign, count: crossbar.pairs)
        _ = crossbar.program(updateSigns, step: UInt64(2 * step) + (sign > 0 ? 0 : 1))
      }
      _ = crossbar.drift()
    }
  }

  static let referenced: [Pairing] = [.oneFixed, .referencedPair]

  @Test("At their zero, pulse pairs leave the mean weight where it is", arguments: referenced)
  func balance(_ pairing: Pairing) throws {
    let shifted = try make("nili2020", pairing, pulsePairs: 100_000)
    let centred = try make("nili2020", pairing, pulsePairs: 0)
    let targets = [Float](repeating: 0, count: shifted.pairs)
    func drift(_ crossbar: Crossbar) -> Double {
      _ = crossbar.writeVerified(targets: targets, draw: 0)
      let before = crossbar.chordDifferences
      pulse(crossbar, pulsePairs: 600)
      let moved = zip(crossbar.chordDifferences, before).map { ($0 - $1) * ($0 - $1) }
      return (moved.reduce(0, +) / Double(crossbar.pairs)).squareRoot()
    }
    let (ofShifted, ofCentred) = (drift(shifted), drift(centred))
    // As near as write-and-verify comes with two devices, and with four.
    #expect(ofShifted < 0.4e-6)
    #expect(ofCentred > 5 * ofShifted)
  }

  @Test("Weights are written about the shifted zero", arguments: referenced)
  func targets(_ pairing: Pairing) throws {
    let crossbar = try make("nili2020", pairing)
    let targets = Arrays.numbers(crossbar.pairs, in: -5e-6...5e-6, "targets")
    let report = crossbar.writeVerified(targets: targets, draw: 0)
    #expect(report.devicesMissed == 0)
    let worst = zip(crossbar.chordDifferences, targets).reduce(0) {
      max($0, abs($1.0 - Double($1.1)))
    }
    // Every device of a weight may be off by the tolerance.
    #expect(worst < Double(pairing.devicesPerWeight) * 0.002 * 70e-6 * 1.01)
  }

  @Test("Half-selected drift leaves the zero of pairs, not that of single devices")
  func drift() throws {
    func moved(_ pairing: Pairing) throws -> Double {
      let crossbar = try make("nili2020", pairing, pulsePairs: 100_000) {
        $0.disturbsHalfSelected = true
      }
      _ = crossbar.writeVerified(
        targets: [Float](repeating: 0, count: crossbar.pairs), draw: 0)
      let before = crossbar.chordDifferences
      pulse(crossbar, pulsePairs: 2000)
      let changes = zip(crossbar.chordDifferences, before).map { $0 - $1 }
      return abs(changes.reduce(0, +) / Double(crossbar.pairs))
    }
    let (ofPairs, ofSingles) = (try moved(.referencedPair), try moved(.oneFixed))
    #expect(ofSingles > 5 * ofPairs, "\(ofSingles), \(ofPairs)")
  }

  @Test("References of pairs are what weights are read against, wires and noise included")
  func referencedReads() throws {
    let crossbar = try make("nili2020", .referencedPair)
    let targets = Arrays.numbers(crossbar.pairs, in: -5e-6...5e-6, "targets")
    _ = crossbar.writeVerified(targets: targets, draw: 0)
    let state = try #require(crossbar.referenceState)
    // A chip of its own: references differ from device to device, and pulses leave them alone.
    #expect(Set(state.plus).count > crossbar.pairs / 2)
    var updateSigns = SignMatrix(rows: crossbar.wordLines, columns: crossbar.outputs)
    updateSigns.elements = [Int8](repeating: 1, count: crossbar.pairs)
    _ = crossbar.program(updateSigns, step: 0)
    #expect(crossbar.referenceState?.plus == state.plus)
    // The state and that of the references make the array again.
    let fresh = try make("nili2020", .referencedPair)
    fresh.setReferenceState(plus: state.plus, minus: state.minus)
    fresh.setState(plus: crossbar.state.plus, minus: crossbar.state.minus)
    #expect(fresh.readDifferences() == crossbar.readDifferences())
  }

  @Test("Cycle-to-cycle spread scatters devices as the stationary state does")
  func scatter() throws {
    // Steps of 0.1 µS that shrink towards the symmetry point at 65 µS by 1 % per µS.
    struct Leaky: PulseModel {
      func response(to pulse: Pulse, conductance: Double) -> PulseResponse {
        let step = pulse.isSet ? 1e-7 : -1e-7
        return PulseResponse(
          meanStep: step * (1 + (pulse.isSet ? -1 : 1) * (conductance - 65e-6) / 1e-4),
          relativeSpread: 0)
      }
    }
    let device = try Arrays.device(pulse: Leaky(), cycleToCycle: 0.5)
    let crossbar = try Arrays.make(device, 40, 40, .oneFixed)
    _ = crossbar.pulseToSymmetryPoints(pulsePairs: 5000, draw: 0)
    let contraction = 1 - 2 * 1e-3
    let expected = 0.5 * 1e-7 * 2.0.squareRoot() / (1 - contraction * contraction).squareRoot()
    let values = crossbar.state.plus.map { Double($0) - 65e-6 }
    let deviation = (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
    #expect(isClose(deviation, expected, 0.06))
  }

  @Test("References have tiles of their own: pulses leave them alone, and their energy out")
  func apart() throws {
    func programmed(_ pairing: Pairing) throws -> (crossbar: Crossbar, ledger: EnergyLedger) {
      let crossbar = try Arrays.make(Arrays.device("nili2020"), 12, 10, pairing) {
        $0.disturbsHalfSelected = true
      }
      var updateSigns = SignMatrix(rows: 12, columns: 10)
      for row in 0..<12 { updateSigns[row, row % 10] = 1 }
      var ledger = crossbar.program(updateSigns, step: 0)
      ledger.disturb = crossbar.drift()
      return (crossbar, ledger)
    }
    let (apart, single) = try programmed(.oneFixed)
    #expect(apart.state.minus == [Float](repeating: 65e-6, count: 120))
    #expect(apart.state.plus.contains { $0 != 65e-6 })
    // A SET phase per word line: nine mates along it, eleven on the bit line.
    #expect(single.halfSelections == 12 * (9 + 11))
    let pairs = try programmed(.twoSided).ledger
    #expect(pairs.programHalf > 2 * single.programHalf)
  }

  @Test("Tiles of references are solved like the others", arguments: referenced)
  func wires(_ pairing: Pairing) throws {
    func wired(staticVariation: Bool) throws -> Crossbar {
      let crossbar = try make("nili2020", pairing) { conditions in
        conditions.wires = TileWires(name: "test", segment: 3, lineEnd: 200, size: 8)
        conditions.staticVariation = staticVariation
      }
      try crossbar.solveStaleWires()
      return crossbar
    }
    // Both devices of a pair stand at the same place of their tiles: equal ones cancel.
    #expect(try wired(staticVariation: false).readDifferences().allSatisfy { abs($0) < 1e-12 })
    let crossbar = try wired(staticVariation: true)
    let targets = Arrays.numbers(crossbar.pairs, in: -5e-6...5e-6, "targets")
    _ = crossbar.writeVerified(targets: targets, draw: 0)
    let read = crossbar.readDifferences()
    let tolerance = Float(Double(pairing.devicesPerWeight) * 0.002 * 70e-6 * 1.01)
    #expect(zip(read, targets).allSatisfy { abs($0 - $1) < tolerance })
    let errors = try crossbar.wireErrors(sampling: 2, draw: 1)
    #expect(errors.read.allSatisfy { $0 < 0.01 } && !errors.read.isEmpty)
  }
}
