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

  /// Plays a step pulse by pulse: full pulses where asked, half pulses on their mates.
  ///
  /// - Returns: changes of the plus and minus devices by half pulses alone, in siemens.
  private func sequentialDrift(
    _ crossbar: Crossbar, _ model: some PulseModel, _ requests: SignMatrix
  ) -> (plus: [Double], minus: [Double]) {
    let start = [crossbar.state.plus, crossbar.state.minus].map { $0.map(Double.init) }
    var state = start
    let conditions = crossbar.technology.conditions
    for row in 0..<requests.rows {
      for pulse in [conditions.setPulse, conditions.resetPulse] {
        // Two-sided: a raise SETs plus and RESETs minus, a fall the reverse.
        func isSelected(_ polarity: Int, _ column: Int) -> Bool {
          let request = requests[row, column]
          return request != 0 && ((request > 0) == (polarity == 0)) == pulse.isSet
        }
        let columns = [0, 1].map { polarity in
          (0..<requests.columns).filter { isSelected(polarity, $0) }
        }
        guard !(columns[0].isEmpty && columns[1].isEmpty) else { continue }
        let half = Pulse(voltage: pulse.voltage / 2, width: pulse.width)
        for polarity in 0..<2 {
          for other in 0..<requests.rows {
            for column in 0..<requests.columns {
              let onColumn = columns[polarity].contains(column)
              guard (other == row) != onColumn else { continue }
              let device = other * requests.columns + column
              state[polarity][device] +=
                model.response(to: half, conductance: state[polarity][device]).meanStep
            }
          }
        }
      }
    }
    return (zip(state[0], start[0]).map { $0 - $1 }, zip(state[1], start[1]).map { $0 - $1 })
  }

  @Test("Exposures together equal exposures in order, to second order")
  func sequentialApplication() throws {
    for strength in [2e-6, 2e-5] {
      let model = Tail(strength: strength)
      let crossbar = Arrays.make(try Arrays.device(pulse: model), 12, 8)
      crossbar.randomise(in: 40e-6...90e-6)
      let requests = Arrays.requests(12, 8)
      let before = crossbar.state
      let expected = sequentialDrift(crossbar, model, requests)
      crossbar.disturb(requests)
      let found = zip(crossbar.state.plus, before.plus).map { Double($0) - Double($1) }
      let largest = expected.plus.map(abs).max() ?? 0
      let worst = zip(found, expected.plus).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect(largest > 1e-9)
      // A second-order error grows with the square of the drift: relative to it, with the drift.
      #expect(worst / largest < 0.5 * strength / 100e-6)
    }
  }

  @Test("A device exposed more often drifts further")
  func monotone() throws {
    let crossbar = Arrays.make(try Arrays.device(pulse: Tail()), 10, 1)
    var drifts: [Float] = []
    for selected in 0..<10 {
      let state = [Float](repeating: 65e-6, count: 10)
      crossbar.setState(plus: state, minus: state)
      var requests = SignMatrix(rows: 10, columns: 1)
      for row in 0..<selected { requests[row, 0] = 1 }
      crossbar.disturb(requests)
      // Line 9 is selected in no step; its plus device sees every SET on its bit line.
      drifts.append(crossbar.state.plus[9] - 65e-6)
    }
    #expect(drifts[0] == 0)
    #expect(zip(drifts, drifts.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test("Half a pulse is below the threshold of the ideal device")
  func belowThreshold() throws {
    let crossbar = Arrays.make(try Arrays.device("ideal"), 12, 8)
    crossbar.randomise(in: 40e-6...90e-6)
    let before = crossbar.states
    crossbar.disturb(Arrays.requests(12, 8))
    #expect(crossbar.states == before)
  }

  @Test("No request, no exposure; two workers, the same bits")
  func workers() throws {
    let results = try [1, 2].map { count in
      let crossbar = Arrays.make(try Arrays.device(pulse: Tail(strength: 1e-5)), 150, 20)
      crossbar.randomise(in: 40e-6...90e-6)
      let before = crossbar.states
      crossbar.disturb(SignMatrix(rows: 150, columns: 20), workers: Workers(count: count))
      #expect(crossbar.states == before)
      crossbar.disturb(Arrays.requests(150, 20), workers: Workers(count: count))
      #expect(crossbar.states != before)
      return crossbar.states
    }
    #expect(results[0] == results[1])
  }
}
