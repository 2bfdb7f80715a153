/// What training writes, and how often: the constants behind a table of update configurations.
///
/// The formulas are those of the AM-DCGAN poster's Table II, recovered from its numbers. With n
/// devices written at once and m slots per update,
///
///     P = n · V² / R,   T = m · updates · t,   E = P · T.
package struct UpdateTask: Equatable, Sendable {
  /// Devices of all arrays.
  package var devices: Double
  /// Arrays that are trained.
  package var layers: Int
  /// Devices of the largest array.
  package var largestLayer: Double
  /// Bit lines of all arrays together.
  package var columns: Double
  /// Devices on the longest bit line.
  package var longestColumn: Double
  /// Updates of the whole training.
  package var updates: Double
  /// Images per update.
  package var batch: Int
  /// Share of the devices that an update writes, on the average.
  package var writtenShare = 1.0
  /// Volts of a write.
  package var voltage: Double
  /// Ohms of a device fully on, where a write draws most.
  package var onResistance: Double
  /// Ohms of a device fully off.
  package var offResistance: Double
  /// Durations of a write in seconds that the table has a column for.
  package var widths = [10e-9, 100e-9, 1000e-9]

  /// The poster's own case: 50 epochs of 60,000 images, an update per image, 1 V, 4 and 25 kΩ.
  ///
  /// Its weights, layers and columns are printed or follow from printed numbers; its largest layer is
  /// the generator's dense one with bias, 101 × 6272. The 1952 columns of 785 devices are fewer than
  /// the 1.7 million weights that the other rows are made from: the poster counts differently by row.
  package static let poster = UpdateTask(
    devices: 1.7e6, layers: 6, largestLayer: 101 * 6272, columns: 1952, longestColumn: 785,
    updates: 50 * 60_000, batch: 1, voltage: 1, onResistance: 4e3, offResistance: 25e3)

  /// A task of given numbers, in SI units.
  package init(
    devices: Double, layers: Int, largestLayer: Double, columns: Double, longestColumn: Double,
    updates: Double, batch: Int, voltage: Double, onResistance: Double, offResistance: Double
  ) {
    self.devices = devices
    self.layers = layers
    self.largestLayer = largestLayer
    self.columns = columns
    self.longestColumn = longestColumn
    self.updates = updates
    self.batch = batch
    self.voltage = voltage
    self.onResistance = onResistance
    self.offResistance = offResistance
  }
}

/// Which devices are written at the same time.
package enum UpdateScheme: String, Sendable, CaseIterable {
  /// One device of every layer at a time, all layers in parallel.
  case sequential
  /// One device of every column at a time, all columns of all layers in parallel.
  case columnParallel = "column-parallel"
  /// A quarter of a layer at a time, layers one after another.
  case fourCycles = "four-cycles"
  /// Half a layer at a time, SET then RESET, layers one after another.
  case twoCycles = "two-cycles"
}

/// One row of the table, SI units.
package struct UpdateCost: Equatable, Sendable {
  /// Which devices are written at the same time.
  package var scheme: UpdateScheme
  /// Devices written at once, n; of the mean layer where layers take turns.
  package var devicesAtOnce: Double
  /// Slots of one write each per update, m.
  package var slots: Double
  /// Watts while writing, all written devices on and all off.
  package var power: (on: Double, off: Double)
  /// Watts, all on, while the largest layer is written: what the supply must deliver.
  package var peakPower: Double
  /// Seconds of the whole training per write duration of the task.
  package var times: [Double]
  /// Joules of the whole training per write duration, all devices on and all off.
  package var energies: [(on: Double, off: Double)]
  /// Watts that half-selected devices add at most, every other device of the arrays in use on and
  /// at V/2.
  package var halfSelectedPower: Double

  package static func == (left: Self, right: Self) -> Bool {
    left.scheme == right.scheme && left.devicesAtOnce == right.devicesAtOnce
      && left.slots == right.slots && left.power == right.power && left.times == right.times
      && left.peakPower == right.peakPower && left.halfSelectedPower == right.halfSelectedPower
  }
}

extension UpdateTask {
  /// Times that a device is written in the training.
  package var writesPerDevice: Double { updates * writtenShare }

  /// All four configurations.
  package var costs: [UpdateCost] { UpdateScheme.allCases.map(cost) }

  /// What one configuration costs.
  package func cost(_ scheme: UpdateScheme) -> UpdateCost {
    let layerCount = Double(layers)
    let meanLayer = devices / layerCount
    let (atOnce, slots, peak, active): (Double, Double, Double, Double) =
      switch scheme {
      case .sequential: (layerCount, largestLayer, layerCount, devices)
      case .columnParallel: (columns, longestColumn, columns, devices)
      case .fourCycles: (meanLayer / 4, 4 * layerCount, largestLayer / 4, meanLayer)
      case .twoCycles: (meanLayer / 2, 2 * layerCount, largestLayer / 2, meanLayer)
      }
    let perDevice = (
      on: voltage * voltage / onResistance, off: voltage * voltage / offResistance
    )
    let power = (on: atOnce * perDevice.on, off: atOnce * perDevice.off)
    let times = widths.map { slots * updates * $0 }
    return UpdateCost(
      scheme: scheme, devicesAtOnce: atOnce, slots: slots, power: power,
      peakPower: peak * perDevice.on, times: times,
      energies: times.map { (on: power.on * $0, off: power.off * $0) },
      halfSelectedPower: max(0, active - atOnce) * perDevice.on / 4)
  }
}
