import CPrefetch
import Devices
import Mathematics

/// Gives single devices a training pulse.
///
/// Holds addresses, not references: this is the hottest path there is, and counting references per
/// pulse would cost as much as the pulse. The array outlives it.
struct Pulser: @unchecked Sendable {
  private let setTable: PulseTable
  private let resetTable: PulseTable
  /// Answers to weakened pulses, in use when the devices have shares.
  private let setFamily: PulseFamily
  private let resetFamily: PulseFamily
  private let plus: Target
  private let minus: Target
  private let pulsesMinus: Bool
  /// Shares below which a pulse is weaker than any that was calibrated.
  private let leastSet: Float
  private let leastReset: Float
  private let cycleToCycle: Float
  private let cycleNoise: RandomStream
  private let step: UInt64

  /// What a pulse needs of the devices of one polarity.
  private struct Target {
    let conductance: UnsafeMutablePointer<Float>
    let setDeviation: UnsafeMutablePointer<Float>
    let resetDeviation: UnsafeMutablePointer<Float>
    let lineConductance: UnsafeMutablePointer<Double>
    /// Share of the amplitude that wires leave; nil with ideal wires.
    let share: UnsafeMutablePointer<Float>?
    /// Devices that pulses leave alone; nil without imperfections.
    let fixed: UnsafeMutablePointer<UInt8>?
    /// Full pulses per device; nil when half-selected devices do not drift.
    let ownSets: UnsafeMutablePointer<UInt16>?
    let ownResets: UnsafeMutablePointer<UInt16>?

    init(
      _ bank: DeviceBank, _ gains: WireGains?, _ flaws: DeviceFlaws?, _ own: ExposureRecords.Bank?
    ) {
      conductance = bank.conductance.base
      setDeviation = bank.setDeviation.base
      resetDeviation = bank.resetDeviation.base
      lineConductance = bank.lineConductance.base
      share = gains?.write.base
      fixed = flaws?.isFixed.base
      ownSets = own?.ownSets.base
      ownResets = own?.ownResets.base
    }

    @inline(__always)
    func prefetch(_ device: Int) {
      prefetch_line(conductance + device)
      prefetch_line(setDeviation + device)
      prefetch_line(resetDeviation + device)
      if let share { prefetch_line(share + device) }
      if let ownSets { prefetch_line(ownSets + device) }
      if let ownResets { prefetch_line(ownResets + device) }
    }
  }

  /// - Parameter step: names the cycle-to-cycle noise; a device gets at most one SET and one RESET
  ///   pulse under it.
  init(_ crossbar: Crossbar, step: UInt64) {
    let technology = crossbar.technology
    setTable = technology.setTable
    resetTable = technology.resetTable
    setFamily = technology.setFamily
    resetFamily = technology.resetFamily
    let exposures = crossbar.exposures
    plus = Target(crossbar.plus, crossbar.plusGains, crossbar.plusFlaws, exposures?.plus)
    minus = Target(crossbar.minus, crossbar.minusGains, crossbar.minusFlaws, exposures?.minus)
    pulsesMinus = crossbar.technology.conditions.pairing.sharesTiles
    let (limits, pulses) = (technology.device.limits, technology.conditions)
    leastSet = Float(limits.setVoltage.lowerBound / pulses.setPulse.voltage)
    leastReset = Float(limits.resetVoltage.upperBound / pulses.resetPulse.voltage)
    cycleToCycle = Float(technology.device.variation.cycleToCycle)
    cycleNoise = crossbar.cycleNoise
    self.step = step
  }

  /// Fetches into the cache what pulses to a pair need.
  @inline(__always)
  func prefetch(_ device: Int) {
    plus.prefetch(device)
    if pulsesMinus { minus.prefetch(device) }
  }

  /// Pulses a device on a bit line and books what half-select accounting needs.
  @inline(__always)
  func pulse(
    _ device: Int, on line: Int, isSet: Bool, isPlus: Bool, record: inout PhaseRecord
  ) {
    let target = isPlus ? plus : minus
    let before = target.conductance[device]
    let cycle = cycleFactor(device: device, isPlus: isPlus, isSet: isSet)
    let z = isSet ? target.setDeviation[device] : target.resetDeviation[device]
    var share: Float = 1
    var after: Float
    if let shares = target.share {
      share = shares[device]
      record.weak &+= share < (isSet ? leastSet : leastReset) ? 1 : 0
      after =
        isSet
        ? setFamily.conductance(after: before, z: z, cycle: cycle, share: share)
        : resetFamily.conductance(after: before, z: z, cycle: cycle, share: share)
    } else {
      after =
        isSet
        ? setTable.conductance(after: before, z: z, cycle: cycle)
        : resetTable.conductance(after: before, z: z, cycle: cycle)
    }
    if let fixed = target.fixed, fixed[device] != 0 { after = before }
    if let own = isSet ? target.ownSets : target.ownResets { own[device] &+= 1 }
    record.selected &+= 1
    record.selectedConductance += Double(before)
    record.drawn += Double(share * before)
    record.columnMates += target.lineConductance[line] - Double(before)
    guard after != before else { return }
    let change = Double(after) - Double(before)
    record.changed &+= 1
    record.change += change
    target.conductance[device] = after
    target.lineConductance[line] += change
  }

  /// 1 + the relative deviation of this one pulse.
  @inline(__always)
  private func cycleFactor(device: Int, isPlus: Bool, isSet: Bool) -> Float {
    guard cycleToCycle > 0 else { return 1 }
    let element = 4 * device + (isPlus ? 2 : 0) + (isSet ? 1 : 0)
    return 1 + cycleToCycle * cycleNoise.gaussian(at: element, substream: step)
  }
}
