import Devices
import Mathematics

/// What one block of columns did to one word line in its SET and its RESET phase.
struct RowRecord: BitwiseCopyable, Sendable {
  var set = PhaseRecord()
  var reset = PhaseRecord()
}

/// One phase of one word line; conductances in siemens.
struct PhaseRecord: BitwiseCopyable, Sendable {
  /// Devices that got a full pulse, and those of them whose conductance changed.
  var selected = 0
  var changed = 0
  /// Selected devices that saw less than the calibrated amplitude.
  var weak = 0
  /// Σ G of selected devices at the start of the phase.
  var selectedConductance = 0.0
  /// Σ share · G of selected devices, with the share of the amplitude that reaches each.
  var drawn = 0.0
  /// Σ over selected devices of the conductance of everything else on their bit lines.
  var columnMates = 0.0
  /// Σ of the changes made.
  var change = 0.0

  static func += (left: inout PhaseRecord, right: PhaseRecord) {
    left.selected += right.selected
    left.changed += right.changed
    left.weak += right.weak
    left.selectedConductance += right.selectedConductance
    left.drawn += right.drawn
    left.columnMates += right.columnMates
    left.change += right.change
  }
}

/// The batch rule on blocks of columns, word line by word line.
///
/// A block owns its bit lines, so it keeps their totals up to date by itself; what concerns word
/// lines is left in records that the array adds up in block order.
struct ProgrammingPass: @unchecked Sendable {
  private let wordLines: Int
  private let outputs: Int
  private let layout: TileLayout
  private let requests: UnsafePointer<Int8>
  private let pulser: Pulser
  private let refresher: CoefficientRefresher
  private let raising: PulseAssignment
  private let lowering: PulseAssignment
  private let signs: Storage<Float>?
  private let plus: DeviceBank
  private let minus: DeviceBank
  private let terms: Int
  private let records: Storage<RowRecord>
  private let rowChanges: Storage<Double>
  private let columns: Storage<Int32>
  private let exposures: ExposureRecords?

  /// - Parameter requests: wordLines × outputs signs that outlive the pass.
  init(_ crossbar: Crossbar, requests: UnsafePointer<Int8>, step: UInt64) {
    wordLines = crossbar.wordLines
    outputs = crossbar.outputs
    layout = crossbar.layout
    self.requests = requests
    pulser = Pulser(crossbar, step: step)
    refresher = CoefficientRefresher(crossbar)
    raising = PulseAssignment(crossbar.technology.conditions.pairing, raises: true)
    lowering = PulseAssignment(crossbar.technology.conditions.pairing, raises: false)
    signs = crossbar.signs
    plus = crossbar.plus
    minus = crossbar.minus
    terms = crossbar.basis.count
    records = crossbar.scratch.records
    rowChanges = crossbar.scratch.rowChanges
    columns = crossbar.scratch.columns
    exposures = crossbar.exposures
  }

  /// Programs the columns of a block on every word line.
  func run(block: Int, of range: Range<Int>) {
    for row in 0..<wordLines {
      let selected = collect(row: row, columns: range)
      let slot = block * wordLines + row
      var record = RowRecord()
      let changes = rowChanges.part(slot * terms, terms)
      changes.update(repeating: 0)
      if !selected.isEmpty {
        pulse(selected, row: row, isSet: true, record: &record.set)
        pulse(selected, row: row, isSet: false, record: &record.reset)
        for column in selected {
          refresher.refresh(row: row, column: Int(column), rowChanges: changes)
        }
      }
      records[slot] = record
    }
  }

  /// Lists the columns of a row with a request; eight at a time are passed over when empty.
  private func collect(row: Int, columns range: Range<Int>) -> UnsafeBufferPointer<Int32> {
    let base = requests + row * outputs
    let list = columns.base + range.lowerBound
    var count = 0
    var column = range.lowerBound
    while column < range.upperBound {
      if column &+ 8 <= range.upperBound,
        UnsafeRawPointer(base + column).loadUnaligned(as: UInt64.self) == 0
      {
        column &+= 8
        continue
      }
      if base[column] != 0 {
        list[count] = Int32(truncatingIfNeeded: column)
        count &+= 1
      }
      column &+= 1
    }
    return UnsafeBufferPointer(start: list, count: count)
  }

  /// One phase: every device that the pairing assigns to this polarity gets one pulse.
  private func pulse(
    _ columns: UnsafeBufferPointer<Int32>, row: Int, isSet: Bool, record: inout PhaseRecord
  ) {
    let tileRow = row / layout.tileRows
    for column in columns {
      let column = Int(column)
      let device = row &* outputs &+ column
      let line = layout.bitLine(column, tileRow: tileRow)
      var raises = requests[device] > 0
      if let signs, signs[device] < 0 { raises.toggle() }
      let assignment = raises ? raising : lowering
      if isSet ? assignment.setsPlus : assignment.resetsPlus {
        pulser.pulse(plus, device, on: line, isSet: isSet, isPlus: true, record: &record)
        exposures?.countBitLine(isSet: isSet, isPlus: true, at: line)
      }
      if isSet ? assignment.setsMinus : assignment.resetsMinus {
        pulser.pulse(minus, device, on: line, isSet: isSet, isPlus: false, record: &record)
        exposures?.countBitLine(isSet: isSet, isPlus: false, at: line)
      }
    }
  }
}

/// Gives single devices a training pulse.
struct Pulser: @unchecked Sendable {
  private let setTable: PulseTable
  private let resetTable: PulseTable
  /// Whether wires weaken pulses; what follows is then in use.
  ///
  /// Flat, not optional: this is the hottest path there is, and unwrapping would count references
  /// per pulse.
  private let isWired: Bool
  private let setFamily: PulseFamily
  private let resetFamily: PulseFamily
  private let plusShare: Storage<Float>
  /// Devices that pulses leave alone; nil without imperfections.
  private let plusFixed: UnsafeMutablePointer<UInt8>?
  private let minusFixed: UnsafeMutablePointer<UInt8>?
  private let minusShare: Storage<Float>
  /// Shares below which a pulse is weaker than any that was calibrated.
  private let leastSet: Float
  private let leastReset: Float
  private let cycleToCycle: Float
  private let cycleNoise: RandomStream
  private let step: UInt64
  private let exposures: ExposureRecords?

  /// - Parameter step: names the cycle-to-cycle noise; a device gets at most one SET and one RESET
  ///   pulse under it.
  init(_ crossbar: Crossbar, step: UInt64) {
    let technology = crossbar.technology
    setTable = technology.setTable
    resetTable = technology.resetTable
    isWired = technology.conditions.wires != nil
    setFamily = technology.setFamily
    resetFamily = technology.resetFamily
    plusFixed = crossbar.plusFlaws?.isFixed.base
    minusFixed = crossbar.minusFlaws?.isFixed.base
    plusShare = crossbar.plusGains?.write ?? crossbar.plus.conductance
    minusShare = crossbar.minusGains?.write ?? crossbar.minus.conductance
    let (limits, pulses) = (technology.device.limits, technology.conditions)
    leastSet = Float(limits.setVoltage.lowerBound / pulses.setPulse.voltage)
    leastReset = Float(limits.resetVoltage.upperBound / pulses.resetPulse.voltage)
    cycleToCycle = Float(technology.device.variation.cycleToCycle)
    cycleNoise = crossbar.cycleNoise
    exposures = crossbar.exposures
    self.step = step
  }

  /// Pulses a device on a bit line and books what half-select accounting needs.
  @inline(__always)
  func pulse(
    _ bank: DeviceBank, _ device: Int, on line: Int, isSet: Bool, isPlus: Bool,
    record: inout PhaseRecord
  ) {
    let before = bank.conductance[device]
    let cycle = cycleFactor(device: device, isPlus: isPlus, isSet: isSet)
    let z = isSet ? bank.setDeviation[device] : bank.resetDeviation[device]
    var share: Float = 1
    var after: Float
    if isWired {
      share = isPlus ? plusShare[device] : minusShare[device]
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
    if let fixed = isPlus ? plusFixed : minusFixed, fixed[device] != 0 { after = before }
    exposures?.countDevice(isSet: isSet, isPlus: isPlus, at: device)
    record.selected &+= 1
    record.selectedConductance += Double(before)
    record.drawn += Double(share * before)
    record.columnMates += bank.lineConductance[line] - Double(before)
    guard after != before else { return }
    let change = Double(after) - Double(before)
    record.changed &+= 1
    record.change += change
    bank.conductance[device] = after
    bank.lineConductance[line] += change
  }

  /// 1 + the relative deviation of this one pulse.
  @inline(__always)
  private func cycleFactor(device: Int, isPlus: Bool, isSet: Bool) -> Float {
    guard cycleToCycle > 0 else { return 1 }
    let element = 4 * device + (isPlus ? 2 : 0) + (isSet ? 1 : 0)
    return 1 + cycleToCycle * cycleNoise.gaussian(at: element, substream: step)
  }
}
