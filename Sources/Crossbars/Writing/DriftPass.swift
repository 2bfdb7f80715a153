import Devices
import Mathematics

/// Applies pending exposures to the devices of a block of columns, tile by tile.
///
/// One pass: a pair's devices drift, and its coefficients and the totals of its lines follow by what
/// changed. A block owns its bit lines; what concerns word lines is left in records that the array
/// adds up in block order. Holds addresses, like ``Pulser``. Sound: the array, which made
/// the pass and owns all storage, waits in the same function until it is done.
struct DriftPass: @unchecked Sendable {
  private let layout: TileLayout
  private let exposures: ExposureRecords
  private let tables: DisturbTables
  private let plus: Devices
  /// The minus devices where they share the tiles; nil where nothing exposes them.
  private let minus: Devices?
  private let refresher: CoefficientRefresher
  private let terms: Int
  private let rowChanges: UnsafeMutablePointer<Double>
  private let lineChanges: UnsafeMutablePointer<Double>

  /// The devices of one polarity.
  private struct Devices {
    let conductance: Lane<Float>
    let setDeviation: Lane<Float>
    let resetDeviation: Lane<Float>
    /// Fraction of the scheme's voltage that wires leave; see ``WireGains``.
    let voltageRatios: VoltageRatios?
    let isFixed: UnsafeMutablePointer<UInt8>?
    let ownSets: Lane<UInt16>
    let ownResets: Lane<UInt16>
    let lineSets: UnsafeMutablePointer<Int32>
    let lineResets: UnsafeMutablePointer<Int32>
    let lineConductance: UnsafeMutablePointer<Double>

    init(_ crossbar: Crossbar, _ bank: DeviceBank, _ own: ExposureRecords.Bank) {
      conductance = bank.conductance
      setDeviation = bank.setDeviation
      resetDeviation = bank.resetDeviation
      voltageRatios = crossbar.gains(of: bank).map {
        VoltageRatios(
          sameWordLine: $0.sameWordLine, sameBitLine: $0.sameBitLine, unselected: $0.unselected)
      }
      isFixed = crossbar.nonIdealities(of: bank)?.isFixed.base
      (ownSets, ownResets) = (own.ownSets, own.ownResets)
      (lineSets, lineResets) = (own.lineSets.base, own.lineResets.base)
      lineConductance = bank.bitLines.conductance.base
    }
  }

  private struct VoltageRatios {
    let sameWordLine: Lane<Float>
    let sameBitLine: Lane<Float>
    let unselected: Lane<Float>
  }

  /// - Parameters:
  ///   - rowChanges: per block, word line and basis function; what its coefficients' sums change by.
  ///   - lineChanges: per block and word line; what its conductance changes by.
  init(
    _ crossbar: Crossbar, _ exposures: ExposureRecords, _ tables: DisturbTables,
    rowChanges: Storage<Double>, lineChanges: Storage<Double>
  ) {
    layout = crossbar.layout
    self.exposures = exposures
    self.tables = tables
    plus = Devices(crossbar, crossbar.plus, exposures.plus)
    minus =
      crossbar.technology.conditions.pairing.sharesTiles
      ? Devices(crossbar, crossbar.minus, exposures.minus) : nil
    refresher = CoefficientRefresher(crossbar)
    terms = crossbar.basis.count
    self.rowChanges = rowChanges.base
    self.lineChanges = lineChanges.base
  }

  /// Moves the devices of a block of columns, within a column of tiles, on the word lines of a tile and
  /// returns Σ|ΔG|.
  func run(block: Int, columns: Range<Int>, tileRow: Int) -> Double {
    let tileColumn = columns.lowerBound / layout.tileOutputs
    let tile = tileRow * layout.columnsOfTiles + tileColumn
    let rowChanges = rowChanges + block * layout.wordLines * terms
    let lineChanges = lineChanges + block * layout.wordLines
    let phases = (sets: exposures.tileSets[tile], resets: exposures.tileResets[tile])
    guard phases.sets > 0 || phases.resets > 0 else { return 0 }
    let firstLine = layout.bitLine(0, tileRow: tileRow)
    var moved = 0.0
    for row in layout.rows(of: tileRow) {
      let word = layout.wordLine(row, tileColumn: tileColumn)
      let sets = (all: phases.sets, onRow: exposures.rowSets[word])
      let resets = (all: phases.resets, onRow: exposures.rowResets[word])
      var changed = 0.0
      for column in columns {
        let pair = row &* layout.outputs &+ column
        for devices in [plus, minus] {
          guard let devices else { continue }
          let change = drift(
            devices, pair, line: firstLine &+ column, sets: sets, resets: resets)
          devices.lineConductance[firstLine &+ column] += change
          changed += change
          moved += abs(change)
        }
      }
      lineChanges[row] += changed
      refresher.refresh(row: row, columns: columns, rowChanges: rowChanges + row &* terms)
    }
    return moved
  }

  /// Phases in which only a device's word line was selected, only its bit line, and neither.
  private struct Exposure {
    let sameWordLine: Float
    let sameBitLine: Float
    let unselected: Float

    @inline(__always)
    init(_ phases: (all: Int32, onRow: Int32), _ onColumn: Int32, _ own: UInt16) {
      let own = Int32(own)
      sameWordLine = Float(phases.onRow &- own)
      sameBitLine = Float(onColumn &- own)
      unselected = Float(phases.all &- phases.onRow &- onColumn &+ own)
    }
  }

  /// Moves a device and returns the change in siemens.
  @inline(__always)
  private func drift(
    _ devices: Devices, _ pair: Int, line: Int, sets: (all: Int32, onRow: Int32),
    resets: (all: Int32, onRow: Int32)
  ) -> Double {
    if let isFixed = devices.isFixed, isFixed[pair] != 0 { return 0 }
    let set = Exposure(sets, devices.lineSets[line], devices.ownSets[pair])
    let reset = Exposure(resets, devices.lineResets[line], devices.ownResets[pair])
    let (zSet, zReset) = (devices.setDeviation[pair], devices.resetDeviation[pair])
    let before = devices.conductance[pair]
    let ratios = devices.voltageRatios
    let (onWordLine, onBitLine) = tables.lines.steps(
      at: before,
      voltageRatios: (ratios?.sameWordLine[pair] ?? 1, ratios?.sameBitLine[pair] ?? 1))
    @inline(__always)
    func step(_ mean: Float, _ spread: Float, _ z: Float) -> Float {
      let factor = 1 + z * spread
      return mean * (factor < 0 ? 0 : factor)
    }
    var change =
      step(onWordLine[0], onWordLine[1], zSet) * set.sameWordLine
      + step(onBitLine[0], onBitLine[1], zSet) * set.sameBitLine
      + step(onWordLine[2], onWordLine[3], zReset) * reset.sameWordLine
      + step(onBitLine[2], onBitLine[3], zReset) * reset.sameBitLine
    if let opposite = tables.opposite {
      // The opposite of a SET pulse resets, and the reverse.
      let steps = opposite.steps(at: before, voltageRatios: (ratios?.unselected[pair] ?? 1, 1)).0
      change += step(steps[0], steps[1], zReset) * set.unselected
      change += step(steps[2], steps[3], zSet) * reset.unselected
    }
    let bounds = tables.lines.bounds
    let after = min(max(before + change, bounds.lowerBound), bounds.upperBound)
    devices.conductance[pair] = after
    return Double(after) - Double(before)
  }
}
