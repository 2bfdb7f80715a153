package import ArrayOperations
import Devices
package import Mathematics

extension Crossbar {
  /// Columns programmed by one block of work: within a tile, and all of a wired one.
  private var columnBlock: Int { plusGains == nil ? 64 : layout.tileOutputs }

  /// Turns a sign matrix into pulses by the batch rule.
  ///
  /// Word lines are selected one after the other under the ``WriteScheme``. Each has a SET phase,
  /// then a RESET phase, skipped when nothing is to be pulsed, with the conductances at its start.
  /// Exposures are counted when the conditions ask for disturb; ``driftWhenDue(workers:)`` applies them.
  ///
  /// - Parameters:
  ///   - updateSigns: wordLines × outputs.
  ///   - step: names the cycle-to-cycle noise of this step.
  /// - Returns: energy, pulses, writes, half-selections and time.
  package func program(
    _ updateSigns: SignMatrix, step: UInt64, workers: Workers = .one
  ) -> EnergyLedger {
    precondition(
      updateSigns.rows == wordLines && updateSigns.columns == outputs, "signs do not fit the array")
    var ledger = EnergyLedger()
    drainExposures(into: &ledger, workers: workers)
    let columnBlock = columnBlock
    let blocks = (outputs + columnBlock - 1) / columnBlock
    scratch.preparePass(
      records: blocks * wordLines, rowChanges: blocks * wordLines * basis.count,
      devices: wordLines * outputs, stretches: blocks * ProgrammingPass.stretch)
    updateSigns.elements.withUnsafeBufferPointer { updateSigns in
      guard let updateSigns = updateSigns.baseAddress else { return }
      let pass = ProgrammingPass(self, updateSigns: updateSigns, step: step)
      workers.forEachBlock(of: outputs, size: columnBlock) { columns in
        pass.run(block: columns.lowerBound / columnBlock, of: columns)
      }
    }
    for row in 0..<wordLines { book(row: row, blocks: blocks, in: &ledger) }
    return ledger
  }

  /// Adds up what the blocks did to a word line, in block order, tile by tile.
  ///
  /// Tiles in a row are pulsed at the same time: a phase takes its time once.
  private func book(row: Int, blocks: Int, in ledger: inout EnergyLedger) {
    let (set, reset) = (technology.conditions.setPulse, technology.conditions.resetPulse)
    let (blocksPerTile, terms) = (blocks / layout.columnsOfTiles, basis.count)
    var pulsed = (set: false, reset: false)
    for tileColumn in 0..<layout.columnsOfTiles {
      let slots = (tileColumn * blocksPerTile..<(tileColumn + 1) * blocksPerTile).lazy.map {
        $0 * self.wordLines + row
      }
      var record = RowRecord()
      for slot in slots {
        record.set += scratch.records[slot].set
        record.reset += scratch.records[slot].reset
      }
      guard record.set.selected + record.reset.selected > 0 else { continue }
      for slot in slots {
        for term in 0..<terms {
          rowTotals[term * wordLines + row] += scratch.rowChanges[slot * terms + term]
        }
      }
      pulsed.set = pulsed.set || record.set.selected > 0
      pulsed.reset = pulsed.reset || record.reset.selected > 0
      book(record.set, set, row: row, tileColumn: tileColumn, in: &ledger)
      book(record.reset, reset, row: row, tileColumn: tileColumn, in: &ledger)
    }
    ledger.seconds += pulsed.set ? set.width : 0
    ledger.seconds += pulsed.reset ? reset.width : 0
  }

  /// Books one phase of one word line of a tile; its conductance is that of the phase's start.
  private func book(
    _ record: PhaseRecord, _ pulse: Pulse, row: Int, tileColumn: Int, in ledger: inout EnergyLedger
  ) {
    guard record.selected > 0 else { return }
    let line = layout.wordLine(row, tileColumn: tileColumn)
    let tile = row / layout.tileRows * layout.columnsOfTiles + tileColumn
    var phase = record
    phase.lineLoad =
      plus.wordLines.load(at: line, excluding: phase.selectedConductance) + record.lineLoad
    book(phase, pulse, lines: (1, phase.selected), tile: tile, of: plus, in: &ledger)
    plus.wordLines.conductance[line] += phase.change
    exposures?.countPhase(isSet: pulse.isSet, tile: tile)
    exposures?.countWordLine(isSet: pulse.isSet, at: line)
  }
}
