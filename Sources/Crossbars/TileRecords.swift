import Mathematics

/// What the tiles of an array were like when their wires were last solved.
///
/// The totals per line are enough to judge whether pulses have moved a tile's attenuation: a gain
/// loses in proportion to the current its lines carry.
struct TileRecords: Sendable {
  /// Totals per word line and bit line, laid out as the array's.
  let wordLines: Storage<Double>
  let plusLines: Storage<Double>
  let minusLines: Storage<Double>
  /// Largest loss of a gain per tile; −1 where the tile has not been solved.
  let losses: Storage<Double>

  init(_ layout: TileLayout) {
    wordLines = Storage(count: layout.columnsOfTiles * layout.wordLines, repeating: 0)
    plusLines = Storage(count: layout.rowsOfTiles * layout.outputs, repeating: 0)
    minusLines = Storage(count: layout.rowsOfTiles * layout.outputs, repeating: 0)
    losses = Storage(count: layout.rowsOfTiles * layout.columnsOfTiles, repeating: -1)
  }
}
