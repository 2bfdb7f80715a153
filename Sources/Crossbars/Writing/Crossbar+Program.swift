package import ArrayOperations
import Devices
package import Mathematics

extension Crossbar {
  /// Columns programmed by one block of work: within a tile, and all of a wired one.
  var columnBlock: Int { plusGains == nil ? 64 : layout.tileOutputs }

  var blocksOfColumns: Int { (outputs + columnBlock - 1) / columnBlock }

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
    let (columnBlock, blocks) = (columnBlock, blocksOfColumns)
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
    StepBooking(self, blocks: blocks).book(in: &ledger)
    return ledger
  }
}
