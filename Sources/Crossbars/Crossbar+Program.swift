import Devices
package import Mathematics

extension Crossbar {
  /// Columns programmed by one block of work: within a tile, and all of a wired one.
  private var columnBlock: Int { plusGains == nil ? 64 : layout.tileOutputs }

  /// Turns a sign matrix into pulses by the batch rule.
  ///
  /// Word lines are selected one after the other under the ``WriteScheme``. Each has a SET phase,
  /// then a RESET phase, skipped when nothing is to be pulsed. Selected devices see the full pulse.
  /// Under V/2 their mates on the word line and on the selected bit lines see half; under V/3 every
  /// other device of the tile sees a third. Energy is what the drivers supply,
  /// V²·G·t with the conductances at the start of the phase, times the share of V that wires leave:
  /// of every selected device its own, of the others their tile's mean. Exposures are counted when the conditions ask for disturb; ``driftWhenDue(workers:)``
  /// applies them.
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
    var ledger = EnergyLedger()
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
      let place = TileLine(layout, row: row, tileColumn: tileColumn, physicalColumns / outputs)
      book(record.set, set, place, in: &ledger)
      book(record.reset, reset, place, in: &ledger)
    }
    ledger.seconds += pulsed.set ? set.width : 0
    ledger.seconds += pulsed.reset ? reset.width : 0
  }

  /// Books one phase of one word line of a tile; its conductance is that of the phase's start.
  private func book(
    _ phase: PhaseRecord, _ pulse: Pulse, _ place: TileLine, in ledger: inout EnergyLedger
  ) {
    guard phase.selected > 0 else { return }
    let rowMates = plus.wordLineConductance[place.line] - phase.selectedConductance
    let energyPerSiemens = pulse.voltage * pulse.voltage * pulse.width
    let scheme = technology.conditions.scheme
    ledger.programSelected += energyPerSiemens * phase.drawn
    ledger.programHalf +=
      energyPerSiemens * tiles.writeVoltageRatios[place.tile]
      * scheme.halfSelectedConductance(
        mates: rowMates + phase.columnMates,
        others: plus.tileConductance[place.tile] - phase.selectedConductance)
    ledger.pulses += phase.selected
    ledger.writes += phase.changed
    ledger.weakPulses += phase.weak
    ledger.halfSelections +=
      scheme == .half
      ? place.columns - phase.selected + phase.selected * (place.rows - 1)
      : place.columns * place.rows - phase.selected
    plus.wordLineConductance[place.line] += phase.change
    plus.tileConductance[place.tile] += phase.change
    exposures?.countPhase(isSet: pulse.isSet, tile: place.tile)
    exposures?.countWordLine(isSet: pulse.isSet, at: place.line)
  }
}

/// A word line of a tile, for the books of its two phases.
private struct TileLine {
  let tile: Int
  /// Place of its total.
  let line: Int
  /// Devices on the tile's bit and word lines.
  let rows: Int
  let columns: Int

  init(_ layout: TileLayout, row: Int, tileColumn: Int, _ linesPerOutput: Int) {
    let tileRow = row / layout.tileRows
    tile = tileRow * layout.columnsOfTiles + tileColumn
    line = layout.wordLine(row, tileColumn: tileColumn)
    rows = layout.rows(of: tileRow).count
    columns = layout.outputs(of: tileColumn).count * linesPerOutput
  }
}
