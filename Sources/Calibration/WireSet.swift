import Failures
import Files

/// A named set of wire resistances for the device's arrays.
package struct WireSet: Equatable, Sendable {
  /// The word that `wires.set` of a run configuration chooses the set by.
  package var name: String
  /// Between neighbouring crosspoints of a line, in ohms.
  package var segment: Double
  /// Contacts between a line's end and its driver or sense amplifier, in ohms.
  package var lineEnd: Double
  /// Output of a driver and input of a sense amplifier, in series with the contacts, in ohms.
  package var source = 0.0
  package var sense = 0.0
  /// Word lines and physical bit lines of a tile at most.
  package var tile: Int

  /// A set from its resistances in ohms and the largest tile, at least one line.
  package init(name: String, segment: Double, lineEnd: Double, tile: Int) {
    self.name = name
    self.segment = segment
    self.lineEnd = lineEnd
    self.tile = tile
  }
}

extension WireSet {
  /// Lines of a tile at most: the longest side of a layer.
  private static let mostLines = 65_536

  /// Decodes one table of `[wires]`.
  init(name: String, reader: ParameterReader) throws(Failure) {
    self.init(
      name: name, segment: try reader.number("segment", unit: "ohm"),
      lineEnd: try reader.number("line_end", unit: "ohm"),
      tile: 1)
    if reader.section.contains("source") { source = try reader.number("source", unit: "ohm") }
    if reader.section.contains("sense") { sense = try reader.number("sense", unit: "ohm") }
    let lines = try reader.number("tile", unit: "1")
    guard let tile = Int(exactly: lines), (1...Self.mostLines).contains(tile) else {
      throw reader.section.failure(
        "tile.value", "a tile has a whole number of lines, 1 to \(Self.mostLines)")
    }
    self.tile = tile
  }
}
