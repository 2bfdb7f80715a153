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

  /// Whether counters must be cleared at once.
  var isFull: Bool {
    let limit = Self.phaseLimits.full
    return tileSets.buffer.contains { $0 > limit } || tileResets.buffer.contains { $0 > limit }
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

  /// Forgets the exposures of some tiles.
  func clear(_ isChosen: Storage<Bool>, _ layout: TileLayout) {
    let none: UInt16 = 0
    for tileRow in 0..<layout.rowsOfTiles {
      for tileColumn in 0..<layout.columnsOfTiles {
        let tile = tileRow * layout.columnsOfTiles + tileColumn
        guard isChosen[tile] else { continue }
        (tileSets[tile], tileResets[tile]) = (0, 0)
        let (rows, columns) = (layout.rows(of: tileRow), layout.outputs(of: tileColumn))
        let word = layout.wordLine(rows.lowerBound, tileColumn: tileColumn)
        for counts in [rowSets, rowResets] { counts.part(word, rows.count).update(repeating: 0) }
        let bit = layout.bitLine(columns.lowerBound, tileRow: tileRow)
        for counts in [plus.lineSets, plus.lineResets, minus.lineSets, minus.lineResets] {
          counts.part(bit, columns.count).update(repeating: 0)
        }
        for row in rows {
          let first = own.base + (row * layout.outputs + columns.lowerBound) * own.width
          first.update(repeating: none, count: columns.count * own.width)
        }
      }
    }
  }

  /// Most SET and RESET phases that any word line and bit line of a tile together, and the tile, have seen.
  struct Most {
    var lineSets: Int32
    var lineResets: Int32
    var tileSets: Int32
    var tileResets: Int32
  }

  /// Marks the tiles with exposures that are due, by their counts or because their counters are nearly
  /// full, and returns their number.
  func listTiles(
    _ layout: TileLayout, into scratch: Workspace, isDue: (Most) -> Bool
  ) -> Int {
    scratch.prepareTiles(tileSets.count)
    let marks = scratch.isDue.base
    var count = 0
    for tileRow in 0..<layout.rowsOfTiles {
      let rows = layout.rows(of: tileRow)
      for tileColumn in 0..<layout.columnsOfTiles {
        let tile = tileRow &* layout.columnsOfTiles &+ tileColumn
        let all = (sets: tileSets.base[tile], resets: tileResets.base[tile])
        let columns = layout.outputs(of: tileColumn)
        let word = layout.wordLine(rows.lowerBound, tileColumn: tileColumn)
        let bit = layout.bitLine(columns.lowerBound, tileRow: tileRow)
        let most = Most(
          lineSets: Self.largest(rowSets, word, rows.count)
            &+ max(
              Self.largest(plus.lineSets, bit, columns.count),
              Self.largest(minus.lineSets, bit, columns.count)),
          lineResets: Self.largest(rowResets, word, rows.count)
            &+ max(
              Self.largest(plus.lineResets, bit, columns.count),
              Self.largest(minus.lineResets, bit, columns.count)),
          tileSets: all.sets, tileResets: all.resets)
        marks[tile] =
          (all.sets > 0 || all.resets > 0)
          && (max(all.sets, all.resets) > Self.phaseLimits.due || isDue(most))
        count &+= marks[tile] ? 1 : 0
      }
    }
    return count
  }

  @inline(__always)
  private static func largest(_ counts: Storage<Int32>, _ first: Int, _ count: Int) -> Int32 {
    let base = counts.base + first
    var largest: Int32 = 0
    for index in 0..<count { largest = max(largest, base[index]) }
    return largest
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
}
