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

  /// What concerns the devices of one polarity.
  struct Bank: Sendable {
    /// Phases per bit line of every row of tiles.
    let lineSets: Storage<Int32>
    let lineResets: Storage<Int32>
    /// Full pulses per device.
    let ownSets: Storage<UInt16>
    let ownResets: Storage<UInt16>

    init(_ layout: TileLayout) {
      let (lines, devices) = (
        layout.rowsOfTiles * layout.outputs, layout.wordLines * layout.outputs
      )
      lineSets = Storage(count: lines, repeating: 0)
      lineResets = Storage(count: lines, repeating: 0)
      ownSets = Storage(count: devices, repeating: 0)
      ownResets = Storage(count: devices, repeating: 0)
    }

    func clear() {
      lineSets.fill(0)
      lineResets.fill(0)
      ownSets.fill(0)
      ownResets.fill(0)
    }
  }

  init(_ layout: TileLayout) {
    rowSets = Storage(count: layout.columnsOfTiles * layout.wordLines, repeating: 0)
    rowResets = Storage(count: layout.columnsOfTiles * layout.wordLines, repeating: 0)
    tileSets = Storage(count: layout.rowsOfTiles * layout.columnsOfTiles, repeating: 0)
    tileResets = Storage(count: layout.rowsOfTiles * layout.columnsOfTiles, repeating: 0)
    plus = Bank(layout)
    minus = Bank(layout)
  }

  /// Forgets all exposures.
  func clear() {
    rowSets.fill(0)
    rowResets.fill(0)
    tileSets.fill(0)
    tileResets.fill(0)
    plus.clear()
    minus.clear()
  }

  /// Counts a phase of one tile that selected some word lines.
  @inline(__always)
  func countPhase(isSet: Bool, tile: Int) { (isSet ? tileSets : tileResets)[tile] &+= 1 }

  @inline(__always)
  func countWordLine(isSet: Bool, at line: Int) { (isSet ? rowSets : rowResets)[line] &+= 1 }

  @inline(__always)
  func countBitLine(isSet: Bool, isPlus: Bool, at line: Int) {
    let bank = isPlus ? plus : minus
    (isSet ? bank.lineSets : bank.lineResets)[line] &+= 1
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
