import Devices
import Mathematics

/// Applies pending exposures to the devices of one polarity, word line by word line.
///
/// Holds addresses where a device is concerned, like ``Pulser``. Sound: the array, which made the pass and owns
/// all storage, waits in the same function until it is done, and a word line is visited by one thread.
struct DriftPass: @unchecked Sendable {
  private let conductance: Lane<Float>
  private let setDeviation: Lane<Float>
  private let resetDeviation: Lane<Float>
  private let own: ExposureRecords.Bank
  private let voltageRatios: VoltageRatios?
  private let layout: TileLayout
  private let exposures: ExposureRecords
  private let tables: DisturbTables

  /// Fraction of the scheme's voltage that wires leave; see ``WireGains``.
  private struct VoltageRatios {
    let sameWordLine: Lane<Float>
    let sameBitLine: Lane<Float>
    let unselected: Lane<Float>
  }

  init(
    _ bank: DeviceBank, _ own: ExposureRecords.Bank, _ gains: WireGains?, _ crossbar: Crossbar,
    _ exposures: ExposureRecords, _ tables: DisturbTables
  ) {
    conductance = bank.conductance
    setDeviation = bank.setDeviation
    resetDeviation = bank.resetDeviation
    self.own = own
    voltageRatios = gains.map {
      VoltageRatios(
        sameWordLine: $0.sameWordLine, sameBitLine: $0.sameBitLine, unselected: $0.unselected)
    }
    layout = crossbar.layout
    self.exposures = exposures
    self.tables = tables
  }

  /// Moves the devices of a word line and returns Σ|ΔG|.
  func run(row: Int) -> Double {
    let tileRow = row / layout.tileRows
    var moved = 0.0
    for tileColumn in 0..<layout.columnsOfTiles {
      let tile = tileRow * layout.columnsOfTiles + tileColumn
      let word = layout.wordLine(row, tileColumn: tileColumn)
      let sets = (all: exposures.tileSets[tile], onRow: exposures.rowSets[word])
      let resets = (all: exposures.tileResets[tile], onRow: exposures.rowResets[word])
      guard sets.all > 0 || resets.all > 0 else { continue }
      for column in layout.outputs(of: tileColumn) {
        let device = row * layout.outputs + column
        let line = layout.bitLine(column, tileRow: tileRow)
        let set = Exposure(sets, own.lineSets[line], own.ownSets[device])
        let reset = Exposure(resets, own.lineResets[line], own.ownResets[device])
        let before = conductance[device]
        let after = drifted(before, device, set: set, reset: reset)
        conductance[device] = after
        moved += abs(Double(after) - Double(before))
      }
    }
    return moved
  }

  /// Phases in which only a device's word line was selected, only its bit line, and neither.
  private struct Exposure {
    let sameWordLine: Float
    let sameBitLine: Float
    let unselected: Float

    init(_ phases: (all: Int32, onRow: Int32), _ onColumn: Int32, _ own: UInt16) {
      let own = Int32(own)
      sameWordLine = Float(phases.onRow - own)
      sameBitLine = Float(onColumn - own)
      unselected = Float(phases.all - phases.onRow - onColumn + own)
    }
  }

  private func drifted(
    _ conductance: Float, _ device: Int, set: Exposure, reset: Exposure
  ) -> Float {
    let (zSet, zReset) = (setDeviation[device], resetDeviation[device])
    let onWordLine = voltageRatios?.sameWordLine[device] ?? 1
    let onBitLine = voltageRatios?.sameBitLine[device] ?? 1
    var moved = conductance
    @inline(__always)
    func apply(_ family: PulseFamily, z: Float, times count: Float, voltageRatio: Float) {
      guard count > 0 else { return }
      moved = family.conductance(after: moved, z: z, cycle: count, voltageRatio: voltageRatio)
    }
    apply(tables.set, z: zSet, times: set.sameWordLine, voltageRatio: onWordLine)
    apply(tables.set, z: zSet, times: set.sameBitLine, voltageRatio: onBitLine)
    apply(tables.reset, z: zReset, times: reset.sameWordLine, voltageRatio: onWordLine)
    apply(tables.reset, z: zReset, times: reset.sameBitLine, voltageRatio: onBitLine)
    // The opposite of a SET pulse resets, and the reverse.
    if let opposite = tables.oppositeSet {
      apply(
        opposite, z: zReset, times: set.unselected,
        voltageRatio: voltageRatios?.unselected[device] ?? 1)
    }
    if let opposite = tables.oppositeReset {
      apply(
        opposite, z: zSet, times: reset.unselected,
        voltageRatio: voltageRatios?.unselected[device] ?? 1)
    }
    return moved
  }
}
