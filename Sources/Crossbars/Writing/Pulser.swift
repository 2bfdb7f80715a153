import CProcessor
import Devices
import Mathematics

/// A training pulse to a single device.
struct DevicePulse: BitwiseCopyable {
  /// Pair, polarity and kind in one word: lists of them are made without a branch.
  let code: Int32

  /// The highest number of a pair that a code can hold.
  static let largestPair = Int(Int32.max >> 2)

  init() { code = 0 }

  init(pair: Int, isPlus: Bool, isSet: Bool) {
    code = Int32(truncatingIfNeeded: pair &<< 2 | (isPlus ? 0 : 2) | (isSet ? 1 : 0))
  }

  var pair: Int { Int(code &>> 2) }
  var isPlus: Bool { code & 2 == 0 }
  var isSet: Bool { code & 1 != 0 }
}

/// What a pulse did to its device.
struct DeviceMove: BitwiseCopyable {
  var before: Float = 0
  var after: Float = 0
  /// Share of the amplitude that reached the device.
  var voltageRatio: Float = 1
}

/// Gives single devices a training pulse.
///
/// Holds addresses, not references: this is the hottest path there is, and counting references per
/// pulse would cost as much as the pulse. Sound: the array, which owns all storage, makes one for a write and
/// lets go of it when the write returns; a device is pulsed by the one thread whose block has its bit line.
struct Pulser: @unchecked Sendable {
  private let tables: PulsePairTables
  private let devices: PairRecords.Addresses
  private let plus: Target
  private let minus: Target
  /// Whether wires leave less than the whole pulse.
  private let isWired: Bool
  /// Shares below which a pulse is weaker than any that was calibrated.
  private let leastSet: Float
  private let leastReset: Float
  private let cycleToCycle: Float
  private let cycleNoise: RandomStream
  private let step: UInt64

  /// What a pulse needs of the devices of one polarity.
  private struct Target {
    /// ∑ G per bit line, and the weight of its half-selected devices; see ``LineTotals``.
    let lineConductance: UnsafeMutablePointer<Double>
    let halfSelectRatio: UnsafeMutablePointer<Double>
    /// Share of the amplitude that wires leave; nil with ideal wires.
    let voltageRatio: Lane<Float>?
    /// Devices that pulses leave alone; nil without non-idealities.
    let fixed: UnsafeMutablePointer<UInt8>?
    /// Full pulses per device; nil when half-selected devices do not drift.
    let ownSets: Lane<UInt16>?
    let ownResets: Lane<UInt16>?

    init(
      _ bank: DeviceBank, _ gains: WireGains?, _ nonIdealities: DeviceNonIdealities?,
      _ own: ExposureRecords.Bank?
    ) {
      lineConductance = bank.bitLines.conductance.base
      halfSelectRatio = bank.bitLines.halfSelectRatio.base
      voltageRatio = gains?.selected
      fixed = nonIdealities?.isFixed.base
      ownSets = own?.ownSets
      ownResets = own?.ownResets
    }
  }

  /// - Parameter step: names the cycle-to-cycle noise; a device gets at most one SET and one RESET
  ///   pulse under it.
  init(_ crossbar: Crossbar, step: UInt64) {
    let technology = crossbar.technology
    tables = technology.trainingPulses
    devices = crossbar.records.addresses
    let exposures = crossbar.exposures
    plus = Target(crossbar.plus, crossbar.plusGains, crossbar.plusNonIdealities, exposures?.plus)
    minus = Target(
      crossbar.minus, crossbar.minusGains, crossbar.minusNonIdealities, exposures?.minus)
    isWired = crossbar.plusGains != nil
    let pulses = technology.conditions
    leastSet = Float(crossbar.leastAmplitude(isSet: true) / pulses.setPulse.voltage)
    leastReset = Float(-crossbar.leastAmplitude(isSet: false) / pulses.resetPulse.voltage)
    cycleToCycle = Float(technology.device.variation.cycleToCycle)
    cycleNoise = crossbar.cycleNoise
    self.step = step
  }

  /// Fetches into the cache what pulses to a pair need: both devices lie together.
  @inline(__always)
  func prefetch(_ pair: Int) {
    prefetch_line(devices[pair])
    if let voltageRatio = plus.voltageRatio { prefetch_line(voltageRatio.address(of: pair)) }
    if let own = plus.ownSets { prefetch_line(own.address(of: pair)) }
  }

  /// Carries out pulses, of which no two are to one device, and leaves word of each.
  @inline(__always)
  func move(
    _ pulses: UnsafeBufferPointer<DevicePulse>, into moves: UnsafeMutablePointer<DeviceMove>
  ) {
    for index in pulses.indices { moves[index] = move(pulses[index]) }
  }

  /// Pulses a device and books what half-select accounting needs.
  func pulse(_ pulse: DevicePulse, on line: Int, record: inout PhaseRecord) {
    book(move(pulse), of: pulse, on: line, record: &record)
  }

  @inline(__always)
  private func move(_ pulse: DevicePulse) -> DeviceMove {
    let (pair, isPlus, isSet) = (pulse.pair, pulse.isPlus, pulse.isSet)
    let conductance = devices.conductance(pair, isPlus: isPlus)
    let before = conductance.pointee
    let z = devices.deviation(pair, isPlus: isPlus, isSet: isSet)
    let cycle = cycleFactor(pulse)
    var voltageRatio: Float = 1
    var after: Float
    if isWired, let voltageRatios = isPlus ? plus.voltageRatio : minus.voltageRatio {
      voltageRatio = voltageRatios[pair]
      after = tables.conductance(
        after: before, isSet: isSet, z: z, cycle: cycle, voltageRatio: voltageRatio)
    } else {
      after = tables.conductance(after: before, isSet: isSet, z: z, cycle: cycle)
    }
    if let fixed = isPlus ? plus.fixed : minus.fixed, fixed[pair] != 0 { after = before }
    conductance.pointee = after
    return DeviceMove(before: before, after: after, voltageRatio: voltageRatio)
  }

  /// Adds a pulse to the record of its phase and to the totals of its bit line.
  @inline(__always)
  func book(
    _ move: DeviceMove, of pulse: DevicePulse, on line: Int, record: inout PhaseRecord
  ) {
    let (isPlus, isSet) = (pulse.isPlus, pulse.isSet)
    if isWired { record.weak &+= move.voltageRatio < (isSet ? leastSet : leastReset) ? 1 : 0 }
    let own =
      isPlus
      ? (isSet ? plus.ownSets : plus.ownResets) : (isSet ? minus.ownSets : minus.ownResets)
    if let own { own[pulse.pair] &+= 1 }
    let lineConductance = isPlus ? plus.lineConductance : minus.lineConductance
    let halfSelectRatio = isPlus ? plus.halfSelectRatio : minus.halfSelectRatio
    let before = Double(move.before)
    record.selected &+= 1
    record.selectedConductance += before
    record.load += Double(move.voltageRatio * move.before)
    record.lineLoad += halfSelectRatio[line] * (lineConductance[line] - before)
    let change = Double(move.after) - before
    record.changed &+= move.after != move.before ? 1 : 0
    record.change += change
    lineConductance[line] += change
  }

  /// 1 + the relative deviation of this one pulse.
  @inline(__always)
  private func cycleFactor(_ pulse: DevicePulse) -> Float {
    guard cycleToCycle > 0 else { return 1 }
    let element = 4 * pulse.pair + (pulse.isPlus ? 2 : 0) + (pulse.isSet ? 1 : 0)
    return 1 + cycleToCycle * cycleNoise.gaussian(at: element, substream: step)
  }
}
