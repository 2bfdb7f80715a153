import Crossbars
import Devices
package import Failures
package import Networks

/// The arrays and circuits that a pair of networks is made of.
///
/// Counted as one instance of everything that works at the same time; what takes turns shares. A
/// convolution's positions take turns, so its column has one amplifier and one rectifier however
/// large the map; a dense layer has them per column, or once when its columns are read one after
/// another. A pair of bit lines is one column with two lines.
package struct NetworkHardware: Equatable, Sendable {
  /// One array.
  package struct Array: Equatable, Sendable {
    /// Network and place.
    package var role: LayerRole
    /// As the configuration spells it.
    package var kind: String
    /// Word lines, the bias included.
    package var wordLines: Int
    /// Bit lines with devices.
    package var bitLines: Int
    /// Reads per sample and pass.
    package var readsPerSample: Int
    /// Arrays of this kind: a pool has one per channel.
    package var copies = 1
    /// Whether the array is trained.
    package var isTrained: Bool

    /// Devices of all copies.
    package var devices: Int { copies * wordLines * bitLines }
  }

  /// All arrays, those of pools included.
  package var arrays: [Array] = []
  /// Circuits by kind.
  package var counts: [Component: Int] = [:]
  /// Weights that are trained, without biases.
  package var weights = 0
  /// What training has to write.
  package private(set) var task: UpdateTask

  /// Counts the components of a plan for a number of training images per epoch.
  ///
  /// - Throws: ``Failure`` of kind `usage` when layers do not fit each other.
  package init(_ plan: TrainingPlan, images: Int) throws(Failure) {
    let linesPerColumn = plan.program.pairing.devicesPerWeight
    var arrays: [Array] = []
    var weights = 0
    var counts = Dictionary(uniqueKeysWithValues: Component.allCases.map { ($0, 0) })
    for (role, network) in [
      (NetworkRole.generator, plan.networks.generator),
      (.discriminator, plan.networks.discriminator),
    ] {
      let layers = try network.placed(at: "networks.\(role.rawValue)")
      for (index, layer) in layers.enumerated() {
        let array = Array(
          role: LayerRole(role, index), kind: "\(layer.description)", wordLines: layer.lines + 1,
          bitLines: layer.columns * linesPerColumn, readsPerSample: layer.positions,
          copies: layer.description.isTrained ? 1 : layer.output.channels,
          isTrained: layer.description.isTrained)
        arrays.append(array)
        weights += layer.weights
        layer.count(
          into: &counts, array: array, isLast: index == layers.count - 1,
          isSerial: plan.networks.columns == .sequential)
      }
    }
    counts[.threshold] = 1
    self.arrays = arrays
    self.counts = counts
    self.weights = weights
    task = Self.task(of: arrays.filter(\.isTrained), plan, images: images)
  }

  private static func task(of arrays: [Array], _ plan: TrainingPlan, images: Int) -> UpdateTask {
    let program = plan.program
    // References are written once.
    let pulsed =
      Double(program.pairing.pulsedDevicesPerWeight) / Double(program.pairing.devicesPerWeight)
    var task = UpdateTask(
      devices: pulsed * Double(arrays.reduce(0) { $0 + $1.devices }), layers: arrays.count,
      largestLayer: pulsed * Double(arrays.map(\.devices).max() ?? 0),
      columns: pulsed * Double(arrays.reduce(0) { $0 + $1.bitLines }),
      longestColumn: Double(arrays.map(\.wordLines).max() ?? 0),
      updates: Double(plan.epochs * (images / plan.batch)), batch: plan.batch,
      voltage: max(program.setPulse.voltage, -program.resetPulse.voltage),
      onResistance: 1 / program.window.upperBound, offResistance: 1 / program.window.lowerBound)
    task.writtenShare = writtenShare(of: arrays, program)
    return task
  }

  /// Mean share of the devices that a step writes, over both networks.
  private static func writtenShare(of arrays: [Array], _ program: ProgrammingPlan) -> Double {
    let devices = arrays.reduce(0) { $0 + Double($1.devices) }
    let generators = arrays.filter { $0.role.network == .generator }
    let share = generators.reduce(0) { $0 + Double($1.devices) } / devices
    return share * min(1, program.updateProbability.mean * program.generatorUpdateRatio)
      + (1 - share) * (program.discriminatorUpdateProbability ?? program.updateProbability).mean
  }
}

extension PlacedLayer {
  /// Adds the circuits around the layer's array.
  fileprivate func count(
    into counts: inout [Component: Int], array: NetworkHardware.Array, isLast: Bool, isSerial: Bool
  ) {
    func add(_ component: Component, _ count: Int) { counts[component, default: 0] += count }
    let units: Int
    switch description.kind {
    case .meanPool:
      // An averaging array per channel: channels of a pixel arrive together.
      units = output.channels
      add(.pooling, units)
      add(.crossbarSwitch, units * (array.wordLines + array.bitLines))
      add(.operationalAmplifier, units)
    case .convolution, .transposedConvolution:
      units = output.channels
      add(.crossbarSwitch, array.wordLines + array.bitLines)
      add(.operationalAmplifier, columns)
      if !isLast { add(.rectifier, units) }
    case .dense:
      units = output.units
      add(.crossbarSwitch, array.wordLines + array.bitLines)
      add(.operationalAmplifier, isSerial ? 1 : columns)
      if !isLast { add(.rectifier, isSerial ? 1 : units) }
    }
    if description.dropout != nil { add(.dropoutSwitch, units) }
  }
}

/// Power and area of a network's hardware; watts and square metres.
package struct HardwareEstimate: Equatable, Sendable {
  /// What was counted.
  package var hardware: NetworkHardware
  /// What single components cost.
  package var values: ComponentValues

  /// The estimate of counted hardware.
  package init(_ hardware: NetworkHardware, values: ComponentValues) {
    self.hardware = hardware
    self.values = values
  }

  /// Power and area of all components of a kind.
  package func total(_ component: Component) -> (power: Double, area: Double) {
    let count = Double(hardware.counts[component] ?? 0)
    guard let value = values.values[component] else { return (0, 0) }
    return (count * value.power, count * value.area)
  }

  /// Power of all circuits at once.
  package var power: Double { Component.allCases.reduce(0) { $0 + total($1).power } }
  /// Area of all circuits, without arrays.
  package var circuitArea: Double { Component.allCases.reduce(0) { $0 + total($1).area } }
  /// Devices of all arrays.
  package var devices: Int { hardware.arrays.reduce(0) { $0 + $1.devices } }
  /// Area of the arrays as passive crossbars.
  package var passiveArea: Double { Double(devices) * values.passiveCell }
  /// Area of the same devices with a transistor each.
  package var transistorArea: Double { Double(devices) * values.transistorCell }
  /// Share of a device's endurance that the training uses.
  package var enduranceUsed: Double { hardware.task.writesPerDevice / values.endurance }
}
