import Crossbars
import DigitalNetworks
package import Failures
import Mathematics
import NoiseSources

/// What is needed to make one layer.
struct LayerSpecification {
  /// Its network and place.
  var role: LayerRole
  /// Where the layer stands and what array it needs.
  var placed: PlacedLayer
  /// (lines + 1) × columns with the bias last.
  var weights: Matrix
  /// Weight of a pair that spans the window.
  var largestWeight: Double
}

extension TrainingPlan {
  /// Checks that sizes and numbers fit together.
  ///
  /// - Throws: ``Failure`` of kind `usage` that names the configuration key.
  package func validate() throws(Failure) {
    func require(_ holds: Bool, _ key: String, _ cause: String) throws(Failure) {
      guard holds else { throw Failure(.usage, at: key, cause) }
    }
    try validateNetworks()
    try validateNonIdealities()
    try require(batch > 0 && batch <= 65_536, "run.batch", "must be between 1 and 65536")
    // Conductances are located on a logarithmic grid; zero has no place there.
    try require(
      program.conductanceBounds.lowerBound >= 1e-18 && program.window.lowerBound >= 0,
      "weights.clip_S", "must not begin below 1e-18 S")
    try require(epochs > 0, "run.epochs", "must be at least 1")
    try require(inputNoise >= 0 && inputNoise.isFinite, "run.input_noise", "must not be negative")
    try require(
      !program.generatorScale.isEmpty && !program.discriminatorScale.isEmpty
        && (program.generatorScale + program.discriminatorScale).allSatisfy { $0 > 0 },
      "weights.generator_scale", "needs positive numbers")
    try require(
      program.updateProbability.first > 0 && program.updateProbability.first <= 1
        && program.updateProbability.last > 0
        && program.updateProbability.last <= 1, "update.update_probability_first",
      "must lie within 0 and 1, zero excluded")
    try require(
      program.generatorUpdateRatio > 0 && program.generatorUpdateRatio <= 100,
      "update.generator_update_ratio",
      "must lie within 0 and 100, zero excluded")
    try require(program.refreshInterval > 0, "update.refresh_interval", "must be at least 1")
    try require((1...2).contains(noise.latentsPerStep), "noise.latents", "must be 1 or 2")
    try require(noise.reuse > 0, "noise.reuse", "must be at least 1")
    try require(
      program.granularity == .batch || program.pairing != .singleWithSign, "update.granularity",
      "the per-sample rule needs pairs: stored signs break its outer product")
    try validatePublished()
    try require(
      program.rule.granularities.contains(program.granularity), "update.granularity",
      "is not one that \"\(program.rule.name)\" has")
    try require(
      program.accumulatedBatches == 1
        || (program.granularity == .batch && program.rule == .manhattan),
      "update.accumulated_batches",
      "must be 1 with the per-sample rule and with proportional updates, which sum nothing")
    try require(
      program.rate > 0 && program.rate.isFinite, "update.rate", "must be a positive number")
  }

  /// Checks that every layer fits its input and the two networks each other.
  private func validateNetworks() throws(Failure) {
    func require(_ holds: Bool, _ key: String, _ cause: String) throws(Failure) {
      guard holds else { throw Failure(.usage, at: key, cause) }
    }
    let generator = try networks.generator.placed(at: "networks.generator")
    let discriminator = try networks.discriminator.placed(at: "networks.discriminator")
    try require(
      discriminator.last?.output.units == 1, "networks.discriminator",
      "must end in one unit, the logit")
    try require(
      generator.last?.output.units == networks.discriminator.input.units, "networks",
      "the generator's last layer must have as many units as the discriminator's first")
    try require(
      generator.last?.description.isTrained == true
        && discriminator.last?.description.isTrained == true, "networks",
      "a network must not end in a pool")
    try require(
      networks.supply >= 0 && networks.supply.isFinite, "networks.supply_V",
      "must not be negative")
    try checkMemory(of: generator + discriminator)
    try require(
      program.granularity == .batch || (generator + discriminator).allSatisfy { $0.patches == nil },
      "update.granularity",
      "the per-sample rule takes dense layers only: a convolution has a sample per"
        + " position")
  }

  /// Refuses networks that memory cannot hold, by a lower bound of what training takes.
  private func checkMemory(of layers: [PlacedLayer]) throws(Failure) {
    // Two devices of a pair with their state, totals and tables of coefficients, or a weight with
    // its moments; the signals and slopes of two batches, patches of convolutions aside.
    let perWeight = backend == .crossbar ? 40.0 : 16.0
    let bytes = layers.reduce(0.0) { sum, layer in
      let signals = Double(layer.input.units) + Double(layer.output.units)
      return sum + perWeight * Double(layer.lines) * Double(layer.columns)
        + 8 * signals * Double(batch)
    }
    try MemoryBudget.check(
      bytes, for: "training these networks", at: "networks", kind: .usage,
      remedy: "use smaller layers or a smaller batch, or raise \(MemoryBudget.variable)")
  }

  /// The conditions of every array in the first epoch.
  var arrayConditions: ArrayConditions { arrayConditions(epoch: 0) }

  /// The conditions of every array in an epoch.
  func arrayConditions(epoch: Int) -> ArrayConditions {
    let pulses = program.pulses(epoch: epoch, of: epochs)
    var conditions = ArrayConditions()
    conditions.read = read
    conditions.pairing = program.pairing
    conditions.setPulse = pulses.set
    conditions.resetPulse = pulses.reset
    conditions.window = program.window
    conditions.conductanceBounds = program.conductanceBounds
    conditions.staticVariation = program.staticVariation
    conditions.pulseVariation = program.pulseVariation
    conditions.readNoise = program.readNoise
    conditions.zeroShiftPulsePairs = program.zeroShiftPulsePairs
    conditions.wires = program.wires
    conditions.scheme = program.scheme
    conditions.nonIdealities = program.nonIdealities
    conditions.disturbsHalfSelected = program.disturbs
    return conditions
  }

  /// Both networks of layers that `make` makes.
  func training<Layer: TrainableLayer>(
    noise source: any NoiseSource, _ make: (LayerSpecification) throws(Failure) -> Layer
  ) throws(Failure) -> AdversarialTraining<Layer> {
    AdversarialTraining(
      plan: self, noise: source,
      generator: try network(
        networks.generator, .generator, program.generatorScale,
        slope: networks.generatorSlope, last: .tanh, make),
      discriminator: try network(
        networks.discriminator, .discriminator, program.discriminatorScale,
        slope: networks.discriminatorSlope, last: .identity, make))
  }

  private func network<Layer: TrainableLayer>(
    _ description: NetworkDescription, _ role: NetworkRole, _ scales: [Double], slope: Float,
    last: Activation, _ make: (LayerSpecification) throws(Failure) -> Layer
  ) throws(Failure) -> Network<Layer> {
    let placed = try description.placed(at: "networks.\(role.rawValue)")
    var layers: [Layer] = []
    for specification in specifications(placed, role, scales) {
      layers.append(try make(specification))
    }
    let rectifier: Activation =
      networks.supply > 0
      ? .clippedRectifier(slope: slope, limit: networks.supply) : .leakyRectifier(slope: slope)
    var activations: [Activation] = placed.map {
      $0.description.isTrained ? rectifier : .identity
    }
    activations[activations.count - 1] = last
    return Network(
      layers: layers, activations: activations,
      dropout: DropoutSwitches(
        probabilities: placed.map(\.description.dropout), seed: seed,
        name: role.rawValue))
  }

  /// Weights of a layer from elsewhere; biases of arrays are for their constant input.
  private func importedWeights(of role: LayerRole) -> Matrix? {
    guard var weights = imported?[role] else { return nil }
    guard backend == .crossbar else { return weights }
    for column in 0..<weights.columns {
      weights[weights.rows - 1, column] /= Float(program.biasInput)
    }
    return weights
  }

  /// Layers with weights N(0, 1/fan-in) and biases of zero; pools average.
  private func specifications(
    _ placed: [PlacedLayer], _ network: NetworkRole, _ scales: [Double]
  ) -> [LayerSpecification] {
    var trained = 0
    return placed.enumerated().map { index, layer in
      let role = LayerRole(network, index)
      guard layer.description.isTrained else {
        let meanWeight = 1 / Float(layer.lines)
        var weights = Matrix(rows: layer.lines + 1, columns: 1, repeating: meanWeight)
        weights[layer.lines, 0] = 0
        return LayerSpecification(
          role: role, placed: layer, weights: weights, largestWeight: Double(meanWeight))
      }
      let dense = DenseLayer(
        inputs: layer.lines, outputs: layer.columns,
        initial: layer.patches == nil
          ? initialWeights
          : .deviation(Float((1 / layer.fanIn).squareRoot())),
        stream: RandomStream(seed: seed, name: "\(role)/initial-weights"))
      defer { trained += 1 }
      let scale = scales[min(trained, scales.count - 1)]
      guard let imported = importedWeights(of: role) else {
        return LayerSpecification(
          role: role, placed: layer, weights: dense.weights, largestWeight: scale)
      }
      return LayerSpecification(
        role: role, placed: layer, weights: imported,
        largestWeight: max(scale, Double(imported.largestMagnitude)))
    }
  }
}
