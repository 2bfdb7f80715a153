import Devices
public import Mathematics

extension Crossbar {
  /// Columns programmed by one block of work.
  private static let columnBlock = 64

  /// Turns a sign matrix into pulses by the batch rule.
  ///
  /// Word lines are selected one after the other under a V/2 scheme. Each has a SET phase, then a
  /// RESET phase, skipped when nothing is to be pulsed: the selected word line carries half the
  /// amplitude, the bit lines to be pulsed the opposite half, all others 0 V. Selected devices see
  /// the full pulse; their mates on the word line and on the selected bit lines see half. Energy is
  /// V²·G·t with the conductances at the start of the phase.
  ///
  /// - Parameters:
  ///   - requests: wordLines × outputs.
  ///   - step: names the cycle-to-cycle noise of this step.
  /// - Returns: energy, pulses, writes, half-selections and time.
  public func program(
    _ requests: SignMatrix, step: UInt64, workers: Workers = .one
  ) -> EnergyLedger {
    precondition(
      requests.rows == wordLines && requests.columns == outputs, "signs do not fit the array")
    let blocks = (outputs + Self.columnBlock - 1) / Self.columnBlock
    scratch.preparePass(
      records: blocks * wordLines, rowChanges: blocks * wordLines * basis.count, columns: outputs)
    requests.elements.withUnsafeBufferPointer { requests in
      guard let requests = requests.baseAddress else { return }
      let pass = ProgrammingPass(self, requests: requests, step: step)
      workers.forEachBlock(of: outputs, size: Self.columnBlock) { columns in
        pass.run(block: columns.lowerBound / Self.columnBlock, of: columns)
      }
    }
    var ledger = EnergyLedger()
    for row in 0..<wordLines { book(row: row, blocks: blocks, in: &ledger) }
    return ledger
  }

  /// Adds up what the blocks did to a word line, in block order.
  private func book(row: Int, blocks: Int, in ledger: inout EnergyLedger) {
    var record = RowRecord()
    for block in 0..<blocks {
      let slot = block * wordLines + row
      record.set += scratch.records[slot].set
      record.reset += scratch.records[slot].reset
      for term in basis.indices {
        rowTotals[term * wordLines + row] += scratch.rowChanges[slot * basis.count + term]
      }
    }
    book(record.set, technology.conditions.setPulse, row: row, in: &ledger)
    book(record.reset, technology.conditions.resetPulse, row: row, in: &ledger)
  }

  /// Books one phase of one word line; its conductance is still that of the phase's start.
  private func book(
    _ phase: PhaseRecord, _ pulse: Pulse, row: Int, in ledger: inout EnergyLedger
  ) {
    guard phase.selected > 0 else { return }
    let rowMates = wordLineConductance[row] - phase.selectedConductance
    let energyPerSiemens = pulse.voltage * pulse.voltage * pulse.width
    ledger.programSelected += energyPerSiemens * phase.selectedConductance
    ledger.programHalf += energyPerSiemens / 4 * (rowMates + phase.columnMates)
    ledger.pulses += phase.selected
    ledger.writes += phase.changed
    ledger.halfSelections +=
      physicalColumns - phase.selected + phase.selected * (wordLines - 1)
    ledger.seconds += pulse.width
    wordLineConductance[row] += phase.change
  }
}
