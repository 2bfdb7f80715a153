package import ArrayOperations
import Devices
import Mathematics

extension Crossbar {
  /// Applies the stochastic rule for one sample: sign(δ) · sign(x), a layer in four phases.
  ///
  /// The update is an outer product, so whole groups of lines can be driven at once: four phases, SET
  /// or RESET × sign of the input. Inputs and deltas of zero leave their lines unselected.
  ///
  /// - Parameters:
  ///   - inputs: one sign per word line.
  ///   - deltas: one sign per output; +1 asks for weights that follow the input to be raised.
  ///   - step: names the cycle-to-cycle noise of this sample.
  /// - Returns: energy, pulses, writes, half-selections and time. Read coefficients are left as they
  ///   were; ``recomputeSums()`` brings them up to date after the last sample.
  package func programSample(inputs: [Int8], deltas: [Int8], step: UInt64) -> EnergyLedger {
    precondition(
      inputs.count == wordLines && deltas.count == outputs, "signs do not fit the array")
    precondition(signs == nil, "stored signs break the outer product the four phases rely on")
    var ledger = EnergyLedger()
    drainExposures(into: &ledger)
    let pulser = Pulser(self, step: step)
    for isSet in [true, false] {
      for inputSign: Int8 in [1, -1] {
        let rows = inputs.indices.filter { inputs[$0] == inputSign }
        let phase = LinePhase(
          rows: rows, deltas: deltas, inputSign: inputSign, isSet: isSet,
          pairing: technology.conditions.pairing)
        apply(phase, pulser: pulser, in: &ledger)
      }
    }
    return ledger
  }

  /// Applies a phase tile by tile; tiles in which devices are selected are pulsed at the same time.
  private func apply(_ phase: LinePhase, pulser: Pulser, in ledger: inout EnergyLedger) {
    guard !phase.isEmpty else { return }
    let pulse =
      phase.isSet ? technology.conditions.setPulse : technology.conditions.resetPulse
    for tileRow in 0..<layout.rowsOfTiles {
      for tileColumn in 0..<layout.columnsOfTiles {
        let part = phase.part(layout.rows(of: tileRow), layout.outputs(of: tileColumn))
        guard !part.isEmpty else { continue }
        apply(part, pulse, tileRow: tileRow, tileColumn: tileColumn, pulser, in: &ledger)
        expose(part, tileRow: tileRow, tileColumn: tileColumn)
      }
    }
    ledger.seconds += pulse.width
  }

  private func apply(
    _ phase: LinePhase, _ pulse: Pulse, tileRow: Int, tileColumn: Int, _ pulser: Pulser,
    in ledger: inout EnergyLedger
  ) {
    var lineLoad = 0.0
    for (columns, bank) in [(phase.plusColumns, plus), (phase.minusColumns, minus)] {
      for column in columns {
        let selected = phase.rows.reduce(0) { $0 + Double(bank.conductance[$1 * outputs + column]) }
        lineLoad += bank.bitLines.load(
          at: layout.bitLine(column, tileRow: tileRow), excluding: selected)
      }
    }
    var total = PhaseRecord()
    for row in phase.rows {
      var record = PhaseRecord()
      for (columns, isPlus) in [(phase.plusColumns, true), (phase.minusColumns, false)] {
        for column in columns {
          pulser.pulse(
            DevicePulse(pair: row * outputs + column, isPlus: isPlus, isSet: phase.isSet),
            on: layout.bitLine(column, tileRow: tileRow), record: &record)
        }
      }
      let word = layout.wordLine(row, tileColumn: tileColumn)
      lineLoad += plus.wordLines.load(at: word, excluding: record.selectedConductance)
      plus.wordLines.conductance[word] += record.change
      total += record
    }
    total.lineLoad = lineLoad
    book(
      total, pulse, lines: (phase.rows.count, phase.plusColumns.count + phase.minusColumns.count),
      tile: tileRow * layout.columnsOfTiles + tileColumn, of: plus, in: &ledger)
  }

  /// Counts what a phase of one tile leaves on the devices of its lines.
  private func expose(_ phase: LinePhase, tileRow: Int, tileColumn: Int) {
    guard let exposures else { return }
    exposures.countPhase(isSet: phase.isSet, tile: tileRow * layout.columnsOfTiles + tileColumn)
    for row in phase.rows {
      exposures.countWordLine(
        isSet: phase.isSet, at: layout.wordLine(row, tileColumn: tileColumn))
    }
    for (columns, isPlus) in [(phase.plusColumns, true), (phase.minusColumns, false)] {
      for column in columns {
        exposures.bitLines.count(
          isSet: phase.isSet, isPlus: isPlus, at: layout.bitLine(column, tileRow: tileRow))
      }
    }
  }
}

/// The lines driven in one of the four phases.
private struct LinePhase {
  var rows: [Int]
  var plusColumns: [Int]
  var minusColumns: [Int]
  let isSet: Bool

  init(rows: [Int], deltas: [Int8], inputSign: Int8, isSet: Bool, pairing: Pairing) {
    func columns(_ chosen: (PulseAssignment) -> Bool) -> [Int] {
      deltas.indices.filter {
        deltas[$0] != 0
          && chosen(pairing.pulses(raising: deltas[$0] == inputSign))
      }
    }
    self.rows = rows
    self.isSet = isSet
    plusColumns = columns { isSet ? $0.setsPlus : $0.resetsPlus }
    minusColumns = columns { isSet ? $0.setsMinus : $0.resetsMinus }
  }

  /// The lines that run through a tile.
  func part(_ rows: Range<Int>, _ columns: Range<Int>) -> LinePhase {
    var part = self
    part.rows = self.rows.filter(rows.contains)
    part.plusColumns = plusColumns.filter(columns.contains)
    part.minusColumns = minusColumns.filter(columns.contains)
    return part
  }

  var isEmpty: Bool { rows.isEmpty || (plusColumns.isEmpty && minusColumns.isEmpty) }
}
