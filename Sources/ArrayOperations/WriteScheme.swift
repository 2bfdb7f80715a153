/// What lines that are not selected are held at while devices are written.
package enum WriteScheme: String, Sendable, CaseIterable {
  /// V/2: devices on one selected line see half the amplitude, all others nothing.
  case half
  /// V/3: every other device of the tile sees a third of the amplitude, those on no selected line
  /// with the opposite sign.
  case third

  /// Fraction of the amplitude across devices on exactly one selected line.
  package var halfSelectRatio: Double { self == .half ? 1.0 / 2 : 1.0 / 3 }

  /// Fraction of the amplitude across devices on no selected line, with its sign.
  package var unselectedRatio: Double { self == .half ? 0 : -1.0 / 3 }

  /// Energies in joules that drivers supply in a write phase to the devices that it selects and to the
  /// others: the one rule for every way of writing.
  ///
  /// Let U be the difference of the potentials that drive the two lines of a device, and r·U what of it
  /// wires leave across the device. All current I of a device enters and leaves through the terminals of
  /// its two lines, so that the drivers supply exactly ∑ U·I over all devices; for devices of
  /// conductance G that is t · ∑ U² · r · G, what wires dissipate included. U is the amplitude V across
  /// selected devices and ``halfSelectRatio`` · V or ``unselectedRatio`` · V across others.
  ///
  /// - Parameters:
  ///   - selected: ∑ r · G in siemens over the selected devices.
  ///   - halfSelected: the same over devices on exactly one selected line and, under V/3, over those on
  ///     none.
  ///   - squareSeconds: V² · t of the phase, with the amplitude V at the drivers.
  package func energy(
    selected: Double, halfSelected: Double, squareSeconds: Double
  ) -> (selected: Double, halfSelected: Double) {
    (squareSeconds * selected, squareSeconds * (halfSelected / (self == .half ? 4 : 9)))
  }

  /// Devices of a tile that a phase exposes to a half-select voltage.
  ///
  /// - Parameters:
  ///   - selectedLines: word and bit lines that the phase selects.
  ///   - lines: word and bit lines of the tile.
  ///   - selected: devices that are selected, at most one per pair of selected lines.
  package func halfSelections(
    selectedLines: (word: Int, bit: Int), lines: (word: Int, bit: Int), selected: Int
  ) -> Int {
    self == .half
      ? selectedLines.word * lines.bit + selectedLines.bit * lines.word - 2 * selected
      : lines.word * lines.bit - selected
  }
}
