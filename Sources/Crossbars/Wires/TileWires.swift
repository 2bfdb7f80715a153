/// Wires of the tiles that a layer is cut into.
///
/// A tile is a passive array by itself: word lines × physical bit lines, plus and minus lines of a
/// pair side by side, driven and sensed at one end, far ends open. Currents of tiles in a column add.
package struct TileWires: Equatable, Sendable {
  /// The name of the set of resistances.
  package var name: String
  /// Resistance of a line between neighbouring crosspoints, in ohms.
  package var segment: Double
  /// Resistance of the contacts at a line's end, in ohms.
  package var lineEnd: Double
  /// Resistances of a driver and of a sense amplifier, in series with the contacts, in ohms.
  package var source = 0.0
  package var sense = 0.0
  /// Word lines and physical bit lines of a tile at most.
  package var size: Int
  /// Whether periphery makes up for the wires; see ``ArrayConditions/compensatingWires(of:)``.
  package var compensates = true
  /// How far the attenuation of a device may move, by estimate, before its tile is solved again.
  package var tolerance = 0.005

  /// Wires from their resistances in ohms and the largest tile, at least one line.
  package init(name: String, segment: Double, lineEnd: Double, size: Int) {
    self.name = name
    self.segment = segment
    self.lineEnd = lineEnd
    self.size = size
  }
}

/// How an array is cut into tiles; one tile when there are no wires.
struct TileLayout: Equatable, Sendable {
  let wordLines: Int
  let outputs: Int
  /// Word lines and pairs per tile.
  let tileRows: Int
  let tileOutputs: Int

  init(wordLines: Int, outputs: Int, linesPerOutput: Int, size: Int?) {
    self.wordLines = wordLines
    self.outputs = outputs
    tileRows = min(wordLines, size ?? wordLines)
    tileOutputs = min(outputs, size.map { max(1, $0 / linesPerOutput) } ?? outputs)
  }

  var rowsOfTiles: Int { (wordLines + tileRows - 1) / tileRows }
  var columnsOfTiles: Int { (outputs + tileOutputs - 1) / tileOutputs }

  /// Word lines of a row of tiles, pairs of a column of tiles.
  func rows(of tileRow: Int) -> Range<Int> {
    tileRow * tileRows..<min(wordLines, (tileRow + 1) * tileRows)
  }

  func outputs(of tileColumn: Int) -> Range<Int> {
    tileColumn * tileOutputs..<min(outputs, (tileColumn + 1) * tileOutputs)
  }

  /// The tile that a pair is in; tiles are numbered row by row.
  @inline(__always)
  func tile(row: Int, column: Int) -> Int {
    row / tileRows * columnsOfTiles + column / tileOutputs
  }

  /// Place of a word line's total within a column of tiles, and of a bit line's within a row.
  @inline(__always)
  func wordLine(_ row: Int, tileColumn: Int) -> Int { tileColumn &* wordLines &+ row }

  @inline(__always)
  func bitLine(_ column: Int, tileRow: Int) -> Int { tileRow &* outputs &+ column }
}
