import ArrayOperations
import Devices
import Mathematics

/// What one write phase did in one tile; conductances in siemens.
struct PhaseRecord: BitwiseCopyable, Sendable {
  /// Devices that got a full pulse, and those of them whose conductance changed.
  var selected = 0
  var changed = 0
  /// Selected devices that saw less than the calibrated amplitude.
  var weak = 0
  /// ∑ G of selected devices at the start of the phase.
  var selectedConductance = 0.0
  /// ∑ r · G of selected devices, with the fraction r of the amplitude that reaches each.
  var load = 0.0
  /// ∑ r · G of the other devices on selected lines; see ``LineTotals``.
  var lineLoad = 0.0
  /// ∑ of the changes made.
  var change = 0.0

  static func += (left: inout PhaseRecord, right: PhaseRecord) {
    left.selected += right.selected
    left.changed += right.changed
    left.weak += right.weak
    left.selectedConductance += right.selectedConductance
    left.load += right.load
    left.lineLoad += right.lineLoad
    left.change += right.change
  }
}

/// The engine that every way of writing goes through.
///
/// A write is a sequence of phases: word and bit lines of a tile are selected together and the devices
/// where they cross get pulses of one amplitude at the drivers. Of that amplitude a device sees the
/// fraction ``WireGains/selected``. ``WriteScheme/energy(selected:halfSelected:squareSeconds:)`` says what
/// the phase costs; for half-selected devices line totals stand, weighted with what wires left of a
/// half-select voltage when the tile was last solved. Several devices selected on one line lower each
/// other's voltage, which is left out.
extension Crossbar {
  /// Books energy and counts of a phase of one tile and follows with the tile's total.
  ///
  /// - Parameters:
  ///   - pulse: with the amplitude at the drivers.
  ///   - widths: pulse widths that the phase lasts.
  ///   - lines: word and bit lines that the phase selects.
  ///   - bank: one of the banks whose devices are in the tile.
  func book(
    _ phase: PhaseRecord, _ pulse: Pulse, widths: Int = 1, lines: (word: Int, bit: Int), tile: Int,
    of bank: DeviceBank, in ledger: inout EnergyLedger
  ) {
    let scheme = technology.conditions.scheme
    let energy = scheme.energy(
      selected: phase.load,
      halfSelected: phase.lineLoad
        + bank.tiles.load(at: tile, excluding: phase.selectedConductance),
      squareSeconds: pulse.voltage * pulse.voltage * pulse.width * Double(widths))
    ledger.programSelected += energy.selected
    ledger.programHalf += energy.halfSelected
    ledger.pulses += widths * phase.selected
    ledger.writes += phase.changed
    ledger.weakPulses += widths * phase.weak
    ledger.halfSelections +=
      widths
      * scheme.halfSelections(
        selectedLines: lines, lines: physicalLines(ofTile: tile), selected: phase.selected)
    bank.tiles.conductance[tile] += phase.change
  }

  /// Word lines and bit lines of a tile.
  func physicalLines(ofTile tile: Int) -> (word: Int, bit: Int) {
    (
      layout.rows(of: tile / layout.columnsOfTiles).count,
      layout.outputs(of: tile % layout.columnsOfTiles).count * physicalColumns / outputs
    )
  }

  /// Writes one device in a phase of its own; the caller books the time.
  ///
  /// - Parameters:
  ///   - after: the conductance in siemens that the write leaves.
  ///   - pulse: with the amplitude at the drivers.
  ///   - widths: pulse widths that the write takes.
  func write(
    _ bank: DeviceBank, _ device: Int, to after: Float, _ pulse: Pulse, widths: Int = 1,
    in ledger: inout EnergyLedger
  ) {
    let (row, column) = (device / outputs, device % outputs)
    let word = layout.wordLine(row, tileColumn: column / layout.tileOutputs)
    let bit = layout.bitLine(column, tileRow: row / layout.tileRows)
    let before = bank.conductance[device]
    let ratio = voltageRatio(of: bank, device)
    var phase = PhaseRecord()
    phase.selected = 1
    phase.changed = after != before ? 1 : 0
    phase.weak = abs(pulse.voltage) * Double(ratio) < leastAmplitude(isSet: pulse.isSet) ? 1 : 0
    phase.selectedConductance = Double(before)
    phase.load = Double(ratio) * Double(before)
    phase.lineLoad =
      bank.wordLines.load(at: word, excluding: Double(before))
      + bank.bitLines.load(at: bit, excluding: Double(before))
    phase.change = Double(after) - Double(before)
    book(
      phase, pulse, widths: widths, lines: (1, 1), tile: layout.tile(row: row, column: column),
      of: bank, in: &ledger)
    bank.conductance[device] = after
    bank.wordLines.conductance[word] += phase.change
    bank.bitLines.conductance[bit] += phase.change
  }

  /// One plus the relative deviation of a pulse from the mean of its device's.
  func cycleFactor(at element: Int, substream: UInt64) -> Float {
    let deviation = Float(technology.device.variation.cycleToCycle)
    return deviation > 0
      ? 1 + deviation * cycleNoise.gaussian(at: element, substream: substream) : 1
  }

  /// The fraction of a driver's amplitude that wires leave across a selected device.
  func voltageRatio(of bank: DeviceBank, _ device: Int) -> Float {
    gains(of: bank)?.selected[device] ?? 1
  }

  /// The same for a pair's plus or minus device.
  package func arrivingFraction(_ pair: Int, isPlus: Bool) -> Double {
    Double(voltageRatio(of: isPlus ? plus : minus, pair))
  }

  /// The smallest calibrated magnitude of a pulse's amplitude, in volts.
  func leastAmplitude(isSet: Bool) -> Double {
    let limits = technology.device.limits
    return isSet ? limits.setVoltage.lowerBound : -limits.resetVoltage.upperBound
  }
}
