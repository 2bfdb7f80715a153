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
  private let terms: Int
  private let records: Storage<RowRecord>
  private let rowChanges: Storage<Double>
  private let devices: Storage<Int32>
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
    terms = crossbar.basis.count
    records = crossbar.scratch.records
    rowChanges = crossbar.scratch.rowChanges
    devices = crossbar.scratch.devices
    exposures = crossbar.exposures
  }

  /// Pairs that are fetched into the cache ahead of the one at work.
  ///
  /// A step pulses a few devices in a hundred, scattered over arrays larger than the caches nearest
  /// the processor: without this it waits for memory most of the time.
  private static let lookahead = 16

  /// Programs the columns of a block on every word line.
  func run(block: Int, of range: Range<Int>) {
    let requested = collect(columns: range)
    var (next, fetched) = (0, 0)
    for row in 0..<wordLines {
      let first = next
      while next < requested.count, requested[next] < (row &+ 1) &* outputs { next &+= 1 }
      while fetched < min(next &+ Self.lookahead, requested.count) {
        pulser.prefetch(Int(requested[fetched]))
        refresher.prefetch(Int(requested[fetched]))
        fetched &+= 1
      }
      let selected = UnsafeBufferPointer(rebasing: requested[first..<next])
      let slot = block * wordLines + row
      var record = RowRecord()
      let changes = rowChanges.part(slot * terms, terms)
      changes.update(repeating: 0)
      if !selected.isEmpty {
        pulse(selected, row: row, isSet: true, record: &record.set)
        pulse(selected, row: row, isSet: false, record: &record.reset)
        for device in selected {
          refresher.refresh(
            row: row, column: Int(device) &- row &* outputs, rowChanges: changes)
        }
      }
      records[slot] = record
    }
  }

  /// Lists the pairs of a block with a request, row by row; eight at a time are passed over when
  /// empty.
  private func collect(columns range: Range<Int>) -> UnsafeBufferPointer<Int32> {
    let list = devices.base + wordLines &* range.lowerBound
    var count = 0
    for row in 0..<wordLines {
      var device = row &* outputs &+ range.lowerBound
      let end = row &* outputs &+ range.upperBound
      while device < end {
        if device &+ 8 <= end,
          UnsafeRawPointer(requests + device).loadUnaligned(as: UInt64.self) == 0
        {
          device &+= 8
          continue
        }
        // Written always and counted when asked for: a branch would be guessed wrong too often.
        list[count] = Int32(truncatingIfNeeded: device)
        count &+= requests[device] != 0 ? 1 : 0
        device &+= 1
      }
    }
    return UnsafeBufferPointer(start: list, count: count)
  }

  /// One phase: every device that the pairing assigns to this polarity gets one pulse.
  private func pulse(
    _ devices: UnsafeBufferPointer<Int32>, row: Int, isSet: Bool, record: inout PhaseRecord
  ) {
    let (raised, lowered) = (raising.acts(isSet: isSet), lowering.acts(isSet: isSet))
    guard raised != lowered else {
      if raised { pulse(all: devices, row: row, isSet: isSet, record: &record) }
      return
    }
    // What this phase leaves alone is sorted out first: the pulses then run without a guess.
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: devices.count &+ 1) { chosen in
      var count = 0
      for device in devices {
        chosen[count] = device
        count &+= raises(Int(device)) == raised ? 1 : 0
      }
      pulse(
        all: UnsafeBufferPointer(rebasing: chosen[..<count]), row: row, isSet: isSet,
        record: &record)
    }
  }

  /// Whether a device with a request is to conduct more.
  @inline(__always)
  private func raises(_ device: Int) -> Bool {
    let isRaise = requests[device] > 0
    guard let signs else { return isRaise }
    return isRaise != (signs[device] < 0)
  }

  private func pulse(
    all devices: UnsafeBufferPointer<Int32>, row: Int, isSet: Bool, record: inout PhaseRecord
  ) {
    let tileRow = row / layout.tileRows
    for device in devices {
      let device = Int(device)
      let line = layout.bitLine(device &- row &* outputs, tileRow: tileRow)
      let assignment = raises(device) ? raising : lowering
      if isSet ? assignment.setsPlus : assignment.resetsPlus {
        pulser.pulse(device, on: line, isSet: isSet, isPlus: true, record: &record)
        exposures?.countBitLine(isSet: isSet, isPlus: true, at: line)
      }
      if isSet ? assignment.setsMinus : assignment.resetsMinus {
        pulser.pulse(device, on: line, isSet: isSet, isPlus: false, record: &record)
        exposures?.countBitLine(isSet: isSet, isPlus: false, at: line)
      }
    }
  }
}
