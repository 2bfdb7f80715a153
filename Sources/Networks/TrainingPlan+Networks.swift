import Crossbars
import DigitalNetworks
public import Failures
import Mathematics
import NoiseSources

/// What is needed to make one layer.
struct LayerSpecification {
  var name: String
  /// (inputs + 1) × outputs with the bias last.
  var weights: Matrix
  /// Weight of a pair that spans the window.
  var largestWeight: Double
  /// Whether the layer takes the network's input.
  var isFirst: Bool
}

extension TrainingPlan {
  /// Checks that sizes and numbers fit together.
  ///
  /// - Throws: ``Failure`` of kind `usage` that names the configuration key.
  public func validate() throws(Failure) {
    func require(_ holds: Bool, _ key: String, _ cause: String) throws(Failure) {
      guard holds else { throw Failure(.usage, at: key, cause) }
    }
    let (generator, discriminator) = (networks.generator, networks.discriminator)
    try require(
      generator.count >= 2 && generator.allSatisfy { $0 > 0 }, "networks.generator",
      "needs at least two layers of at least one unit")
    try require(
      discriminator.count >= 2 && discriminator.allSatisfy { $0 > 0 }, "networks.discriminator",
      "needs at least two layers of at least one unit")
    try require(
      discriminator.last == 1, "networks.discriminator", "must end in one unit, the logit")
    try require(
      generator.last == discriminator.first, "networks",
      "the generator's last layer must have as many units as the discriminator's first")
    try require(batch > 0 && batch <= 65_536, "run.batch", "must be between 1 and 65536")
    try require(epochs > 0, "run.epochs", "must be at least 1")
    try require(inputNoise >= 0 && inputNoise.isFinite, "run.input_noise", "must not be negative")
    try require(
      !program.generatorScale.isEmpty && !program.discriminatorScale.isEmpty
        && (program.generatorScale + program.discriminatorScale).allSatisfy { $0 > 0 },
      "weights.generator_scale", "needs positive numbers")
    try require(
      program.share.first > 0 && program.share.first <= 1 && program.share.last > 0
        && program.share.last <= 1, "update.share_first", "must lie within 0 and 1, zero excluded")
    try require(program.refreshInterval > 0, "update.refresh_interval", "must be at least 1")
    try require((1...2).contains(noise.latentsPerStep), "noise.latents", "must be 1 or 2")
    try require(noise.reuse > 0, "noise.reuse", "must be at least 1")
    try require(
      program.rule == .batch || program.pairing != .singleWithSign, "update.rule",
      "the per-sample rule needs pairs: stored signs break its outer product")
  }

  /// The conditions of every array.
  var arrayConditions: ArrayConditions {
    var conditions = ArrayConditions()
    conditions.read = read
    conditions.pairing = program.pairing
    conditions.setPulse = program.setPulse
    conditions.resetPulse = program.resetPulse
    conditions.window = program.window
    conditions.clip = program.clip
    conditions.staticVariation = program.staticVariation
    conditions.pulseVariation = program.pulseVariation
    conditions.readNoise = program.readNoise
    conditions.wires = program.wires
    conditions.scheme = program.scheme
    conditions.disturbsHalfSelected = program.disturbs
    return conditions
  }

  /// Both networks of layers that `make` makes.
  func engine<Layer: TrainableLayer>(
    noise source: any NoiseSource, _ make: (LayerSpecification) throws(Failure) -> Layer
  ) throws(Failure) -> any AdversarialEngine {
    var generator: [Layer] = []
    for layer in layers(networks.generator, "generator", program.generatorScale) {
      generator.append(try make(layer))
    }
    var discriminator: [Layer] = []
    for layer in layers(networks.discriminator, "discriminator", program.discriminatorScale) {
      discriminator.append(try make(layer))
    }
    return AdversarialTraining(
      plan: self, noise: source,
      generator: Network(
        layers: generator,
        activations: activations(generator.count, slope: networks.generatorSlope, last: .tanh)),
      discriminator: Network(
        layers: discriminator,
        activations: activations(
          discriminator.count, slope: networks.discriminatorSlope, last: .identity)))
  }

  private func activations(_ count: Int, slope: Float, last: Activation) -> [Activation] {
    [Activation](repeating: .leakyRectifier(slope: slope), count: count - 1) + [last]
  }

  /// Layers with weights N(0, 1/fan-in) and biases of zero.
  private func layers(
    _ sizes: [Int], _ network: String, _ scales: [Double]
  ) -> [LayerSpecification] {
    (1..<sizes.count).map { index in
      let name = "\(network).\(index - 1)"
      let layer = DenseLayer(
        inputs: sizes[index - 1], outputs: sizes[index], initial: .normalized,
        stream: RandomStream(seed: seed, name: name + "/initial-weights"))
      return LayerSpecification(
        name: name, weights: layer.weights,
        largestWeight: scales[min(index - 1, scales.count - 1)], isFirst: index == 1)
    }
  }
}
