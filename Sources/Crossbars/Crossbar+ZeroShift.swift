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
  /// wires leave of a single pulse; that a whole tile draws more is left out. Energy is V²·G·t with the
  /// conductance at the symmetry point.
  ///
  /// - Parameters:
  ///   - pulsePairs: SET pulses, and RESET pulses, of every device.
  ///   - draw: names the cycle-to-cycle noise.
  package func pulseToSymmetryPoints(pulsePairs: Int, draw: UInt64) -> EnergyLedger {
    var ledger = pulseToSymmetryPoints(plus, pulsePairs: pulsePairs, substream: 1 << 63 | draw)
    if technology.conditions.pairing.sharesTiles {
      let seconds = ledger.seconds
      ledger += pulseToSymmetryPoints(minus, pulsePairs: pulsePairs, substream: 3 << 62 | draw)
      // Both devices of a pair share the tile: they are pulsed together.
      ledger.seconds = seconds
    }
    return ledger
  }

  private func pulseToSymmetryPoints(_ bank: DeviceBank, pulsePairs: Int, substream: UInt64)
    -> EnergyLedger
  {
    var drawn = 0.0
    for device in 0..<wordLines * outputs {
      let alternation = PulseAlternation(self, bank, device: device)
      let (settled, symmetryPoint) = alternation.afterPulsePairs(
        from: bank.conductance[device], pulsePairs: pulsePairs,
        deviation: cycleNoise.gaussian(at: device, substream: substream))
      if nonIdealities(of: bank)?.isFixed[device] != 1 { bank.conductance[device] = settled }
      drawn += Double(alternation.voltageRatio * symmetryPoint)
    }
    let (set, reset) = (technology.conditions.setPulse, technology.conditions.resetPulse)
    var ledger = EnergyLedger()
    ledger.pulses = 2 * pulsePairs * wordLines * outputs
    ledger.writes = ledger.pulses
    ledger.programSelected =
      Double(pulsePairs) * drawn
      * (set.voltage * set.voltage * set.width + reset.voltage * reset.voltage * reset.width)
    ledger.seconds = Double(pulsePairs) * (set.width + reset.width)
    return ledger
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
    let gains = crossbar.gains(of: bank)
    voltageRatio = gains?.write[device] ?? 1
    hasWires = gains != nil
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
