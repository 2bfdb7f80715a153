package import Failures
package import Files

/// What single components cost, from a file of component values; SI units.
package struct ComponentValues: Equatable, Sendable {
  /// Power and area of one component.
  package struct Value: Equatable, Sendable {
    /// Watts.
    package var power: Double
    /// Square metres.
    package var area: Double
    /// Where the numbers come from.
    package var source: String
  }

  /// Values by component.
  package var values: [Component: Value]
  /// Area of a cell of a passive array in square metres.
  package var passiveCell: Double
  /// Area of a cell with its transistor in square metres.
  package var transistorCell: Double
  /// Writes that a device endures.
  package var endurance: Double

  /// Reads a file such as `calibration/hardware/am-dcgan.toml`.
  ///
  /// - Throws: ``Failure`` of kind `badData` naming file and key, `noInput` for a missing file.
  package init(_ document: TOMLDocument) throws(Failure) {
    let components = try document.root.section("components")
    values = [:]
    for component in Component.allCases where component.hasCircuit {
      let section = try components.section(component.rawValue)
      values[component] = Value(
        power: try section.number("power_mW", in: 0...1e9) * 1e-3,
        area: try section.number("area_um2", in: 0...1e12) * 1e-12,
        source: try section.string("source"))
    }
    let cells = try document.root.section("cells")
    passiveCell = try cells.number("passive_um2", in: 1e-9...1e9) * 1e-12
    transistorCell = try cells.number("one_transistor_um2", in: 1e-9...1e9) * 1e-12
    _ = try cells.string("source")
    let wear = try document.root.section("endurance")
    endurance = try wear.number("writes", in: 1...1e18)
    _ = try wear.string("source")
    try document.finish()
  }
}

/// A kind of component.
package enum Component: String, Sendable, CaseIterable {
  /// Connects a word or bit line to its driver.
  case crossbarSwitch = "crossbar_switch"
  /// Turns a column's current, of a pair the difference of two, into a voltage.
  case operationalAmplifier = "operational_amplifier"
  /// A rectifier that clips at the supply.
  case rectifier
  /// Decides on the discriminator's output.
  case threshold
  /// Disconnects a line behind a hidden layer.
  case dropoutSwitch = "dropout_switch"
  /// Averages a square of pixels: devices and an amplifier, which is counted with the amplifiers.
  case pooling

  /// Whether the component is a circuit of its own and not made of others.
  var hasCircuit: Bool { self != .pooling }
}
