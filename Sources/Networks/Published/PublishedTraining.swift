import ArrayOperations
import Crossbars
import DigitalNetworks
import Failures
import Mathematics
import NoiseSources

/// Two networks that learn from one pass through the discriminator, as the published code has it.
///
/// See ``PublishedProcedure/onePass``; everything but the step is that of the networks it holds.
struct PublishedTraining<Layer: TrainableLayer>: AdversarialEngine {
  private var networks: AdversarialTraining<Layer>
  private let procedure: PublishedProcedure

  init(_ networks: AdversarialTraining<Layer>, _ procedure: PublishedProcedure) {
    self.networks = networks
    self.procedure = procedure
  }

  mutating func step(
    real pixels: [UInt8], chosen: ArraySlice<Int>, _ context: inout StepContext
  ) throws(Failure) -> StepLosses {
    _ = try networks.generateFakes(&context)
    return try networks.trainInOnePass(
      pixels, chosen, single: procedure.singlePrecision, &context)
  }

  mutating func beginEpoch(_ epoch: Int, steps: Int) throws(Failure) {
    try networks.beginEpoch(epoch, steps: steps)
  }

  var noise: any NoiseSource { networks.noise }

  mutating func adopt(_ technology: ArrayTechnology, workers: Workers) throws(Failure) {
    try networks.adopt(technology, workers: workers)
  }

  mutating func gradients(
    latent: Matrix, real pixels: [UInt8], chosen: ArraySlice<Int>, _ context: inout StepContext
  ) throws(Failure) -> [Matrix] {
    try networks.gradients(latent: latent, real: pixels, chosen: chosen, &context)
  }

  var weights: [String: Matrix] { networks.weights }

  var trainedLayers: [String] { networks.trainedLayers }

  mutating func finishEpoch(workers: Workers, ledger: inout EnergyLedger) throws(Failure) {
    try networks.finishEpoch(workers: workers, ledger: &ledger)
  }

  func wireErrors(draw: UInt64) throws(Failure) -> WireErrors {
    try networks.wireErrors(draw: draw)
  }

  mutating func generate(
    _ latent: Matrix, into images: inout Matrix, draw: UInt64, workers: Workers
  ) { networks.generate(latent, into: &images, draw: draw, workers: workers) }

  func reads(samples: Int) -> Int { networks.reads(samples: samples) }

  var lastFakes: Matrix { networks.lastFakes }

  var state: [TrainerState.NamedArray] { networks.state }

  mutating func restore(_ state: TrainerState) throws(StateMismatch) {
    try networks.restore(state)
  }
}

extension AdversarialTraining {
  /// Updates both networks from one pass of real images and fakes through the discriminator.
  ///
  /// The generator's pass over the latent vectors has been done.
  fileprivate mutating func trainInOnePass(
    _ pixels: [UInt8], _ chosen: ArraySlice<Int>, single: Bool, _ context: inout StepContext
  ) throws(Failure) -> StepLosses {
    var losses = StepLosses()
    let batch = plan.batch
    context.updateProbability = context.updateProbabilities.discriminator
    mixed.drawNoise(inputNoise, substream: 2 * context.step, workers: context.workers)
    mixed.add(pixels: pixels, images: chosen)
    mixed.add(generatorPass.result, startingAt: batch)
    context.meanScale = 1 / Float(batch)
    discriminator.forward(mixed.matrix, &mixedPass, &context)
    let last = mixedPass.deltas.count - 1
    let logits = mixedPass.outputs[last]
    func evaluate(_ columns: Range<Int>, isReal: Bool) -> PublishedLoss.Result {
      PublishedLoss.evaluate(logits, columns: columns, isReal: isReal, single: single)
    }
    let real = evaluate(0..<batch, isReal: true)
    let fake = evaluate(batch..<2 * batch, isReal: false)
    let fooled = evaluate(batch..<2 * batch, isReal: true)
    losses.discriminator = (real.loss + fake.loss) / Double(batch)
    losses.realProbability = real.probability / Double(batch)
    losses.fakeProbability = fake.probability / Double(batch)
    losses.generator = fooled.loss / Double(batch)
    shareHiddenUnits()
    PublishedLoss.write(real.slopes + fake.slopes, into: &mixedPass.deltas[last])
    discriminator.backward(&mixedPass, &context)
    closeRectifiersOfFakes()
    try discriminator.update(input: mixed.matrix, mixedPass, &context)
    context.updateProbability = context.updateProbabilities.generator
    PublishedLoss.write(fooled.slopes, into: &fakesPass.deltas[last])
    try updateGenerator(&context)
    return losses
  }

  /// The fakes' hidden units take the place of the real images', and go to the generator's turn.
  private mutating func shareHiddenUnits() {
    let batch = plan.batch
    for layer in mixedPass.outputs.indices.dropLast() {
      for unit in 0..<mixedPass.outputs[layer].rows {
        for sample in 0..<batch {
          let value = mixedPass.outputs[layer][unit, batch + sample]
          mixedPass.outputs[layer][unit, sample] = value
          fakesPass.outputs[layer][unit, sample] = value
        }
      }
    }
  }

  /// Below zero the fakes' rectifiers have slope zero in the discriminator's update.
  private mutating func closeRectifiersOfFakes() {
    let batch = plan.batch
    for layer in mixedPass.outputs.indices.dropLast() {
      for unit in 0..<mixedPass.outputs[layer].rows {
        for sample in batch..<2 * batch where mixedPass.outputs[layer][unit, sample] < 0 {
          mixedPass.deltas[layer][unit, sample] = 0
        }
      }
    }
  }
}
