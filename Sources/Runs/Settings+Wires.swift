import Calibration
import Crossbars
import Failures
import Files
import Networks
import Reports

/// Settings of the wires between devices.
extension Setting {
  /// Word for arrays in one piece with ideal wires.
  private static let off = "off"
  /// Word for tiles with ideal wires.
  private static let ideal = "ideal"
  private static let idealTile = 32

  static let wires: [Setting] = [
    Setting(
      section: "wires", key: "set",
      summary: "off (one array per layer, no wires), ideal (tiles, 0 ohm), or a set of the"
        + " calibration, whose [operation] names the default",
      read: { configuration, table, key throws(Failure) in
        guard let name = try table.optionalString(key) else { return }
        configuration.plan.program.wires = try wires(
          name, among: configuration.wireSets, table, key)
      }, value: { .text($0.plan.program.wires?.name ?? off) }
    ).option(
      "wires", "NAME|off|ideal",
      help: "Wires of the arrays: a set of the calibration, ideal tiles, or none."),
    wire("segment_ohm", \.segment, in: 0...1e9, "between neighbouring crosspoints of a line"),
    wire("line_end_ohm", \.lineEnd, in: 0...1e12, "contacts at a line's end"),
    wire("source_ohm", \.source, in: 0...1e12, "a driver's output, in series with the contacts"),
    wire("sense_ohm", \.sense, in: 0...1e12, "a sense amplifier's input, likewise"),
    Setting(
      section: "wires", key: "compensates", kind: .flag,
      summary: "drivers and sense amplifiers make up for what wires take at a tile's median device",
      read: { configuration, table, key throws(Failure) in
        guard let compensates = try table.optionalBoolean(key) else { return }
        configuration.plan.program.wires?.compensates = compensates
      }, value: { $0.plan.program.wires.map { .boolean($0.compensates) } }),
    Setting(
      section: "wires", key: "tile", kind: .integer, values: span(1...4096),
      summary: "word lines and bit lines of a tile at most",
      read: { configuration, table, key throws(Failure) in
        guard let size = try table.optionalInteger(key, in: 1...4096) else { return }
        configuration.plan.program.wires?.size = size
      }, value: { $0.plan.program.wires.map { .integer($0.size) } }),
  ]

  private static func wires(
    _ name: String, among sets: [WireSet], _ table: TOMLSection, _ key: String
  ) throws(Failure) -> TileWires? {
    if name == off { return nil }
    if name == ideal {
      return TileWires(name: ideal, segment: 0, lineEnd: 0, size: idealTile)
    }
    guard let set = sets.first(where: { $0.name == name }) else {
      let known = ([off, ideal] + sets.map(\.name)).joined(separator: ", ")
      throw table.failure(key, "\"\(name)\" is not known", remedy: "use one of: \(known)")
    }
    return TileWires(set)
  }

  private static func wire(
    _ key: String, _ path: any WritableKeyPath<TileWires, Double> & Sendable,
    in range: ClosedRange<Double>, _ summary: String
  ) -> Setting {
    Setting(
      section: "wires", key: key, kind: .number, values: span(range), summary: summary,
      read: { configuration, table, key throws(Failure) in
        guard let value = try table.optionalNumber(key, in: range) else { return }
        configuration.plan.program.wires?[keyPath: path] = value
      }, value: { $0.plan.program.wires.map { .number($0[keyPath: path]) } })
  }
}

extension TileWires {
  /// The wires of a calibration's set.
  init(_ set: WireSet) {
    self.init(name: set.name, segment: set.segment, lineEnd: set.lineEnd, size: set.tile)
    source = set.source
    sense = set.sense
  }
}
