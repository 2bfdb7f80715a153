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
  /// Σ of programmed conductance per bit line of every row of tiles, for half-select energy.
  let lineConductance: Storage<Double>
  /// The same per word line of every column of tiles, over all devices that share the tile.
  let wordLineConductance: Storage<Double>
  /// The same per tile.
  let tileConductance: Storage<Double>
  private let records: PairRecords

  /// Devices with frozen variation, all in one state.
  ///
  /// - Parameters:
  ///   - records: hold the devices' state and frozen variability.
  ///   - neighbour: the bank in whose tiles the devices are; nil gives them tiles of their own.
  init(
    _ layout: TileLayout, _ records: PairRecords, isPlus: Bool, state: Float,
    deviceSeed: UInt64, name: String, sharesPulseDeviation: Bool,
    besides neighbour: DeviceBank? = nil
  ) {
    let devices = layout.wordLines * layout.outputs
    func draws(_ quantity: String) -> [Float] {
      let stream = RandomStream(seed: deviceSeed, name: "\(name)/\(quantity)")
      return Normal.draws(devices, from: stream).map { Float($0) }
    }
    self.init(
      layout, records, isPlus: isPlus,
      wordLines: neighbour?.wordLineConductance ?? layout.wordLineTotals,
      tiles: neighbour?.tileConductance ?? layout.tileTotals)
    conductance.fill(state)
    readDeviation.load(draws("static"))
    setDeviation.load(draws("set"))
    resetDeviation.load(sharesPulseDeviation ? setDeviation.values : draws("reset"))
  }

  /// An ideal reference in the place of the minus devices: without variation, all in one state.
  init(idealReference state: Float, _ layout: TileLayout, _ records: PairRecords) {
    self.init(
      layout, records, isPlus: false, wordLines: layout.wordLineTotals, tiles: layout.tileTotals)
    conductance.fill(state)
  }

  private init(
    _ layout: TileLayout, _ records: PairRecords, isPlus: Bool, wordLines: Storage<Double>,
    tiles: Storage<Double>
  ) {
    self.records = records
    conductance = records.conductance(isPlus: isPlus)
    readDeviation = records.readDeviation(isPlus: isPlus)
    setDeviation = records.setDeviation(isPlus: isPlus)
    resetDeviation = records.resetDeviation(isPlus: isPlus)
    lineConductance = layout.bitLineTotals
    wordLineConductance = wordLines
    tileConductance = tiles
  }

  /// Adds a device's conductance, or what it changes by, to the totals of its lines and its tile.
  func addToLines(_ siemens: Double, row: Int, column: Int, _ layout: TileLayout) {
    lineConductance[layout.bitLine(column, tileRow: row / layout.tileRows)] += siemens
    wordLineConductance[layout.wordLine(row, tileColumn: column / layout.tileOutputs)] += siemens
    tileConductance[layout.tile(row: row, column: column)] += siemens
  }

  /// Whether this is the bank of the same devices.
  func isSame(as bank: DeviceBank) -> Bool { conductance.base == bank.conductance.base }
}

extension TileLayout {
  fileprivate var bitLineTotals: Storage<Double> {
    Storage(count: rowsOfTiles * outputs, repeating: 0)
  }

  fileprivate var wordLineTotals: Storage<Double> {
    Storage(count: columnsOfTiles * wordLines, repeating: 0)
  }

  fileprivate var tileTotals: Storage<Double> {
    Storage(count: rowsOfTiles * columnsOfTiles, repeating: 0)
  }
}
