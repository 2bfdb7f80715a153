import ArrayOperations
import Devices
package import Mathematics

/// The answer of devices to the voltages that a write scheme leaves on those it does not select.
///
/// The model's own tail far below its calibrated amplitudes: an estimate.
struct DisturbTables: Sendable {
  /// To a SET and to a RESET phase of one of the device's lines.
  let set: PulseFamily
  let reset: PulseFamily
  /// To phases that select neither line, of the opposite sign; nil where those leave 0 V.
  let oppositeSet: PulseFamily?
  let oppositeReset: PulseFamily?
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
    set = family(setPulse, scheme.halfSelectRatio)
    reset = family(resetPulse, scheme.halfSelectRatio)
    let isOpposed = scheme.unselectedRatio != 0
    oppositeSet = isOpposed ? family(setPulse, scheme.unselectedRatio) : nil
    oppositeReset = isOpposed ? family(resetPulse, scheme.unselectedRatio) : nil
    func largest(_ family: PulseFamily?) -> Double {
      family?.largestStep(within: conditions.window) ?? 0
    }
    largestSteps = (largest(set), largest(reset), largest(oppositeSet), largest(oppositeReset))
  }
}

extension Crossbar {
  /// Drift by estimate, relative to the window, at which pending exposures are applied.
  private static let driftTolerance = 0.005
  /// Word lines handled by one block of work.
  private static let rowBlock = 64

  /// Lets half-selected devices drift once their exposures since the last time may have moved one
  /// of them by more than 0.5 % of the window's width; see ``drift(workers:)``.
  ///
  /// The estimate takes the most exposures of any word line and bit line together, and the largest
  /// mean step within the window.
  ///
  /// - Returns: Σ|ΔG| over all devices in siemens.
  package func driftWhenDue(workers: Workers = .one) -> Double {
    guard let exposures, let tables = technology.disturb else { return 0 }
    let most = exposures.most
    let steps = tables.largestSteps
    let drift =
      Double(most.lineSets) * steps.set + Double(most.lineResets) * steps.reset
      + Double(most.tileSets) * steps.oppositeSet + Double(most.tileResets) * steps.oppositeReset
    let window = technology.conditions.window
    guard
      drift > Self.driftTolerance * (window.upperBound - window.lowerBound) || exposures.isDue
    else { return 0 }
    return self.drift(workers: workers)
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
  /// applied together, which differs from their order in second order only.
  ///
  /// - Returns: Σ|ΔG| over all devices in siemens; zero unless the conditions ask for disturb.
  package func drift(workers: Workers = .one) -> Double {
    guard let exposures, let tables = technology.disturb,
      exposures.tileSets.buffer.contains(where: { $0 > 0 })
        || exposures.tileResets.buffer.contains(where: { $0 > 0 })
    else { return 0 }
    let blocks = (wordLines + Self.rowBlock - 1) / Self.rowBlock
    let moved = Storage<Double>(count: blocks, repeating: 0)
    let parts = [
      DriftPass(plus, exposures.plus, plusGains, self, exposures, tables),
      technology.conditions.pairing.sharesTiles
        ? DriftPass(minus, exposures.minus, minusGains, self, exposures, tables) : nil,
    ]
    workers.forEachBlock(of: wordLines, size: Self.rowBlock) { rows in
      for row in rows {
        // Both polarities together: their devices share cache lines.
        for case let part? in parts { moved[rows.lowerBound / Self.rowBlock] += part.run(row: row) }
      }
    }
    exposures.clear()
    recomputePairs(workers: workers)
    return moved.buffer.reduce(0, +)
  }
}
