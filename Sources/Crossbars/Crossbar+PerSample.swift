import Devices
import Mathematics

extension Crossbar {
  /// Applies the stochastic rule for one sample: sign(δ) · sign(x), a layer in four phases.
  ///
  /// The update is an outer product, so whole groups of lines can be driven at once (physics of the
  /// four phases: SET or RESET × sign of the input). Inputs and deltas of zero leave their line at
  /// 0 V. Devices at a driven word line and an undriven bit line, or the reverse, see half.
  ///
  /// - Parameters:
  ///   - inputs: one sign per word line.
  ///   - deltas: one sign per output; +1 asks for weights that follow the input to be raised.
  ///   - step: names the cycle-to-cycle noise of this sample.
  /// - Returns: energy, pulses, writes, half-selections and time. Read coefficients are left as they
  ///   were; ``rebuild()`` brings them up to date after the last sample.
  public func programSample(inputs: [Int8], deltas: [Int8], step: UInt64) -> EnergyLedger {
    precondition(
      inputs.count == wordLines && deltas.count == outputs, "signs do not fit the array")
    precondition(signs == nil, "stored signs break the outer product the four phases rely on")
    let pulser = Pulser(self, step: step)
    var ledger = EnergyLedger()
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

  private func apply(_ phase: LinePhase, pulser: Pulser, in ledger: inout EnergyLedger) {
    guard !phase.isEmpty else { return }
    let pulse =
      phase.isSet ? technology.conditions.setPulse : technology.conditions.resetPulse
    let onRows = phase.rows.reduce(0) { $0 + wordLineConductance[$1] }
    let onColumns =
      phase.plusColumns.reduce(0) { $0 + plus.lineConductance[$1] }
      + phase.minusColumns.reduce(0) { $0 + minus.lineConductance[$1] }
    var total = PhaseRecord()
    for row in phase.rows {
      var record = PhaseRecord()
      for (bank, columns) in [(plus, phase.plusColumns), (minus, phase.minusColumns)] {
        for column in columns {
          pulser.pulse(
            bank, row * outputs + column, on: column, isSet: phase.isSet,
            isPlus: bank.conductance === plus.conductance, record: &record)
        }
      }
      wordLineConductance[row] += record.change
      total += record
    }
    let energyPerSiemens = pulse.voltage * pulse.voltage * pulse.width
    let half = onRows + onColumns - 2 * total.selectedConductance
    let columns = phase.plusColumns.count + phase.minusColumns.count
    ledger.programSelected += energyPerSiemens * total.selectedConductance
    ledger.programHalf += energyPerSiemens / 4 * half
    ledger.pulses += total.selected
    ledger.writes += total.changed
    ledger.halfSelections +=
      phase.rows.count * physicalColumns + columns * wordLines - 2 * total.selected
    ledger.seconds += pulse.width
  }
}

/// The lines driven in one of the four phases.
private struct LinePhase {
  let rows: [Int]
  let plusColumns: [Int]
  let minusColumns: [Int]
  let isSet: Bool

  init(rows: [Int], deltas: [Int8], inputSign: Int8, isSet: Bool, pairing: Pairing) {
    func columns(_ chosen: (PulseAssignment) -> Bool) -> [Int] {
      deltas.indices.filter {
        deltas[$0] != 0
          && chosen(PulseAssignment(pairing, raises: deltas[$0] == inputSign))
      }
    }
    self.rows = rows
    self.isSet = isSet
    plusColumns = columns { isSet ? $0.setsPlus : $0.resetsPlus }
    minusColumns = columns { isSet ? $0.setsMinus : $0.resetsMinus }
  }

  var isEmpty: Bool { rows.isEmpty || (plusColumns.isEmpty && minusColumns.isEmpty) }
}
