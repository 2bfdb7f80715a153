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

  /// Devices with frozen variation, all in one state.
  init(
    _ layout: TileLayout, state: Float, deviceSeed: UInt64, name: String,
    sharesPulseDeviation: Bool
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
    lineConductance = Storage(count: layout.rowsOfTiles * layout.outputs, repeating: 0)
  }

  /// An ideal reference: devices without variation, all in one state.
  init(idealReference state: Float, _ layout: TileLayout) {
    let devices = layout.wordLines * layout.outputs
    conductance = Storage(count: devices, repeating: state)
    readDeviation = Storage(count: devices, repeating: 0)
    setDeviation = readDeviation
    resetDeviation = readDeviation
    lineConductance = Storage(count: layout.rowsOfTiles * layout.outputs, repeating: 0)
  }
}
