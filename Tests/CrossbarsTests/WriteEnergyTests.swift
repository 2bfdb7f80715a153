import ArrayOperations
import Crossbars
import Devices
import Failures
import Mathematics
import NodalAnalysis
import Testing

/// The one rule of programming energy, for every way of writing, against exact solves.
@Suite struct WriteEnergyTests {
  /// A random array behind random wires: one tile of ohmic devices, two bit lines per pair.
  private struct Case {
    let crossbar: Crossbar
    let wired: WiredArray
    let pulse: Pulse
    let scheme: WriteScheme

    init(_ index: Int, _ scheme: WriteScheme, _ pairing: Pairing = .setOnly) throws {
      let stream = RandomStream(seed: 77, name: "write-energy")
      func draw(_ element: Int, _ range: ClosedRange<Double>) -> Double {
        let position = stream.preciseUniform(at: element, substream: UInt64(index))
        return range.lowerBound + (range.upperBound - range.lowerBound) * position
      }
      let (rows, outputs) = (Int(draw(0, 4...40)), Int(draw(1, 2...16)))
      let (segment, lineEnd) = (draw(2, 0.2...2), draw(3, 5...60))
      self.scheme = scheme
      crossbar = try Arrays.make(try Arrays.device("ideal"), rows, outputs, pairing) {
        $0.scheme = scheme
        $0.readNoise = false
        $0.wires = TileWires(name: "random", segment: segment, lineEnd: lineEnd, size: 64)
      }
      let states = (0..<2).map { polarity in
        (0..<rows * outputs).map { Float(draw(10 + 2 * $0 + polarity, 10e-6...120e-6)) }
      }
      crossbar.setState(plus: states[0], minus: states[1])
      try crossbar.solveWires()
      pulse = crossbar.technology.conditions.setPulse
      wired = try WiredArray(
        devices: DeviceGrid(
          rows: rows, columns: 2 * outputs, basis: [.linear],
          coefficients: [
            (0..<2 * rows * outputs).map { Double(states[$0 % 2][$0 / 2]) }
          ]),
        wires: .driven(
          rows: rows, columns: 2 * outputs, wordSegment: segment, bitSegment: segment,
          source: lineEnd, sense: lineEnd))
    }

    /// A pair somewhere in the array.
    var pair: (row: Int, column: Int) { (crossbar.wordLines * 2 / 3, crossbar.outputs / 3) }

    /// Joules that exact solving finds for a pulse to the plus device of ``pair``, wires included.
    func exactEnergy(_ pulse: Pulse) throws -> Double {
      let selection = try wired.select(
        row: pair.row, column: 2 * pair.column, scheme: scheme.bias, voltage: pulse.voltage)
      return selection.solution.report.dissipatedPower * pulse.width
    }

    /// The same for the plus (0) or the minus (1) device half-way to a conductance, by a pulse that
    /// arrives whole.
    func exactEnergy(of pulse: Pulse, offset: Int, halfWayTo end: Double) throws -> Double {
      let (row, column) = (pair.row, 2 * pair.column + offset)
      let selected = row * wired.columns + column
      var coefficients = wired.devices.coefficients
      let arriving = try wired.select(
        row: row, column: column, scheme: scheme.bias, voltage: pulse.voltage)
      coefficients[0][selected] = (coefficients[0][selected] + end) / 2
      let moved = try WiredArray(
        devices: DeviceGrid(
          rows: wired.rows, columns: wired.columns, basis: [.linear], coefficients: coefficients),
        wires: wired.wires)
      let driven = pulse.voltage * pulse.voltage / arriving.selectedVoltage
      let selection = try moved.select(
        row: row, column: column, scheme: scheme.bias, voltage: driven)
      return selection.solution.report.dissipatedPower * pulse.width
    }
  }

  private func isExact(_ ledger: EnergyLedger, _ joules: Double) -> Bool {
    isClose(ledger.programSelected + ledger.programHalf, joules, 0.01)
  }

  @Test(
    "A pulse costs what an exact solve dissipates, by batch and by sample",
    arguments: WriteScheme.allCases, Array(0..<12))
  func pulses(_ scheme: WriteScheme, _ index: Int) throws {
    let one = try Case(index, scheme)
    let joules = try one.exactEnergy(one.pulse)
    let crossbar = one.crossbar
    var updateSigns = SignMatrix(rows: crossbar.wordLines, columns: crossbar.outputs)
    updateSigns[one.pair.row, one.pair.column] = 1
    let batch = crossbar.program(updateSigns, step: 0)
    #expect(batch.pulses == 1 && isExact(batch, joules))
    let again = try Case(index, scheme)
    var (inputs, deltas) = (
      [Int8](repeating: 0, count: crossbar.wordLines),
      [Int8](repeating: 0, count: crossbar.outputs)
    )
    (inputs[one.pair.row], deltas[one.pair.column]) = (1, 1)
    let sample = again.crossbar.programSample(inputs: inputs, deltas: deltas, step: 0)
    #expect(sample.pulses == 1 && isExact(sample, joules))
    #expect(isClose(sample.programHalf, batch.programHalf, 1e-9))
    #expect(sample.halfSelections == batch.halfSelections)
  }

  @Test(
    "A proportional write costs its pulse widths", arguments: WriteScheme.allCases, [1, 5, 8])
  func proportional(_ scheme: WriteScheme, _ index: Int) throws {
    let one = try Case(index, scheme)
    var changes = [Float](repeating: 0, count: one.crossbar.pairs)
    changes[one.pair.row * one.crossbar.outputs + one.pair.column] = 0.55e-6
    // Steps of 0.1 µS: six widths.
    var long = one.pulse
    long.width *= 6
    let joules = try one.exactEnergy(long)
    let ledger = one.crossbar.programProportional(changes: changes, step: 0)
    #expect(ledger.pulses == 6 && ledger.writes == 1 && isExact(ledger, joules))
    #expect(isClose(ledger.seconds, long.width, 1e-9))
  }

  @Test(
    "Write-and-verify drives by as much harder as wires take",
    arguments: WriteScheme.allCases, [2, 6, 9])
  func verified(_ scheme: WriteScheme, _ index: Int) throws {
    let one = try Case(index, scheme, .twoSided)
    let crossbar = one.crossbar
    let pair = one.pair.row * crossbar.outputs + one.pair.column
    // Readings are lower than states by what wires take, so that both devices of a pair are raised.
    let before = crossbar.state
    let ledger = crossbar.writeVerified(
      targets: [Float](repeating: 0, count: crossbar.pairs), draw: 0, chosen: [pair])
    let after = crossbar.state
    let steps = [(before.plus, after.plus), (before.minus, after.minus)].map {
      Double(abs($1[pair] - $0[pair])) / 1e-7
    }
    #expect(isClose(Double(ledger.pulses), steps[0] + steps[1], 1e-3) && ledger.pulses > 20)
    // A pulse of either device costs what it does half-way; SET and RESET have amplitudes of their own.
    var joules = 0.0
    for (offset, count) in steps.enumerated() {
      let (old, new) =
        offset == 0 ? (before.plus, after.plus) : (before.minus, after.minus)
      let pulse =
        new[pair] > old[pair]
        ? one.pulse : crossbar.technology.conditions.resetPulse
      joules +=
        count * (try one.exactEnergy(of: pulse, offset: offset, halfWayTo: Double(new[pair])))
    }
    #expect(isExact(ledger, joules))
  }
}
