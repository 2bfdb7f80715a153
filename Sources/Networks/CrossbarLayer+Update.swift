import Crossbars
import Devices
import Failures
import Mathematics

extension CrossbarLayer {
  mutating func update(input: Matrix, delta: Matrix, _ context: inout StepContext) {
    let workers = context.workers
    guard !context.collects(Self.gradient(input, delta, workers)) else { return }
    switch plan.granularity {
    case .batch: updateByBatch(input: input, delta: delta, &context)
    case .perSample: updateBySample(input: input, delta: delta, &context)
    }
    finishUpdate(&context)
  }

  mutating func update(_ slopes: BatchSlopes, _ context: inout StepContext) {
    guard !context.collects(slopes.gradient) else { return }
    switch plan.rule {
    case .manhattan:
      let isComplete = sampler.sample(slopes, context)
      applyUpdateSigns(isComplete, &context)
    case .proportional: write(slopes.gradient, &context)
    }
    finishUpdate(&context)
  }

  private static func gradient(_ input: Matrix, _ delta: Matrix, _ workers: Workers) -> Matrix {
    var gradient = Matrix(rows: input.rows + 1, columns: delta.rows)
    gradient.accumulateGradient(input, delta, keeping: 0, workers: workers)
    return gradient
  }

  /// A write per device in proportion to the batch-summed gradient.
  private func write(_ gradient: Matrix, _ context: inout StepContext) {
    let siemens = Float(-plan.rate) / weightPerSiemens
    context.ledger += crossbar.programProportional(
      changes: gradient.elements.map { $0 * siemens }, step: context.step)
  }

  /// What follows the pulses of a step.
  private func finishUpdate(_ context: inout StepContext) {
    context.ledger.disturb += crossbar.driftWhenDue(workers: context.workers)
    if plan.pairing == .setOnly, (context.step + 1) % UInt64(plan.refreshInterval) == 0 {
      context.ledger += crossbar.refreshSaturatedPairs(draw: context.step + 1).ledger
    }
    do throws(Failure) {
      context.solvedTiles += try crossbar.solveStaleWires(workers: context.workers)
    } catch {
      context.failure = error
    }
  }

  /// One pulse per chosen device by the sign of the batch-summed gradient; zero gives none.
  private mutating func updateByBatch(
    input: Matrix, delta: Matrix, _ context: inout StepContext
  ) {
    if let published {
      updateAsPublished(input: input, delta: delta, published, &context)
      return
    }
    guard plan.rule == .manhattan else {
      return write(Self.gradient(input, delta, context.workers), &context)
    }
    let isComplete = sampler.sample(input: input, delta: delta, context)
    applyUpdateSigns(isComplete, &context)
  }

  /// Pulses what was chosen, once the sum of batches is complete, and books how it was chosen.
  private func applyUpdateSigns(_ isComplete: Bool, _ context: inout StepContext) {
    let weights = Double((inputs + 1) * outputs)
    if plan.accumulatedBatches > 1 { context.ledger.periphery += periphery.counter * weights }
    guard isComplete else { return }
    // Where every weight is pulsed there is nothing to decide.
    if plan.sampling == .significance || context.updateProbability < 1 {
      context.ledger.periphery += periphery.gate * weights
    }
    context.ledger += crossbar.program(
      sampler.updateSigns, step: context.step, workers: context.workers)
  }

  /// The stochastic rule: every sample's outer product of signs, lines gated at random.
  ///
  /// Word lines and outputs are each driven with probability √share, which keeps the update an
  /// outer product and pulses the wanted share of devices.
  private mutating func updateBySample(
    input: Matrix, delta: Matrix, _ context: inout StepContext
  ) {
    let lineProbability = Float(max(0, min(1, context.updateProbability)).squareRoot())
    let lines = inputs + 1
    for sample in 0..<input.columns {
      let draw = context.step * UInt64(input.columns) + UInt64(sample)
      func gated(_ value: Float, line: Int) -> Int8 {
        guard value != 0, pulseChoice.uniform(at: line, substream: draw) < lineProbability
        else { return 0 }
        return value > 0 ? 1 : -1
      }
      let inputSigns = (0..<lines).map { line in
        gated(line < inputs ? input[line, sample] : 1, line: line)
      }
      let deltaSigns = (0..<outputs).map { gated(-delta[$0, sample], line: lines + $0) }
      context.ledger += crossbar.programSample(
        inputs: inputSigns, deltas: deltaSigns, step: draw)
    }
    if context.updateProbability < 1 {
      context.ledger.periphery += periphery.gate * Double((lines + outputs) * input.columns)
    }
    crossbar.recomputeSums(workers: context.workers)
  }
}
