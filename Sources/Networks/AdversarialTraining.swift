import ArrayOperations
import Crossbars
import DigitalNetworks
import Failures
import Mathematics
import NoiseSources

/// A generator and a discriminator that train each other, whatever their layers are made of.
///
/// One step (Goodfellow et al. 2014 with the non-saturating loss): the generator draws a batch; the
/// discriminator sees it beside a real one and is updated; it then sees the fakes again with fresh
/// input noise, and the generator is updated from the same latent vectors, or from fresh ones.
struct AdversarialTraining<Layer: TrainableLayer>: AdversarialEngine {
  private var generator: Network<Layer>
  var discriminator: Network<Layer>
  let plan: TrainingPlan
  let inputNoise: RandomStream
  private var source: any NoiseSource
  private var latentAge = 0
  private var latent: Matrix
  /// The generator's own batch when a step draws two.
  private var second: Matrix
  var mixed: DiscriminatorInput
  private var fakes: DiscriminatorInput
  var generatorPass: Network<Layer>.Pass
  var mixedPass: Network<Layer>.Pass
  var fakesPass: Network<Layer>.Pass
  private var imageDelta: Matrix

  init(
    plan: TrainingPlan, noise: any NoiseSource, generator: Network<Layer>,
    discriminator: Network<Layer>
  ) {
    self.plan = plan
    source = noise
    self.generator = generator
    self.discriminator = discriminator
    let pixels = plan.networks.discriminator.input.units
    inputNoise = RandomStream(seed: plan.seed, name: "input-noise")
    latent = Matrix(rows: plan.networks.generator.input.units, columns: plan.batch)
    second = latent
    mixed = DiscriminatorInput(pixels: pixels, samples: 2 * plan.batch, noise: plan.inputNoise)
    fakes = DiscriminatorInput(pixels: pixels, samples: plan.batch, noise: plan.inputNoise)
    generatorPass = .init(of: generator, batch: plan.batch)
    mixedPass = .init(of: discriminator, batch: 2 * plan.batch)
    fakesPass = .init(of: discriminator, batch: plan.batch)
    imageDelta = Matrix(rows: pixels, columns: plan.batch)
  }

  mutating func beginEpoch(_ epoch: Int, steps: Int) throws(Failure) {
    let batches = plan.noise.latentsPerStep * ((steps + plan.noise.reuse - 1) / plan.noise.reuse)
    try source.expect(
      entriesPerPosition: batches * latent.elements.count, positions: plan.epochs)
    source.restart(at: UInt64(epoch))
    latentAge = 0
  }

  var noise: any NoiseSource { source }

  mutating func step(
    real pixels: [UInt8], chosen: ArraySlice<Int>, _ context: inout StepContext
  ) throws(Failure) -> StepLosses {
    let isFresh = try generateFakes(&context)
    var losses = StepLosses()
    try trainDiscriminator(pixels, chosen, &context, &losses)
    if plan.noise.latentsPerStep == 2 {
      if isFresh { try source.fill(&second, ledger: &context.ledger) }
      swap(&latent, &second)
      generator.forward(latent, &generatorPass, &context)
    }
    try trainGenerator(&context, &losses)
    if plan.noise.latentsPerStep == 2 { swap(&latent, &second) }
    return losses
  }

  /// Draws the step's latent vectors, when those of the last step have served, and makes fakes of
  /// them.
  ///
  /// - Returns: whether the latent vectors are new.
  mutating func generateFakes(_ context: inout StepContext) throws(Failure) -> Bool {
    // No step takes more than four passes through a network.
    let samples = 2 * plan.batch
    let readsPerStep =
      4 * (generator.reads(samples: samples) + discriminator.reads(samples: samples))
    context.images = samples
    let isFresh = latentAge % plan.noise.reuse == 0
    if isFresh { try source.fill(&latent, ledger: &context.ledger) }
    latentAge += 1
    context.draw = context.step * UInt64(readsPerStep)
    generator.forward(latent, &generatorPass, &context)
    return isFresh
  }

  mutating func gradients(
    latent: Matrix, real pixels: [UInt8], chosen: ArraySlice<Int>, _ context: inout StepContext
  ) throws(Failure) -> [Matrix] {
    context.gradients = []
    defer { context.gradients = nil }
    let trained = self.latent
    self.latent = latent
    defer { self.latent = trained }
    var losses = StepLosses()
    generator.forward(latent, &generatorPass, &context)
    try trainDiscriminator(pixels, chosen, &context, &losses)
    try trainGenerator(&context, &losses)
    return context.gradients ?? []
  }

  var weights: [String: Matrix] {
    generator.weights(name: "generator")
      .merging(discriminator.weights(name: "discriminator")) { first, _ in first }
  }

  var trainedLayers: [String] {
    discriminator.trainedLayers(name: "discriminator") + generator.trainedLayers(name: "generator")
  }

  private mutating func trainDiscriminator(
    _ pixels: [UInt8], _ chosen: ArraySlice<Int>,
    _ context: inout StepContext, _ losses: inout StepLosses
  ) throws(Failure) {
    context.updateProbability = context.updateProbabilities.discriminator
    mixed.drawNoise(inputNoise, substream: 2 * context.step, workers: context.workers)
    mixed.add(pixels: pixels, images: chosen)
    mixed.add(generatorPass.result, startingAt: plan.batch)
    context.meanScale = 1 / Float(plan.batch)
    discriminator.forward(mixed.matrix, &mixedPass, &context)
    let last = mixedPass.deltas.count - 1
    let real = LogisticLoss.loss(
      logits: mixedPass.outputs[last], target: 1, columns: 0..<plan.batch,
      delta: &mixedPass.deltas[last])
    let fake = LogisticLoss.loss(
      logits: mixedPass.outputs[last], target: 0, columns: plan.batch..<2 * plan.batch,
      delta: &mixedPass.deltas[last])
    losses.discriminator = (real.loss + fake.loss) / Double(plan.batch)
    losses.realProbability = real.probability / Double(plan.batch)
    losses.fakeProbability = fake.probability / Double(plan.batch)
    discriminator.backward(&mixedPass, &context)
    try discriminator.update(input: mixed.matrix, mixedPass, &context)
  }

  private mutating func trainGenerator(
    _ context: inout StepContext, _ losses: inout StepLosses
  ) throws(Failure) {
    context.updateProbability = context.updateProbabilities.generator
    fakes.drawNoise(inputNoise, substream: 2 * context.step + 1, workers: context.workers)
    fakes.add(generatorPass.result, startingAt: 0)
    discriminator.forward(fakes.matrix, &fakesPass, &context)
    let last = fakesPass.deltas.count - 1
    let fooled = LogisticLoss.loss(
      logits: fakesPass.outputs[last], target: 1, delta: &fakesPass.deltas[last])
    losses.generator = fooled.loss / Double(plan.batch)
    try updateGenerator(&context)
  }

  /// Takes the fakes' errors, in `fakesPass`, back through both networks; moves the generator.
  mutating func updateGenerator(_ context: inout StepContext) throws(Failure) {
    discriminator.backward(&fakesPass, &context)
    discriminator.inputDelta(of: fakesPass, into: &imageDelta, &context)
    let output = generatorPass.deltas.count - 1
    swap(&imageDelta, &generatorPass.deltas[output])
    generator.activations[output].multiplyByDerivative(
      &generatorPass.deltas[output], output: generatorPass.outputs[output],
      workers: context.workers)
    generator.backward(&generatorPass, &context)
    try generator.update(input: latent, generatorPass, &context)
    swap(&imageDelta, &generatorPass.deltas[output])
  }

  func wireErrors(draw: UInt64) throws(Failure) -> WireErrors {
    var errors = try generator.wireErrors(draw: draw)
    errors += try discriminator.wireErrors(draw: draw)
    return errors
  }

  mutating func adopt(_ technology: ArrayTechnology, workers: Workers) throws(Failure) {
    try generator.adopt(technology, workers: workers)
    try discriminator.adopt(technology, workers: workers)
  }

  mutating func finishEpoch(workers: Workers, ledger: inout EnergyLedger) throws(Failure) {
    try generator.finishEpoch(workers: workers, ledger: &ledger)
    try discriminator.finishEpoch(workers: workers, ledger: &ledger)
  }

  mutating func generate(
    _ latent: Matrix, into images: inout Matrix, draw: UInt64, workers: Workers
  ) {
    var context = StepContext(workers: workers)
    context.draw = draw
    context.isTraining = false
    var pass = Network<Layer>.Pass(of: generator, batch: latent.columns)
    generator.forward(latent, &pass, &context)
    images = pass.result
  }

  func reads(samples: Int) -> Int { generator.reads(samples: samples) }

  var lastFakes: Matrix { generatorPass.result }

  var state: [TrainerState.NamedArray] {
    generator.state(name: "generator") + discriminator.state(name: "discriminator")
  }

  mutating func restore(_ state: TrainerState) throws(StateMismatch) {
    try generator.restore(state, name: "generator")
    try discriminator.restore(state, name: "discriminator")
  }
}

/// What one step found; means over the batch.
struct StepLosses {
  var generator = 0.0
  var discriminator = 0.0
  var realProbability = 0.0
  var fakeProbability = 0.0
}

/// The training loop's view of a pair of networks, independent of their layers.
protocol AdversarialEngine {
  /// Restarts what is drawn in order, so that epochs do not depend on what came before.
  ///
  /// - Throws: ``Failure`` of kind `badData` when recorded noise is too short for the run.
  mutating func beginEpoch(_ epoch: Int, steps: Int) throws(Failure)

  /// The source of training's latent vectors.
  var noise: any NoiseSource { get }

  /// One update of both networks; `chosen` are numbers of images of 8-bit pixels.
  ///
  /// - Throws: ``Failure`` when the noise source fails.
  mutating func step(
    real pixels: [UInt8], chosen: ArraySlice<Int>, _ context: inout StepContext
  ) throws(Failure) -> StepLosses

  /// Goes on under other conditions of all arrays, between epochs.
  mutating func adopt(_ technology: ArrayTechnology, workers: Workers) throws(Failure)

  /// Gradients of a step that moves nothing, (inputs + 1) × outputs, in the order of
  /// ``trainedLayers``.
  mutating func gradients(
    latent: Matrix, real pixels: [UInt8], chosen: ArraySlice<Int>, _ context: inout StepContext
  ) throws(Failure) -> [Matrix]

  /// The weights held, by layer.
  var weights: [String: Matrix] { get }

  /// Layers with weights of their own in the order in which a step updates them.
  var trainedLayers: [String] { get }

  /// Called between epochs.
  mutating func finishEpoch(workers: Workers, ledger: inout EnergyLedger) throws(Failure)

  /// How far the wires in use are from solved ones.
  func wireErrors(draw: UInt64) throws(Failure) -> WireErrors

  /// Images of a batch of latent vectors, pixels × B within ±1.
  mutating func generate(
    _ latent: Matrix, into images: inout Matrix, draw: UInt64, workers: Workers)

  /// Draws of noise that ``generate(_:into:draw:workers:)`` uses for a batch.
  func reads(samples: Int) -> Int

  /// Images of the last step's batch, pixels × B within ±1.
  var lastFakes: Matrix { get }

  var state: [TrainerState.NamedArray] { get }
  mutating func restore(_ state: TrainerState) throws(StateMismatch)
}
