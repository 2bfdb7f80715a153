import Devices
public import Mathematics

extension Crossbar {
  /// Columns programmed by one block of work: within a tile, and all of a wired one.
  private var columnBlock: Int { plusGains == nil ? 64 : layout.tileOutputs }

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
    let columnBlock = columnBlock
    let blocks = (outputs + columnBlock - 1) / columnBlock
    scratch.preparePass(
      records: blocks * wordLines, rowChanges: blocks * wordLines * basis.count, columns: outputs)
    requests.elements.withUnsafeBufferPointer { requests in
      guard let requests = requests.baseAddress else { return }
      let pass = ProgrammingPass(self, requests: requests, step: step)
      workers.forEachBlock(of: outputs, size: columnBlock) { columns in
        pass.run(block: columns.lowerBound / columnBlock, of: columns)
      }
    }
    var ledger = EnergyLedger()
    for row in 0..<wordLines { book(row: row, blocks: blocks, in: &ledger) }
    return ledger
  }

  /// Adds up what the blocks did to a word line, in block order, tile by tile.
  ///
  /// Tiles in a row are pulsed at the same time: a phase takes its time once.
  private func book(row: Int, blocks: Int, in ledger: inout EnergyLedger) {
    let blocksPerTile = blocks / layout.columnsOfTiles
    var pulsed = (set: false, reset: false)
    for tileColumn in 0..<layout.columnsOfTiles {
      var record = RowRecord()
      for block in tileColumn * blocksPerTile..<(tileColumn + 1) * blocksPerTile {
        let slot = block * wordLines + row
        record.set += scratch.records[slot].set
        record.reset += scratch.records[slot].reset
        for term in basis.indices {
          rowTotals[term * wordLines + row] += scratch.rowChanges[slot * basis.count + term]
        }
      }
      pulsed.set = pulsed.set || record.set.selected > 0
      pulsed.reset = pulsed.reset || record.reset.selected > 0
      let set = technology.conditions.setPulse
      book(record.set, set, row: row, tileColumn: tileColumn, in: &ledger)
      let reset = technology.conditions.resetPulse
      book(record.reset, reset, row: row, tileColumn: tileColumn, in: &ledger)
    }
    ledger.seconds += pulsed.set ? technology.conditions.setPulse.width : 0
    ledger.seconds += pulsed.reset ? technology.conditions.resetPulse.width : 0
  }

  /// Books one phase of one word line of a tile; its conductance is that of the phase's start.
  private func book(
    _ phase: PhaseRecord, _ pulse: Pulse, row: Int, tileColumn: Int,
    in ledger: inout EnergyLedger
  ) {
    guard phase.selected > 0 else { return }
    let line = layout.wordLine(row, tileColumn: tileColumn)
    let rowMates = wordLineConductance[line] - phase.selectedConductance
    let energyPerSiemens = pulse.voltage * pulse.voltage * pulse.width
    let tileRows = layout.rows(of: row / layout.tileRows).count
    let tileColumns = layout.outputs(of: tileColumn).count * physicalColumns / outputs
    ledger.programSelected += energyPerSiemens * phase.selectedConductance
    ledger.programHalf += energyPerSiemens / 4 * (rowMates + phase.columnMates)
    ledger.pulses += phase.selected
    ledger.writes += phase.changed
    ledger.weakPulses += phase.weak
    ledger.halfSelections +=
      tileColumns - phase.selected + phase.selected * (tileRows - 1)
    wordLineConductance[line] += phase.change
  }
}
