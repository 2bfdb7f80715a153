import Devices
import Foundation
import Mathematics

extension Crossbar {
  /// Carries every device that training pulses to its own attractor by alternating SET and RESET
  /// pulses.
  ///
  /// Equal numbers of both training pulses carry a device to the conductance where their steps
  /// cancel, each device to its own. References written to what the devices read there make a weight
  /// zero where noise in the gradient's sign leaves it: noise then pulls weights to zero, not to a
  /// random number that is frozen into the chip (zero shifting; Kim et al. 2019, arXiv:1907.10228).
  ///
  /// Tiles are pulsed whole, all lines selected, so that nothing is half-selected. Devices see what
  /// wires leave of a single pulse; that a whole tile draws more is left out. Energy is V²·G·t with the
  /// conductance at the attractor.
  ///
  /// - Parameters:
  ///   - turns: SET pulses, and RESET pulses, of every device.
  ///   - draw: names the cycle-to-cycle noise.
  package func settleAtAttractors(turns: Int, draw: UInt64) -> EnergyLedger {
    var ledger = settle(plus, turns: turns, substream: 1 << 63 | draw)
    if technology.conditions.pairing.sharesTiles {
      let seconds = ledger.seconds
      ledger += settle(minus, turns: turns, substream: 3 << 62 | draw)
      // Both devices of a pair share the tile: they are pulsed together.
      ledger.seconds = seconds
    }
    return ledger
  }

  private func settle(_ bank: DeviceBank, turns: Int, substream: UInt64) -> EnergyLedger {
    var drawn = 0.0
    for device in 0..<wordLines * outputs {
      let alternation = PulseAlternation(self, bank, device: device)
      let (settled, attractor) = alternation.settled(
        from: bank.conductance[device], turns: turns,
        deviation: cycleNoise.gaussian(at: device, substream: substream))
      if flaws(of: bank)?.isFixed[device] != 1 { bank.conductance[device] = settled }
      drawn += Double(alternation.share * attractor)
    }
    let (set, reset) = (technology.conditions.setPulse, technology.conditions.resetPulse)
    var ledger = EnergyLedger()
    ledger.pulses = 2 * turns * wordLines * outputs
    ledger.writes = ledger.pulses
    ledger.programSelected =
      Double(turns) * drawn
      * (set.voltage * set.voltage * set.width + reset.voltage * reset.voltage * reset.width)
    ledger.seconds = Double(turns) * (set.width + reset.width)
    return ledger
  }
}

/// What a SET pulse and a RESET pulse in turn do to a device.
struct PulseAlternation {
  /// Share of the amplitude that reaches the device.
  let share: Float
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
    share = gains?.write[device] ?? 1
    hasWires = gains != nil
  }

  /// The conductance after one turn.
  func callAsFunction(_ conductance: Float) -> Float {
    guard hasWires else {
      let raised = pulses.conductance(after: conductance, isSet: true, z: set)
      return pulses.conductance(after: raised, isSet: false, z: reset)
    }
    let raised = pulses.conductance(after: conductance, isSet: true, z: set, share: share)
    return pulses.conductance(after: raised, isSet: false, z: reset, share: share)
  }

  /// Where a number of turns leads, and where endless ones would.
  ///
  /// The attractor G* is the turn's fixed point, by bisection. With the contraction ρ there a device
  /// ends at G* + (G − G*) · ρⁿ, exact only near it, and with cycle-to-cycle spread σ beside it by
  /// σ/√(1 − ρ²), that of the stationary state.
  ///
  /// - Parameter deviation: a standard normal number.
  func settled(
    from first: Float, turns: Int, deviation: Float
  ) -> (conductance: Float, attractor: Float) {
    let clip = technology.conditions.clip
    var (low, high) = (Float(clip.lowerBound), Float(clip.upperBound))
    for _ in 0..<24 {
      let middle = (low * high).squareRoot()
      if self(middle) > middle { low = middle } else { high = middle }
    }
    let attractor = (low * high).squareRoot()
    let reach = attractor / 64
    let slope = (self(attractor + reach) - self(attractor - reach)) / (2 * reach)
    let contraction = min(1, max(0, slope))
    let left = Float(pow(Double(contraction), Double(turns)))
    let scatter =
      deviation * stepSpread(at: attractor)
      / max(1e-6, 1 - contraction * contraction).squareRoot()
    let end = attractor + (first - attractor) * left + scatter
    return (min(max(end, Float(clip.lowerBound)), Float(clip.upperBound)), attractor)
  }

  /// Standard deviation of what one turn moves the mean device by.
  private func stepSpread(at conductance: Float) -> Float {
    let (up, down) = (
      technology.setTable.meanStep(at: conductance),
      technology.resetTable.meanStep(at: conductance)
    )
    return Float(technology.device.variation.cycleToCycle) * (up * up + down * down).squareRoot()
  }
}
