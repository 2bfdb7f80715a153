import Mathematics

/// How often devices were half-selected since they last drifted.
///
/// A phase exposes whole lines, so it is counted per line and tile; a device's own selections are
/// counted apart and taken off. Only its word line was selected in row − own phases, only its bit
/// line in column − own, and neither in all − row − column + own.
struct ExposureRecords: Sendable {
  /// Phases per word line of every column of tiles.
  let rowSets: Storage<Int32>
  let rowResets: Storage<Int32>
  /// Phases per tile.
  let tileSets: Storage<Int32>
  let tileResets: Storage<Int32>
  let plus: Bank
  let minus: Bank
  /// Full pulses of both devices of every pair, side by side.
  private let own: RecordTable<UInt16>

  /// What concerns the devices of one polarity.
  struct Bank: Sendable {
    /// Phases per bit line of every row of tiles.
    let lineSets: Storage<Int32>
    let lineResets: Storage<Int32>
    /// Full pulses per device.
    let ownSets: Lane<UInt16>
    let ownResets: Lane<UInt16>

    init(_ layout: TileLayout, sets: Lane<UInt16>, resets: Lane<UInt16>) {
      let lines = layout.rowsOfTiles * layout.outputs
      lineSets = Storage(count: lines, repeating: 0)
      lineResets = Storage(count: lines, repeating: 0)
      ownSets = sets
      ownResets = resets
    }

    func clearLines() {
      lineSets.fill(0)
      lineResets.fill(0)
    }
  }

  init(_ layout: TileLayout) {
    rowSets = Storage(count: layout.columnsOfTiles * layout.wordLines, repeating: 0)
    rowResets = Storage(count: layout.columnsOfTiles * layout.wordLines, repeating: 0)
    tileSets = Storage(count: layout.rowsOfTiles * layout.columnsOfTiles, repeating: 0)
    tileResets = Storage(count: layout.rowsOfTiles * layout.columnsOfTiles, repeating: 0)
    own = RecordTable(records: layout.wordLines * layout.outputs, values: 4, repeating: 0)
    plus = Bank(layout, sets: own.lane(0), resets: own.lane(1))
    minus = Bank(layout, sets: own.lane(2), resets: own.lane(3))
  }

  /// Phases of a tile after which exposures are due to be applied, and after which they must be.
  ///
  /// A device gets at most one full pulse in a phase of its tile, so that counters of full pulses, of 16
  /// bits, never hold more than those of phases.
  private static let phaseLimits = (due: Int32(60_000), full: Int32(65_000))

  /// Whether counters should be cleared at the next occasion, and whether at once.
  var isDue: Bool { holdsPhases(moreThan: Self.phaseLimits.due) }
  var isFull: Bool { holdsPhases(moreThan: Self.phaseLimits.full) }

  private func holdsPhases(moreThan limit: Int32) -> Bool {
    tileSets.buffer.contains { $0 > limit } || tileResets.buffer.contains { $0 > limit }
  }

  /// Forgets all exposures.
  func clear() {
    rowSets.fill(0)
    rowResets.fill(0)
    tileSets.fill(0)
    tileResets.fill(0)
    plus.clearLines()
    minus.clearLines()
    own.fill(0)
  }

  /// Counts a phase of one tile that selected some word lines.
  @inline(__always)
  func countPhase(isSet: Bool, tile: Int) { (isSet ? tileSets : tileResets)[tile] &+= 1 }

  @inline(__always)
  func countWordLine(isSet: Bool, at line: Int) { (isSet ? rowSets : rowResets)[line] &+= 1 }

  /// The counters of bit lines, for loops that count no references; the records outlive it.
  var bitLines: BitLines {
    BitLines(
      plus: (plus.lineSets.base, plus.lineResets.base),
      minus: (minus.lineSets.base, minus.lineResets.base))
  }

  /// The counters of bit lines by address.
  ///
  /// Sound: addresses into storage that the records own; the array keeps the records for the whole pass, and a
  /// bit line is counted by the one block that its columns are in.
  struct BitLines: @unchecked Sendable {
    fileprivate let plus: (sets: UnsafeMutablePointer<Int32>, resets: UnsafeMutablePointer<Int32>)
    fileprivate let minus: (sets: UnsafeMutablePointer<Int32>, resets: UnsafeMutablePointer<Int32>)

    /// Counts a phase that selected a bit line.
    @inline(__always)
    func count(isSet: Bool, isPlus: Bool, at line: Int) {
      let lines = isPlus ? plus : minus
      (isSet ? lines.sets : lines.resets)[line] &+= 1
    }
  }

  /// Most SET and RESET phases that any word line, bit line and tile has seen.
  var most: (lineSets: Int, lineResets: Int, tileSets: Int, tileResets: Int) {
    func most(_ counts: Storage<Int32>) -> Int { Int(counts.buffer.max() ?? 0) }
    return (
      most(rowSets) + max(most(plus.lineSets), most(minus.lineSets)),
      most(rowResets) + max(most(plus.lineResets), most(minus.lineResets)),
      most(tileSets), most(tileResets)
    )
  }
}
