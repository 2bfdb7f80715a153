import ArrayOperations
import Devices
import Mathematics

/// The devices of one polarity: the frozen variability and the state of each.
///
/// Frozen variability is standard normal numbers drawn once by inversion from the device seed, one position
/// per device, then frozen: a chip is the same whatever is done with it.
struct DeviceBank: Sendable {
  /// Programmed conductance in siemens, row-major by word line.
  let conductance: Lane<Float>
  /// Deviation of the static characteristic, z_s (Nili 2020, Table I).
  let readDeviation: Lane<Float>
  /// Deviation of the answer to SET pulses, z_d; equal to `resetDeviation` when shared.
  let setDeviation: Lane<Float>
  let resetDeviation: Lane<Float>
  /// Per bit line of every row of tiles.
  let bitLines: LineTotals
  /// Per word line of every column of tiles, over all devices that share the tile.
  let wordLines: LineTotals
  /// Per tile, likewise.
  let tiles: LineTotals
  private let records: PairRecords

  /// Devices with frozen variation, all in one state.
  ///
  /// - Parameters:
  ///   - records: hold the devices' state and frozen variability.
  ///   - neighbour: the bank in whose tiles the devices are; nil gives them tiles of their own.
  init(
    _ layout: TileLayout, _ records: PairRecords, isPlus: Bool, state: Float, scheme: WriteScheme,
    deviceSeed: UInt64, name: String, sharesPulseDeviation: Bool,
    besides neighbour: DeviceBank? = nil
  ) {
    let devices = layout.wordLines * layout.outputs
    func draws(_ quantity: String) -> [Float] {
      let stream = RandomStream(seed: deviceSeed, name: "\(name)/\(quantity)")
      return Normal.draws(devices, from: stream).map { Float($0) }
    }
    self.init(layout, records, isPlus: isPlus, scheme: scheme, besides: neighbour)
    conductance.fill(state)
    readDeviation.load(draws("static"))
    setDeviation.load(draws("set"))
    resetDeviation.load(sharesPulseDeviation ? setDeviation.values : draws("reset"))
  }

  /// An ideal reference in the place of the minus devices: without variation, all in one state.
  init(
    idealReference state: Float, _ layout: TileLayout, _ records: PairRecords, scheme: WriteScheme
  ) {
    self.init(layout, records, isPlus: false, scheme: scheme, besides: nil)
    conductance.fill(state)
  }

  private init(
    _ layout: TileLayout, _ records: PairRecords, isPlus: Bool, scheme: WriteScheme,
    besides neighbour: DeviceBank?
  ) {
    self.records = records
    conductance = records.conductance(isPlus: isPlus)
    readDeviation = records.readDeviation(isPlus: isPlus)
    setDeviation = records.setDeviation(isPlus: isPlus)
    resetDeviation = records.resetDeviation(isPlus: isPlus)
    let ideal = HalfSelectRatios(scheme)
    bitLines = LineTotals(
      count: layout.rowsOfTiles * layout.outputs, halfSelectRatio: ideal.bitLine)
    wordLines =
      neighbour?.wordLines
      ?? LineTotals(
        count: layout.columnsOfTiles * layout.wordLines, halfSelectRatio: ideal.wordLine)
    tiles =
      neighbour?.tiles
      ?? LineTotals(
        count: layout.rowsOfTiles * layout.columnsOfTiles, halfSelectRatio: ideal.tile)
  }

  /// Whether this is the bank of the same devices.
  func isSame(as bank: DeviceBank) -> Bool { conductance.base == bank.conductance.base }
}
