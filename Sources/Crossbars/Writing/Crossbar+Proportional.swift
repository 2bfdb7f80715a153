package import ArrayOperations
import Devices
import Failures
import Mathematics

extension Crossbar {
  /// Writes every weight's change in proportion to what is asked for: the update of the papers that
  /// pulses are compared with.
  ///
  /// A pair divides the change between its devices. Where the array has levels, a device moves to one
  /// of the two levels around its new value, the nearer with the greater probability, so that the
  /// mean change is the one asked for; a device that stays at its level is not written. A write takes as
  /// many pulse widths as the mean pulse response needs for the change at the amplitude that reaches the
  /// median device, at least one. It moves by (1 + σz) times the change, σ the write variability; behind
  /// wires by that times the mean step at the amplitude that arrives over the one that was reckoned
  /// with. Word lines take turns, SET before RESET, and a phase lasts as long as its longest write.
  /// Half-selected devices do not drift.
  ///
  /// - Parameters:
  ///   - changes: wanted changes of G⁺ − G⁻ in siemens (of G for single devices, by their sign),
  ///     wordLines × outputs.
  ///   - step: names the draws of rounding and of write errors.
  /// - Returns: energy, pulse widths, writes, half-selections and time.
  package func programProportional(changes: [Float], step: UInt64) -> EnergyLedger {
    precondition(changes.count == wordLines * outputs, "changes do not fit the array")
    let conditions = technology.conditions
    var ledger = EnergyLedger()
    for row in 0..<wordLines {
      var longest = (set: 0, reset: 0)
      for pair in row * outputs..<(row + 1) * outputs where changes[pair] != 0 {
        let change = conditions.pairing.changes(of: Double(changes[pair] * (signs?[pair] ?? 1)))
        for (bank, change, element) in [
          (plus, change.plus, 2 * pair), (minus, change.minus, 2 * pair + 1),
        ] where change != 0 {
          let widths = write(
            bank, pair, by: change, element: element, step: step, ledger: &ledger)
          longest.set = max(longest.set, widths)
          longest.reset = max(longest.reset, -widths)
        }
      }
      ledger.seconds +=
        Double(longest.set) * conditions.setPulse.width
        + Double(longest.reset) * conditions.resetPulse.width
    }
    recomputeSums()
    return ledger
  }

  /// Writes one device and books it; returns pulse widths, negative for RESET, zero without a write.
  private func write(
    _ bank: DeviceBank, _ device: Int, by change: Double, element: Int, step: UInt64,
    ledger: inout EnergyLedger
  ) -> Int {
    guard nonIdealities(of: bank)?.isFixed[device] != 1 else { return 0 }
    let before = Double(bank.conductance[device])
    guard let target = target(from: before, by: change, element: element, step: step)
    else { return 0 }
    let conditions = technology.conditions
    let isSet = target > before
    let reckoned = abs(
      technology.trainingPulses.meanStep(
        at: Float(before), isSet: isSet, voltageRatio: Float(1 / conditions.writeGain)))
    let arriving = abs(
      technology.trainingPulses.meanStep(
        at: Float(before), isSet: isSet, voltageRatio: voltageRatio(of: bank, device)))
    let isPredicted = reckoned > 0
    let widths =
      isPredicted
      ? Int(clamping: abs(target - before) / Double(reckoned), rule: .up, to: 1...1 << 40) : 1
    let error =
      conditions.nonIdealities.writeVariability > 0
      ? conditions.nonIdealities.writeVariability
        * Double(cycleNoise.gaussian(at: element, substream: step)) : 0
    let arrived = isPredicted ? Double(arriving / reckoned) : 1
    let bounds = conditions.conductanceBounds
    let after = Float(
      min(
        max(before + (target - before) * arrived * (1 + error), bounds.lowerBound),
        bounds.upperBound))
    write(
      bank, device, to: after, isSet ? conditions.setPulse : conditions.resetPulse,
      widths: widths, in: &ledger)
    return isSet ? widths : -widths
  }

  /// The conductance in siemens that a write aims at: on a level where there are levels, inside the
  /// window; nil when the device stays.
  private func target(
    from before: Double, by change: Double, element: Int, step: UInt64
  ) -> Double? {
    let (window, nonIdealities) = (
      technology.conditions.window, technology.conditions.nonIdealities
    )
    var target = before + change
    if let spacing = nonIdealities.levelStep(in: window) {
      let position = (target - window.lowerBound) / spacing
      let chance = Double(roundingNoise.uniform(at: element, substream: step))
      target = window.lowerBound + (position + chance).rounded(.down) * spacing
      // A device that write errors have moved off its level is not written just to correct it.
      guard abs(target - before) > spacing / 2 else { return nil }
    }
    target = min(max(target, window.lowerBound), window.upperBound)
    return target == before ? nil : target
  }
}
