import ArrayOperations
import Devices
import Mathematics

/// Books what the blocks of a programming step left in the records of their word lines: energy, counts,
/// time, and the totals of word lines and tiles.
///
/// Holds addresses and what all phases share, since a step has a phase or two for every word line of
/// every tile. The array outlives it.
struct StepBooking {
  private let layout: TileLayout
  private let scheme: WriteScheme
  private let set: Pulse
  private let reset: Pulse
  private let blocksPerTile: Int
  private let terms: Int
  private let bitLinesPerOutput: Int
  private let records: UnsafeMutablePointer<RowRecord>
  private let rowChanges: UnsafeMutablePointer<Double>
  private let rowTotals: UnsafeMutablePointer<Double>
  private let wordLines: Totals
  private let tiles: Totals
  private let exposures: ExposureRecords?

  /// ``LineTotals`` by address.
  private struct Totals {
    let conductance: UnsafeMutablePointer<Double>
    let halfSelectRatio: UnsafeMutablePointer<Double>

    init(_ totals: LineTotals) {
      (conductance, halfSelectRatio) = (totals.conductance.base, totals.halfSelectRatio.base)
    }

    /// See ``LineTotals/load(at:excluding:)``.
    @inline(__always)
    func load(at line: Int, excluding excluded: Double) -> Double {
      halfSelectRatio[line] * (conductance[line] - excluded)
    }
  }

  init(_ crossbar: Crossbar, blocks: Int) {
    layout = crossbar.layout
    let conditions = crossbar.technology.conditions
    (scheme, set, reset) = (conditions.scheme, conditions.setPulse, conditions.resetPulse)
    blocksPerTile = blocks / crossbar.layout.columnsOfTiles
    terms = crossbar.basis.count
    bitLinesPerOutput = crossbar.physicalColumns / crossbar.outputs
    records = crossbar.scratch.records.base
    rowChanges = crossbar.scratch.rowChanges.base
    rowTotals = crossbar.rowTotals.base
    wordLines = Totals(crossbar.plus.wordLines)
    tiles = Totals(crossbar.plus.tiles)
    exposures = crossbar.exposures
  }

  /// Books all word lines, one after the other, the blocks of each in order.
  ///
  /// Tiles in a row are pulsed at the same time: a phase takes its time once.
  func book(in ledger: inout EnergyLedger) {
    for tileRow in 0..<layout.rowsOfTiles {
      let rows = layout.rows(of: tileRow)
      for row in rows {
        var pulsed = (set: false, reset: false)
        for tileColumn in 0..<layout.columnsOfTiles {
          let record = total(row: row, tileColumn: tileColumn)
          guard record.set.selected + record.reset.selected > 0 else { continue }
          let place = Place(
            word: layout.wordLine(row, tileColumn: tileColumn),
            tile: tileRow * layout.columnsOfTiles + tileColumn,
            lines: (rows.count, layout.outputs(of: tileColumn).count * bitLinesPerOutput))
          book(record.set, set, at: place, in: &ledger)
          book(record.reset, reset, at: place, in: &ledger)
          pulsed.set = pulsed.set || record.set.selected > 0
          pulsed.reset = pulsed.reset || record.reset.selected > 0
        }
        ledger.seconds += pulsed.set ? set.width : 0
        ledger.seconds += pulsed.reset ? reset.width : 0
      }
    }
  }

  private struct Place {
    let word: Int
    let tile: Int
    /// Word lines and bit lines of the tile.
    let lines: (word: Int, bit: Int)
  }

  /// What the blocks of a tile did to a word line, in block order; its sums follow.
  private func total(row: Int, tileColumn: Int) -> RowRecord {
    var record = RowRecord()
    let blocks = tileColumn * blocksPerTile..<(tileColumn + 1) * blocksPerTile
    for block in blocks {
      record.set += records[block &* layout.wordLines &+ row].set
      record.reset += records[block &* layout.wordLines &+ row].reset
    }
    guard record.set.selected + record.reset.selected > 0 else { return record }
    for block in blocks {
      let slot = block &* layout.wordLines &+ row
      for term in 0..<terms {
        rowTotals[term &* layout.wordLines &+ row] += rowChanges[slot &* terms &+ term]
      }
    }
    return record
  }

  /// Books one phase of one word line of a tile; its conductance is that of the phase's start.
  private func book(
    _ phase: PhaseRecord, _ pulse: Pulse, at place: Place, in ledger: inout EnergyLedger
  ) {
    guard phase.selected > 0 else { return }
    let energy = scheme.energy(
      selected: phase.load,
      halfSelected: wordLines.load(at: place.word, excluding: phase.selectedConductance)
        + phase.lineLoad + tiles.load(at: place.tile, excluding: phase.selectedConductance),
      squareSeconds: pulse.voltage * pulse.voltage * pulse.width)
    ledger.programSelected += energy.selected
    ledger.programHalf += energy.halfSelected
    ledger.pulses += phase.selected
    ledger.writes += phase.changed
    ledger.weakPulses += phase.weak
    ledger.halfSelections += scheme.halfSelections(
      selectedLines: (1, phase.selected), lines: place.lines, selected: phase.selected)
    tiles.conductance[place.tile] += phase.change
    wordLines.conductance[place.word] += phase.change
    exposures?.countPhase(isSet: pulse.isSet, tile: place.tile)
    exposures?.countWordLine(isSet: pulse.isSet, at: place.word)
  }
}
