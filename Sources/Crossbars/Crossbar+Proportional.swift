import Devices
import Failures
import Mathematics

extension Crossbar {
  /// Writes every weight's change in proportion to what is asked for: the update of the papers that
  /// pulses are compared with.
  ///
  /// A pair shares the change between its devices. Where the array has levels, a device moves to one
  /// of the two levels around its new value, the nearer with the greater probability, so that the
  /// mean change is the one asked for; a device that stays at its level is not written. A write moves
  /// by (1 + σz) times the change, σ the write variability. It takes as many pulse widths as the mean
  /// pulse response needs for the change, at least one; word lines take turns, SET before RESET, and
  /// a phase lasts as long as its longest write. Energy is V²·G·t at the conductance before.
  ///
  /// - Parameters:
  ///   - changes: wanted changes of G⁺ − G⁻ in siemens (of G for single devices, by their sign),
  ///     wordLines × outputs.
  ///   - step: names the draws of rounding and of write errors.
  /// - Returns: energy, pulse widths, writes, half-selections and time.
  package func programProportional(changes: [Float], step: UInt64) -> EnergyLedger {
    precondition(changes.count == wordLines * outputs, "changes do not fit the array")
    var ledger = EnergyLedger()
    for row in 0..<wordLines {
      var longest = (set: 0, reset: 0)
      for column in 0..<outputs {
        let pair = row * outputs + column
        guard changes[pair] != 0 else { continue }
        for part in parts(of: changes[pair], pair: pair) {
          let widths = write(
            part.bank, pair, by: part.change, nonIdealities: part.nonIdealities,
            element: 2 * pair + (part.isPlus ? 0 : 1), step: step, ledger: &ledger)
          longest.set = max(longest.set, widths)
          longest.reset = max(longest.reset, -widths)
        }
      }
      ledger.seconds +=
        Double(longest.set) * technology.conditions.setPulse.width
        + Double(longest.reset) * technology.conditions.resetPulse.width
    }
    recomputeSums()
    return ledger
  }

  /// What a device of a pair has to change.
  private struct Part {
    var bank: DeviceBank
    var nonIdealities: DeviceNonIdealities?
    var isPlus: Bool
    var change: Double
  }

  /// The changes of a pair's devices that make a change of its weight.
  private func parts(of change: Float, pair: Int) -> [Part] {
    func plus(_ change: Double) -> Part {
      Part(bank: self.plus, nonIdealities: plusNonIdealities, isPlus: true, change: change)
    }
    func minus(_ change: Double) -> Part {
      Part(bank: self.minus, nonIdealities: minusNonIdealities, isPlus: false, change: change)
    }
    let change = Double(change)
    switch technology.conditions.pairing {
    case .twoSided, .referencedPair: return [plus(change / 2), minus(-change / 2)]
    case .setOnly: return [change > 0 ? plus(change) : minus(-change)]
    case .oneFixed: return [plus(change)]
    case .singleWithSign: return [plus(change * Double(signs?[pair] ?? 1))]
    }
  }

  /// Writes one device and books it; returns pulse widths, negative for RESET, zero without a write.
  private func write(
    _ bank: DeviceBank, _ device: Int, by change: Double, nonIdealities: DeviceNonIdealities?,
    element: Int,
    step: UInt64, ledger: inout EnergyLedger
  ) -> Int {
    guard nonIdealities?.isFixed[device] != 1 else { return 0 }
    let conditions = technology.conditions
    let before = Double(bank.conductance[device])
    var target = before + change
    if let spacing = conditions.nonIdealities.levelStep(in: conditions.window) {
      let position = (target - conditions.window.lowerBound) / spacing
      let chance = Double(roundingNoise.uniform(at: element, substream: step))
      target = conditions.window.lowerBound + (position + chance).rounded(.down) * spacing
      // A device that write errors have moved off its level is not written just to correct it.
      guard abs(target - before) > spacing / 2 else { return 0 }
    }
    target = min(max(target, conditions.window.lowerBound), conditions.window.upperBound)
    guard target != before else { return 0 }
    let error =
      conditions.nonIdealities.writeVariability > 0
      ? conditions.nonIdealities.writeVariability
        * Double(cycleNoise.gaussian(at: element, substream: step)) : 0
    let after = Float(
      min(
        max(before + (target - before) * (1 + error), conditions.conductanceBounds.lowerBound),
        conditions.conductanceBounds.upperBound))
    let table = target > before ? technology.setTable : technology.resetTable
    let perPulse = abs(Double(table.meanStep(at: Float(before))))
    let widths =
      perPulse > 0
      ? Int(clamping: abs(target - before) / perPulse, rule: .up, to: 1...1 << 40) : 1
    book(table.pulse, widths: widths, device: device, conductance: before, of: bank, in: &ledger)
    bank.conductance[device] = after
    return target > before ? widths : -widths
  }

  /// Books a write; what it half-selects is taken with the totals at the start of the step.
  private func book(
    _ pulse: Pulse, widths: Int, device: Int, conductance: Double, of bank: DeviceBank,
    in ledger: inout EnergyLedger
  ) {
    let (row, column) = (device / outputs, device % outputs)
    let word = layout.wordLine(row, tileColumn: column / layout.tileOutputs)
    let bit = layout.bitLine(column, tileRow: row / layout.tileRows)
    let tile = layout.tile(row: row, column: column)
    let scheme = technology.conditions.scheme
    let energyPerSiemens = pulse.voltage * pulse.voltage * pulse.width * Double(widths)
    let mates = bank.wordLineConductance[word] + bank.lineConductance[bit] - 2 * conductance
    ledger.programSelected += energyPerSiemens * conductance
    ledger.programHalf +=
      energyPerSiemens
      * scheme.halfSelectedConductance(
        mates: max(0, mates), others: max(0, bank.tileConductance[tile] - conductance))
    ledger.pulses += widths
    ledger.writes += 1
    let columns = layout.outputs(of: column / layout.tileOutputs).count * physicalColumns / outputs
    let rows = layout.rows(of: row / layout.tileRows).count
    ledger.halfSelections += widths * (scheme == .half ? columns + rows - 2 : columns * rows - 1)
  }
}
