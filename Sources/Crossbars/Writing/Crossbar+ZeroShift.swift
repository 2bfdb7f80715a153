package import ArrayOperations
import Devices
import Foundation
import Mathematics

extension Crossbar {
  /// Carries every device that training pulses to its own symmetry point by alternating SET and RESET
  /// pulses.
  ///
  /// Equal numbers of both training pulses carry a device to the conductance where their steps
  /// cancel, each device to its own. References written to what the devices read there make a weight
  /// zero where noise in the gradient's sign leaves it: noise then pulls weights to zero, not to a
  /// random number that is frozen into the chip (zero shifting; Kim et al. 2019, arXiv:1907.10228).
  ///
  /// Tiles are pulsed whole, all lines selected, so that nothing is half-selected. Devices see what
  /// wires leave of a single pulse; that a whole tile draws more is left out. Energy is that of the
  /// conductance at the symmetry point.
  ///
  /// - Parameters:
  ///   - pulsePairs: SET pulses, and RESET pulses, of every device.
  ///   - draw: names the cycle-to-cycle noise.
  package func pulseToSymmetryPoints(pulsePairs: Int, draw: UInt64) -> EnergyLedger {
    let count = layout.rowsOfTiles * layout.columnsOfTiles
    var phases = [PhaseRecord](repeating: PhaseRecord(), count: count)
    move(plus, pulsePairs: pulsePairs, substream: 1 << 63 | draw, phases: &phases)
    // Both devices of a pair share the tile: they are pulsed together.
    if technology.conditions.pairing.sharesTiles {
      move(minus, pulsePairs: pulsePairs, substream: 3 << 62 | draw, phases: &phases)
    }
    var ledger = EnergyLedger()
    for pulse in [technology.conditions.setPulse, technology.conditions.resetPulse] {
      for (tile, phase) in phases.enumerated() {
        var phase = phase
        phase.selectedConductance = plus.tiles.conductance[tile]
        book(
          phase, pulse, widths: pulsePairs, lines: physicalLines(ofTile: tile), tile: tile,
          of: plus, in: &ledger)
      }
      ledger.seconds += Double(pulsePairs) * pulse.width
    }
    recomputeSums()
    return ledger
  }

  /// Moves the devices of a polarity and adds up per tile what each of their pulses draws.
  private func move(
    _ bank: DeviceBank, pulsePairs: Int, substream: UInt64, phases: inout [PhaseRecord]
  ) {
    for device in 0..<wordLines * outputs {
      let alternation = PulseAlternation(self, bank, device: device)
      let (reached, symmetryPoint) = alternation.afterPulsePairs(
        from: bank.conductance[device], pulsePairs: pulsePairs,
        deviation: cycleNoise.gaussian(at: device, substream: substream))
      let tile = layout.tile(row: device / outputs, column: device % outputs)
      phases[tile].selected += 1
      phases[tile].changed += pulsePairs
      phases[tile].load += Double(alternation.voltageRatio * symmetryPoint)
      if nonIdealities(of: bank)?.isFixed[device] != 1 { bank.conductance[device] = reached }
    }
  }
}

/// What a SET pulse and a RESET pulse in turn do to a device.
struct PulseAlternation {
  /// Share of the amplitude that reaches the device.
  let voltageRatio: Float
  private let technology: ArrayTechnology
  private let pulses: PulsePairTables
  private let set: Float
  private let reset: Float
  private let hasWires: Bool

  init(_ crossbar: Crossbar, _ bank: DeviceBank, device: Int) {
    technology = crossbar.technology
    pulses = technology.trainingPulses
    set = bank.setDeviation[device]
    reset = bank.resetDeviation[device]
    voltageRatio = crossbar.voltageRatio(of: bank, device)
    hasWires = crossbar.gains(of: bank) != nil
  }

  /// The conductance after one pair of pulses.
  func callAsFunction(_ conductance: Float) -> Float {
    guard hasWires else {
      let raised = pulses.conductance(after: conductance, isSet: true, z: set)
      return pulses.conductance(after: raised, isSet: false, z: reset)
    }
    let raised = pulses.conductance(
      after: conductance, isSet: true, z: set, voltageRatio: voltageRatio)
    return pulses.conductance(after: raised, isSet: false, z: reset, voltageRatio: voltageRatio)
  }

  /// Where a number of pulse pairs leads, and where endless ones would.
  ///
  /// The symmetry point G* is the pair's fixed point, by bisection. With the contraction ρ there a device
  /// ends at G* + (G − G*) · ρⁿ, exact only near it, and with cycle-to-cycle spread σ beside it by
  /// σ/√(1 − ρ²), that of the stationary state.
  ///
  /// - Parameter deviation: a standard normal number.
  func afterPulsePairs(
    from first: Float, pulsePairs: Int, deviation: Float
  ) -> (conductance: Float, symmetryPoint: Float) {
    let bounds = technology.conditions.conductanceBounds
    var (low, high) = (Float(bounds.lowerBound), Float(bounds.upperBound))
    for _ in 0..<24 {
      let middle = (low * high).squareRoot()
      if self(middle) > middle { low = middle } else { high = middle }
    }
    let symmetryPoint = (low * high).squareRoot()
    let reach = symmetryPoint / 64
    let slope = (self(symmetryPoint + reach) - self(symmetryPoint - reach)) / (2 * reach)
    let contraction = min(1, max(0, slope))
    let left = Float(pow(Double(contraction), Double(pulsePairs)))
    let scatter =
      deviation * stepSpread(at: symmetryPoint)
      / max(1e-6, 1 - contraction * contraction).squareRoot()
    let end = symmetryPoint + (first - symmetryPoint) * left + scatter
    return (min(max(end, Float(bounds.lowerBound)), Float(bounds.upperBound)), symmetryPoint)
  }

  /// Standard deviation of what one pair of pulses moves the mean device by.
  private func stepSpread(at conductance: Float) -> Float {
    let (up, down) = (
      technology.setTable.meanStep(at: conductance),
      technology.resetTable.meanStep(at: conductance)
    )
    return Float(technology.device.variation.cycleToCycle) * (up * up + down * down).squareRoot()
  }
}
