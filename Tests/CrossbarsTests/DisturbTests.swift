import ArrayOperations
import Crossbars
import Devices
import Foundation
import Mathematics
import Testing

/// The drift of half-selected devices.
@Suite struct DisturbTests {
  /// Steps that grow with the fourth power of voltage and shrink towards the end of the range.
  struct Tail: PulseModel {
    var strength = 1e-7

    func response(to pulse: Pulse, conductance: Double) -> PulseResponse {
      let room = pulse.isSet ? 300e-6 - conductance : 10e-6 - conductance
      return PulseResponse(
        meanStep: strength / 100e-6 * room * pow(pulse.voltage, 4), relativeSpread: 0)
    }
  }

  /// Plays a step pulse by pulse on every device of every tile, in order.
  ///
  /// - Parameter disturbs: whether devices that a phase does not select see what the scheme leaves.
  /// - Returns: states of the plus and minus devices afterwards, in siemens.
  private func played(
    _ crossbar: Crossbar, _ model: some PulseModel, _ updateSigns: SignMatrix, tile: Int,
    disturbs: Bool
  ) -> [[Double]] {
    var state = [crossbar.state.plus, crossbar.state.minus].map { $0.map(Double.init) }
    let conditions = crossbar.technology.conditions
    let tileOutputs = min(updateSigns.columns, tile / 2)
    for row in 0..<updateSigns.rows {
      for pulse in [conditions.setPulse, conditions.resetPulse] {
        // Two-sided: a raise SETs plus and RESETs minus, a fall the reverse.
        func isSelected(_ polarity: Int, _ column: Int) -> Bool {
          let updateSign = updateSigns[row, column]
          return updateSign != 0 && ((updateSign > 0) == (polarity == 0)) == pulse.isSet
        }
        for first in stride(from: 0, to: updateSigns.columns, by: tileOutputs) {
          let columns = first..<min(updateSigns.columns, first + tileOutputs)
          guard columns.contains(where: { isSelected(0, $0) || isSelected(1, $0) }) else {
            continue
          }
          let firstRow = row / tile * tile
          for polarity in 0..<2 {
            for other in firstRow..<min(updateSigns.rows, firstRow + tile) {
              for column in columns {
                let (onRow, onColumn) = (other == row, isSelected(polarity, column))
                var share = onRow && onColumn ? 1.0 : 0
                if disturbs, onRow != onColumn {
                  share = conditions.scheme == .half ? 0.5 : 1 / 3.0
                }
                if disturbs, !onRow, !onColumn, conditions.scheme == .third { share = -1 / 3.0 }
                guard share != 0 else { continue }
                let device = other * updateSigns.columns + column
                let seen = Pulse(voltage: pulse.voltage * share, width: pulse.width)
                state[polarity][device] +=
                  model.response(to: seen, conductance: state[polarity][device]).meanStep
              }
            }
          }
        }
      }
    }
    return state
  }

  private func array(
    _ model: some PulseModel, _ rows: Int, _ columns: Int, disturbs: Bool = true,
    scheme: WriteScheme = .half, tile: Int? = nil
  ) throws -> Crossbar {
    let crossbar = try Arrays.make(Arrays.device(pulse: model), rows, columns) {
      $0.disturbsHalfSelected = disturbs
      $0.scheme = scheme
      $0.wires = tile.map { TileWires(name: "ideal", segment: 0, lineEnd: 0, size: $0) }
    }
    crossbar.randomise(in: 40e-6...90e-6)
    try crossbar.solveWires()
    return crossbar
  }

  @Test(
    "Exposures together equal exposures in order, to second order",
    arguments: WriteScheme.allCases, [nil, 8])
  func sequentialApplication(_ scheme: WriteScheme, _ tile: Int?) throws {
    for strength in [2e-6, 2e-5] {
      let model = Tail(strength: strength)
      let crossbar = try array(model, 12, 8, scheme: scheme, tile: tile)
      let updateSigns = Arrays.updateSigns(12, 8)
      let play = { disturbs in
        played(crossbar, model, updateSigns, tile: tile ?? 1000, disturbs: disturbs)
      }
      let expected = zip(play(true), play(false)).map { zip($0, $1).map { $0 - $1 } }
      let pulsed = try array(model, 12, 8, disturbs: false, scheme: scheme, tile: tile)
      _ = pulsed.program(updateSigns, step: 0)
      _ = crossbar.program(updateSigns, step: 0)
      #expect(crossbar.states == pulsed.states)
      let moved = crossbar.drift()
      for (found, (before, expected)) in zip(
        [crossbar.state.plus, crossbar.state.minus],
        zip([pulsed.state.plus, pulsed.state.minus], expected))
      {
        let drift = zip(found, before).map { Double($0) - Double($1) }
        let largest = expected.map(abs).max() ?? 0
        let worst = zip(drift, expected).reduce(0) { max($0, abs($1.0 - $1.1)) }
        #expect(largest > 1e-10)
        // A second-order error grows with the square of the steps: relative to the drift, with them.
        #expect(worst / largest < 2 * strength / 100e-6 + 1e-3)
      }
      let total = expected.reduce(0) { $0 + $1.reduce(0) { $0 + abs($1) } }
      #expect(abs(moved / total - 1) < 2 * strength / 100e-6 + 1e-3)
    }
  }

  @Test("The per-sample rule exposes what shares lines with its four phases")
  func perSample() throws {
    let crossbar = try array(Tail(), 3, 2)
    let before = crossbar.states
    // One driven line, one delta: plus (0, 0) is SET, minus (0, 0) RESET; nothing else is selected.
    _ = crossbar.programSample(inputs: [1, 0, 0], deltas: [1, 0], step: 0)
    let pulsed = crossbar.states
    #expect(crossbar.drift() > 0)
    let moved = zip(crossbar.states, pulsed).map { $0 != $1 }
    // Plus 0…5, minus 6…11, two per word line: the others of the row, and those of the column of
    // either polarity. Each selected device is half-selected in the other's phase.
    #expect(
      moved == [
        true, true, true, false, true, false, true, true, true, false, true, false,
      ])
    #expect(pulsed != before)
  }

  @Test("Drift waits until it matters, and for nothing at all under an ideal device")
  func dueness() throws {
    let weak = try array(Tail(strength: 1e-9), 12, 8)
    _ = weak.program(Arrays.updateSigns(12, 8), step: 0)
    #expect(weak.driftWhenDue() == 0)
    #expect(weak.drift() > 0)
    #expect(weak.drift() == 0)
    let strong = try array(Tail(strength: 1e-4), 12, 8)
    _ = strong.program(Arrays.updateSigns(12, 8), step: 0)
    #expect(strong.driftWhenDue() > 0)
  }

  @Test("A device exposed more often drifts further")
  func monotone() throws {
    var drifts: [Float] = []
    for selected in 0..<10 {
      let crossbar = try array(Tail(), 10, 1)
      let state = [Float](repeating: 65e-6, count: 10)
      crossbar.setState(plus: state, minus: state)
      var updateSigns = SignMatrix(rows: 10, columns: 1)
      for row in 0..<selected { updateSigns[row, 0] = 1 }
      _ = crossbar.program(updateSigns, step: 0)
      _ = crossbar.drift()
      // Line 9 is selected in no step; its plus device sees every SET on its bit line.
      drifts.append(crossbar.state.plus[9] - 65e-6)
    }
    #expect(drifts[0] == 0)
    #expect(zip(drifts, drifts.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test("Half a pulse is below the threshold of the ideal device")
  func belowThreshold() throws {
    let crossbar = try Arrays.make(Arrays.device("ideal"), 12, 8) {
      $0.disturbsHalfSelected = true
    }
    crossbar.randomise(in: 40e-6...90e-6)
    _ = crossbar.program(Arrays.updateSigns(12, 8), step: 0)
    let before = crossbar.states
    #expect(crossbar.drift() == 0)
    #expect(crossbar.states == before)
  }

  @Test("No update sign, no exposure; two workers, the same bits")
  func workers() throws {
    let results = try [1, 2].map { count in
      let crossbar = try array(Tail(strength: 1e-5), 150, 20)
      let workers = Workers(count: count)
      _ = crossbar.program(SignMatrix(rows: 150, columns: 20), step: 0, workers: workers)
      #expect(crossbar.drift(workers: workers) == 0)
      _ = crossbar.program(Arrays.updateSigns(150, 20), step: 1, workers: workers)
      #expect(crossbar.drift(workers: workers) > 0)
      return crossbar.states
    }
    #expect(results[0] == results[1])
  }

  @Test("V/3 costs a ninth of all others, V/2 a quarter of those on the lines")
  func energy() throws {
    for scheme in WriteScheme.allCases {
      let crossbar = try array(Tail(), 6, 4, disturbs: false, scheme: scheme, tile: 8)
      let state = crossbar.state
      var updateSigns = SignMatrix(rows: 6, columns: 4)
      updateSigns[2, 1] = 1
      let ledger = crossbar.program(updateSigns, step: 0)
      let conditions = crossbar.technology.conditions
      func joules(_ pulse: Pulse, _ conductance: [Float]) -> Double {
        let selected = Double(conductance[9])
        let all = (state.plus + state.minus).reduce(0) { $0 + Double($1) }
        let row = (8..<12).reduce(0) { $0 + Double(state.plus[$1]) + Double(state.minus[$1]) }
        let column = stride(from: 1, to: 24, by: 4).reduce(0) { $0 + Double(conductance[$1]) }
        let squares = pulse.voltage * pulse.voltage * pulse.width
        return scheme == .half
          ? squares / 4 * (row + column - 2 * selected) : squares / 9 * (all - selected)
      }
      // The RESET phase starts from what the SET phase left: within its step of the sum.
      let expected =
        joules(conditions.setPulse, state.plus)
        + joules(conditions.resetPulse, state.minus)
      #expect(abs(ledger.programHalf / expected - 1) < 1e-3)
      #expect(ledger.halfSelections == (scheme == .half ? 2 * (7 + 5) : 2 * 47))
    }
  }

  @Test("Counters of full pulses do not wrap, however many samples come without a look")
  func manySamples() throws {
    let model = Tail(strength: 1e-12)
    let crossbar = try array(model, 2, 2)
    let (start, samples) = (65e-6, 70_000)
    crossbar.setState(
      plus: [Float](repeating: Float(start), count: 4),
      minus: [Float](repeating: Float(start), count: 4))
    var ledger = EnergyLedger()
    for sample in 0..<samples {
      ledger += crossbar.programSample(inputs: [1, 0], deltas: [1, 0], step: UInt64(sample))
    }
    ledger.disturb += crossbar.drift()
    #expect(ledger.pulses == 2 * samples)
    // Every sample SETs plus (0, 0) and RESETs minus (0, 0), whose own steps are too small to be held;
    // what drifts shares a line with one of them: SET and RESET phases of the devices in order.
    let (conditions, count) = (crossbar.technology.conditions, Double(samples))
    func step(_ pulse: Pulse) -> Double {
      model.response(
        to: Pulse(voltage: pulse.voltage / 2, width: pulse.width), conductance: start
      ).meanStep
    }
    let (set, reset) = (count * step(conditions.setPulse), count * step(conditions.resetPulse))
    let expected = [reset, set + reset, set, 0, set, set + reset, reset, 0]
    for (state, drift) in zip(crossbar.states, expected) {
      #expect(abs(Double(state) - start - drift) < 0.02 * set)
    }
    let total = expected.reduce(0) { $0 + abs($1) }
    #expect(isClose(ledger.disturb, total, 0.05))
  }
}
