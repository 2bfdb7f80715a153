import Failures
import Files

/// A named set of wire resistances for the device's arrays.
public struct WireSet: Equatable, Sendable {
  public var name: String
  /// Between neighbouring crosspoints of a line, in ohms.
  public var segment: Double
  /// Between a line's end and its driver or sense amplifier, contacts included, in ohms.
  public var lineEnd: Double
  /// Word lines and physical bit lines of a tile at most.
  public var tile: Int

  public init(name: String, segment: Double, lineEnd: Double, tile: Int) {
    self.name = name
    self.segment = segment
    self.lineEnd = lineEnd
    self.tile = tile
  }
}

extension WireSet {
  /// Decodes one table of `[wires]`.
  init(name: String, reader: ParameterReader) throws(Failure) {
    self.init(
      name: name, segment: try reader.number("segment", unit: "ohm"),
      lineEnd: try reader.number("line_end", unit: "ohm"),
      tile: Int(try reader.number("tile", unit: "1")))
    guard tile >= 1 else {
      throw reader.section.failure("tile.value", "a tile has at least one line")
    }
  }
}
