import Mathematics

/// The devices of one polarity: what each is by nature and the state it is in.
///
/// Natures are standard normal numbers drawn once by inversion from the device seed, one position
/// per device, then frozen: a chip is the same whatever is done with it.
struct DeviceBank: Sendable {
  /// Programmed conductance in siemens, row-major by word line.
  let conductance: Storage<Float>
  /// Deviation of the static characteristic, z_s (Nili 2020, Table I).
  let readDeviation: Storage<Float>
  /// Deviation of the answer to SET pulses, z_d; the same storage as `resetDeviation` when shared.
  let setDeviation: Storage<Float>
  let resetDeviation: Storage<Float>
  /// Σ of programmed conductance per bit line of every row of tiles, for half-select energy.
  let lineConductance: Storage<Double>
  /// The same per word line of every column of tiles, over all devices that share the tile.
  let wordLineConductance: Storage<Double>
  /// The same per tile.
  let tileConductance: Storage<Double>

  /// Devices with frozen variation, all in one state.
  ///
  /// - Parameter neighbour: the bank in whose tiles the devices are; nil gives them tiles of their own.
  init(
    _ layout: TileLayout, state: Float, deviceSeed: UInt64, name: String,
    sharesPulseDeviation: Bool, besides neighbour: DeviceBank? = nil
  ) {
    let devices = layout.wordLines * layout.outputs
    func draws(_ quantity: String) -> Storage<Float> {
      let stream = RandomStream(seed: deviceSeed, name: "\(name)/\(quantity)")
      return Storage(Normal.draws(devices, from: stream).map { Float($0) })
    }
    conductance = Storage(count: devices, repeating: state)
    readDeviation = draws("static")
    setDeviation = draws("set")
    resetDeviation = sharesPulseDeviation ? setDeviation : draws("reset")
    lineConductance = layout.bitLineTotals
    wordLineConductance = neighbour?.wordLineConductance ?? layout.wordLineTotals
    tileConductance = neighbour?.tileConductance ?? layout.tileTotals
  }

  /// An ideal reference: devices without variation, all in one state.
  init(idealReference state: Float, _ layout: TileLayout) {
    let devices = layout.wordLines * layout.outputs
    conductance = Storage(count: devices, repeating: state)
    readDeviation = Storage(count: devices, repeating: 0)
    setDeviation = readDeviation
    resetDeviation = readDeviation
    lineConductance = layout.bitLineTotals
    wordLineConductance = layout.wordLineTotals
    tileConductance = layout.tileTotals
  }

  /// Adds a device's conductance, or what it changes by, to the totals of its lines and its tile.
  func addToLines(_ siemens: Double, row: Int, column: Int, _ layout: TileLayout) {
    lineConductance[layout.bitLine(column, tileRow: row / layout.tileRows)] += siemens
    wordLineConductance[layout.wordLine(row, tileColumn: column / layout.tileOutputs)] += siemens
    tileConductance[layout.tile(row: row, column: column)] += siemens
  }

  /// Sets all totals to zero.
  func clearLines() {
    lineConductance.fill(0)
    wordLineConductance.fill(0)
    tileConductance.fill(0)
  }
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
