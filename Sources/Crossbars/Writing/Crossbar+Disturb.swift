import ArrayOperations
import Devices
package import Mathematics

/// The answer of devices to the voltages that a write scheme leaves on those it does not select.
///
/// The model's own tail far below its calibrated amplitudes: an estimate.
struct DisturbTables: Sendable {
  /// To SET and RESET phases of one of the device's lines.
  let lines: HalfSelectTable
  /// To phases that select neither line, of the opposite sign; nil where those leave 0 V.
  let opposite: HalfSelectTable?
  /// Largest mean step of each within the window, in siemens.
  let largestSteps: (set: Double, reset: Double, oppositeSet: Double, oppositeReset: Double)

  /// Tabulates a device for a scheme.
  init(_ device: DeviceModel, _ conditions: ArrayConditions) {
    func family(_ pulse: Pulse, _ voltageRatio: Double) -> PulseFamily {
      PulseFamily(
        device.pulseModel, pulse: Pulse(voltage: pulse.voltage * voltageRatio, width: pulse.width),
        bounds: conditions.conductanceBounds, spread: conditions.pulseVariation,
        lowestVoltageRatio: conditions.lowestVoltageRatio)
    }
    let (scheme, setPulse, resetPulse) = (
      conditions.scheme, conditions.setPulse, conditions.resetPulse
    )
    let set = family(setPulse, scheme.halfSelectRatio)
    let reset = family(resetPulse, scheme.halfSelectRatio)
    lines = HalfSelectTable(set: set, reset: reset)
    let isOpposed = scheme.unselectedRatio != 0
    let oppositeSet = isOpposed ? family(setPulse, scheme.unselectedRatio) : nil
    let oppositeReset = isOpposed ? family(resetPulse, scheme.unselectedRatio) : nil
    opposite = oppositeSet.flatMap { first in
      oppositeReset.map { HalfSelectTable(set: first, reset: $0) }
    }
    func largest(_ family: PulseFamily?) -> Double {
      family?.largestStep(within: conditions.window) ?? 0
    }
    largestSteps = (largest(set), largest(reset), largest(oppositeSet), largest(oppositeReset))
  }
}

extension Crossbar {
  /// Drift by estimate, relative to the window, at which pending exposures are applied.
  private static let driftTolerance = 0.005

  /// Lets the half-selected devices of tiles drift whose exposures since the last time may have moved one
  /// of them by more than 0.5 % of the window's width; see ``drift(workers:)``.
  ///
  /// The estimate takes the most exposures of any of the tile's word lines and bit lines together, and the
  /// largest mean step within the window.
  ///
  /// - Returns: Σ|ΔG| over all devices in siemens.
  package func driftWhenDue(workers: Workers = .one) -> Double {
    guard let exposures, let tables = technology.disturb else { return 0 }
    let steps = tables.largestSteps
    let window = technology.conditions.window
    let limit = Self.driftTolerance * (window.upperBound - window.lowerBound)
    let due = exposures.listTiles(layout, into: scratch) { most in
      Double(most.lineSets) * steps.set + Double(most.lineResets) * steps.reset
        + Double(most.tileSets) * steps.oppositeSet + Double(most.tileResets) * steps.oppositeReset
        > limit
    }
    return due > 0 ? drift(tilesDue: scratch.isDue, workers: workers) : 0
  }

  /// Lets devices drift where the counters of exposures might overflow otherwise.
  func drainExposures(into ledger: inout EnergyLedger, workers: Workers = .one) {
    if exposures?.isFull == true { ledger.disturb += drift(workers: workers) }
  }

  /// Lets every device drift by the model's own tail at the voltages its exposures left it.
  ///
  /// A device on exactly one line that a phase selected sees the scheme's share of the amplitude;
  /// under V/3 all others of the tile see a third with the opposite sign; references in tiles of
  /// their own see nothing. Wires leave of either what ``WriteAttenuation`` finds. Exposures are
  /// applied together, with the steps at the conductance they meet, which differs from their order in
  /// second order only. Stuck devices stay. Totals of lines follow by what changed.
  ///
  /// - Returns: Σ|ΔG| over all devices in siemens; zero unless the conditions ask for disturb.
  package func drift(workers: Workers = .one) -> Double {
    guard let exposures else { return 0 }
    _ = exposures.listTiles(layout, into: scratch) { _ in true }
    return drift(tilesDue: scratch.isDue, workers: workers)
  }

  private func drift(tilesDue isDue: Storage<Bool>, workers: Workers) -> Double {
    guard let exposures, let tables = technology.disturb else { return 0 }
    let (columnBlock, blocks) = (columnBlock, blocksOfColumns)
    scratch.prepareDrift(
      blocks: blocks, rowChanges: blocks * wordLines * basis.count,
      lineChanges: blocks * wordLines)
    let (rowChanges, lineChanges, moved) = (
      scratch.rowChanges, scratch.lineChanges, scratch.moved
    )
    let pass = DriftPass(self, exposures, tables, rowChanges: rowChanges, lineChanges: lineChanges)
    let (layout, terms) = (layout, basis.count)
    workers.forEachBlock(of: outputs, size: columnBlock) { columns in
      let block = columns.lowerBound / columnBlock
      moved[block] = 0
      let tileColumn = columns.lowerBound / layout.tileOutputs
      for tileRow in 0..<layout.rowsOfTiles
      where isDue[tileRow * layout.columnsOfTiles + tileColumn] {
        let rows = layout.rows(of: tileRow)
        let first = block * layout.wordLines + rows.lowerBound
        rowChanges.part(first * terms, rows.count * terms).update(repeating: 0)
        lineChanges.part(first, rows.count).update(repeating: 0)
        moved[block] += pass.run(block: block, columns: columns, tileRow: tileRow)
      }
    }
    followDrift(isDue)
    exposures.clear(isDue, layout)
    return moved.part(0, blocks).reduce(0, +)
  }

  /// Follows with the totals of word lines and tiles, in block order.
  private func followDrift(_ isDue: Storage<Bool>) {
    let (columnBlock, terms) = (columnBlock, basis.count)
    let (rowChanges, lineChanges, rowTotals) = (
      scratch.rowChanges.base, scratch.lineChanges.base, rowTotals.base
    )
    let (wordTotals, tileTotals) = (plus.wordLines.conductance.base, plus.tiles.conductance.base)
    for block in 0..<blocksOfColumns {
      let tileColumn = block * columnBlock / layout.tileOutputs
      for tileRow in 0..<layout.rowsOfTiles {
        let tile = tileRow * layout.columnsOfTiles + tileColumn
        guard isDue[tile] else { continue }
        for row in layout.rows(of: tileRow) {
          let slot = block * wordLines + row
          for term in 0..<terms {
            rowTotals[term * wordLines + row] += rowChanges[slot * terms + term]
          }
          wordTotals[layout.wordLine(row, tileColumn: tileColumn)] += lineChanges[slot]
          tileTotals[tile] += lineChanges[slot]
        }
      }
    }
  }
}
