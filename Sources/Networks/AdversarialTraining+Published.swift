import Crossbars
import DigitalNetworks
import Mathematics

extension AdversarialTraining {
  /// Updates both networks from one pass of real images and fakes through the discriminator.
  ///
  /// See ``PublishedProcedure/onePass``. The generator's pass over `latent` has been done.
  mutating func trainInOnePass(
    _ pixels: [UInt8], _ chosen: ArraySlice<Int>, _ context: inout StepContext,
    _ losses: inout StepLosses
  ) {
    let batch = plan.batch
    context.updateProbability = context.updateProbabilities.discriminator
    mixed.drawNoise(inputNoise, substream: 2 * context.step, workers: context.workers)
    mixed.add(pixels: pixels, images: chosen)
    mixed.add(generatorPass.result, startingAt: batch)
    context.meanScale = 1 / Float(batch)
    discriminator.forward(mixed.matrix, &mixedPass, &context)
    let last = mixedPass.deltas.count - 1
    let logits = mixedPass.outputs[last]
    let single = plan.program.published.singlePrecision
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
    discriminator.update(input: mixed.matrix, mixedPass, &context)
    context.updateProbability = context.updateProbabilities.generator
    PublishedLoss.write(fooled.slopes, into: &fakesPass.deltas[last])
    updateGenerator(&context)
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
