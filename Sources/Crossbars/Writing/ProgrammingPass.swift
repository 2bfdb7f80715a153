import Mathematics

/// What one block of columns did to one word line in its SET and its RESET phase.
struct RowRecord: BitwiseCopyable, Sendable {
  var set = PhaseRecord()
  var reset = PhaseRecord()
}

/// The batch rule on blocks of columns, word line by word line.
///
/// A block owns its bit lines, so it keeps their totals up to date by itself; what concerns word
/// lines is left in records that the array adds up in block order. Sound: addresses are of storage that the
/// array owns and of signs held by the closure that makes the pass; blocks write disjoint columns and records.
struct ProgrammingPass: @unchecked Sendable {
  private let wordLines: Int
  private let outputs: Int
  private let layout: TileLayout
  private let updateSigns: UnsafePointer<Int8>
  private let pulser: Pulser
  private let refresher: CoefficientRefresher
  private let raising: PulseAssignment
  private let lowering: PulseAssignment
  private let signs: Storage<Float>?
  private let terms: Int
  private let records: Storage<RowRecord>
  private let rowChanges: Storage<Double>
  private let devices: Storage<Int32>
  private let places: UnsafeMutablePointer<PairPlace>
  private let pulses: UnsafeMutablePointer<DevicePulse>
  private let moves: UnsafeMutablePointer<DeviceMove>
  private let exposed: ExposureRecords.BitLines?

  /// - Parameter updateSigns: wordLines × outputs signs that outlive the pass.
  init(_ crossbar: Crossbar, updateSigns: UnsafePointer<Int8>, step: UInt64) {
    wordLines = crossbar.wordLines
    outputs = crossbar.outputs
    layout = crossbar.layout
    self.updateSigns = updateSigns
    pulser = Pulser(crossbar, step: step)
    refresher = CoefficientRefresher(crossbar)
    raising = crossbar.technology.conditions.pairing.pulses(raising: true)
    lowering = crossbar.technology.conditions.pairing.pulses(raising: false)
    signs = crossbar.signs
    terms = crossbar.basis.count
    records = crossbar.scratch.records
    rowChanges = crossbar.scratch.rowChanges
    devices = crossbar.scratch.devices
    places = crossbar.scratch.places.base
    pulses = crossbar.scratch.pulses.base
    moves = crossbar.scratch.moves.base
    exposed = crossbar.exposures?.bitLines
  }

  /// Pairs that are worked on together.
  ///
  /// A step pulses a few devices in a hundred, scattered over arrays larger than the caches nearest
  /// the processor. So many records are fetched while those before them are at work.
  static let stretch = 32

  /// Programs the columns of a block on every word line.
  ///
  /// Devices of a word line are on bit lines of their own, so that the totals a pulse meets are the
  /// same whichever phase of the word line is worked out first.
  func run(block: Int, of range: Range<Int>) {
    let pulsedPairs = collect(columns: range)
    records.part(block * wordLines, wordLines).update(repeating: RowRecord())
    rowChanges.part(block * wordLines * terms, wordLines * terms).update(repeating: 0)
    let (places, pulses, moves) = (
      places + block * Self.stretch, pulses + 2 * block * Self.stretch,
      moves + 2 * block * Self.stretch
    )
    fetch(pulsedPairs, from: 0)
    var row = 0
    for first in stride(from: 0, to: pulsedPairs.count, by: Self.stretch) {
      let end = min(first &+ Self.stretch, pulsedPairs.count)
      fetch(pulsedPairs, from: end)
      let places = place(pulsedPairs[first..<end], from: &row, into: places)
      let pulses = list(places, into: pulses)
      pulser.move(pulses, into: moves)
      book(pulses, moves, of: places, block: block)
      expose(pulses, of: places)
      refresher.refresh(
        places, rowChanges: rowChanges.base + block * wordLines * terms, firstRow: 0)
    }
  }

  /// Fetches what a stretch of pairs needs.
  private func fetch(_ pulsedPairs: UnsafeBufferPointer<Int32>, from first: Int) {
    for index in first..<min(first &+ Self.stretch, pulsedPairs.count) {
      pulser.prefetch(Int(pulsedPairs[index]))
      refresher.prefetch(Int(pulsedPairs[index]))
    }
  }

  /// Lists the pairs of a block with an update sign, row by row; eight at a time are passed over when
  /// empty.
  private func collect(columns range: Range<Int>) -> UnsafeBufferPointer<Int32> {
    let list = devices.base + wordLines &* range.lowerBound
    var count = 0
    for row in 0..<wordLines {
      var device = row &* outputs &+ range.lowerBound
      let end = row &* outputs &+ range.upperBound
      while device < end {
        if device &+ 8 <= end,
          UnsafeRawPointer(updateSigns + device).loadUnaligned(as: UInt64.self) == 0
        {
          device &+= 8
          continue
        }
        // Written always and counted when asked for: a branch would be guessed wrong too often.
        list[count] = Int32(truncatingIfNeeded: device)
        count &+= updateSigns[device] != 0 ? 1 : 0
        device &+= 1
      }
    }
    return UnsafeBufferPointer(start: list, count: count)
  }

  /// Word line and column of update signs in order, from the word line of the last on.
  private func place(
    _ pulsedPairs: Slice<UnsafeBufferPointer<Int32>>, from row: inout Int,
    into places: UnsafeMutablePointer<PairPlace>
  ) -> UnsafeBufferPointer<PairPlace> {
    var first = row &* outputs
    for (index, pair) in pulsedPairs.enumerated() {
      while Int(pair) >= first &+ outputs {
        row &+= 1
        first &+= outputs
      }
      places[index] = PairPlace(row: row, column: Int(pair) &- first, outputs: outputs)
    }
    return UnsafeBufferPointer(start: places, count: pulsedPairs.count)
  }

  /// Lists the pulses that the pairing makes of update signs.
  private func list(
    _ places: UnsafeBufferPointer<PairPlace>, into pulses: UnsafeMutablePointer<DevicePulse>
  ) -> UnsafeBufferPointer<DevicePulse> {
    let (raising, lowering) = (raising, lowering)
    var count = 0
    for place in places {
      let pair = Int(place.pair)
      let assignment = raises(pair) ? raising : lowering
      // Written always and counted when meant: a branch would be guessed wrong too often. There is
      // room for two pulses of every pair.
      pulses[count] = DevicePulse(pair: pair, isPlus: true, isSet: assignment.setsPlus)
      count &+= assignment.setsPlus || assignment.resetsPlus ? 1 : 0
      pulses[count] = DevicePulse(pair: pair, isPlus: false, isSet: assignment.setsMinus)
      count &+= assignment.setsMinus || assignment.resetsMinus ? 1 : 0
    }
    return UnsafeBufferPointer(start: pulses, count: count)
  }

  /// Whether a device with an update sign is to conduct more.
  @inline(__always)
  private func raises(_ device: Int) -> Bool {
    let isRaise = updateSigns[device] > 0
    guard let signs else { return isRaise }
    return isRaise != (signs[device] < 0)
  }

  /// The bit line of a pair, without a division for each of a word line.
  private struct BitLines {
    let layout: TileLayout
    private var row: Int32 = -1
    private var first = 0

    init(_ layout: TileLayout) { self.layout = layout }

    @inline(__always)
    mutating func callAsFunction(_ place: PairPlace) -> Int {
      if place.row != row {
        row = place.row
        first = layout.bitLine(0, tileRow: Int(row) / layout.tileRows)
      }
      return first &+ Int(place.column)
    }
  }

  /// Books pulses in the records of their word lines.
  private func book(
    _ pulses: UnsafeBufferPointer<DevicePulse>, _ moves: UnsafeMutablePointer<DeviceMove>,
    of places: UnsafeBufferPointer<PairPlace>, block: Int
  ) {
    let records = records.base + block &* wordLines
    var (bitLine, next) = (BitLines(layout), 0)
    for (index, pulse) in pulses.enumerated() {
      while Int(places[next].pair) < pulse.pair { next &+= 1 }
      let place = places[next]
      let line = bitLine(place)
      let record = records + Int(place.row)
      if pulse.isSet {
        pulser.book(moves[index], of: pulse, on: line, record: &record.pointee.set)
      } else {
        pulser.book(moves[index], of: pulse, on: line, record: &record.pointee.reset)
      }
    }
  }

  /// Counts on which bit lines pulses half-select others.
  private func expose(
    _ pulses: UnsafeBufferPointer<DevicePulse>, of places: UnsafeBufferPointer<PairPlace>
  ) {
    guard let exposed else { return }
    var (bitLine, next) = (BitLines(layout), 0)
    for pulse in pulses {
      while Int(places[next].pair) < pulse.pair { next &+= 1 }
      exposed.count(isSet: pulse.isSet, isPlus: pulse.isPlus, at: bitLine(places[next]))
    }
  }
}
