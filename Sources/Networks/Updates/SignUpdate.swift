import ArrayOperations
import Crossbars
import Devices
import Failures
import Mathematics

/// One pulse per sampled weight by the sign of the batch-summed gradient; zero gives none.
struct SignUpdate: WeightUpdate {
  private var sampler: UpdateSampler

  init(_ array: ProgrammedArray, _ stream: RandomStream) {
    sampler = UpdateSampler(
      wordLines: array.inputs + 1, outputs: array.outputs, array.plan, stream)
  }

  var needsSquares: Bool { sampler.needsSquares }

  mutating func update(
    _ array: ProgrammedArray, input: Matrix, delta: Matrix, _ context: inout StepContext
  ) {
    let isComplete = sampler.sample(input: input, delta: delta, context)
    apply(isComplete, array, &context)
  }

  mutating func update(
    _ array: ProgrammedArray, _ slopes: BatchSlopes, _ context: inout StepContext
  ) {
    let isComplete = sampler.sample(slopes, context)
    apply(isComplete, array, &context)
  }

  mutating func endEpoch() { sampler.reset() }

  /// Pulses what was chosen, once the sum of batches is complete, and books how it was chosen.
  private func apply(
    _ isComplete: Bool, _ array: ProgrammedArray, _ context: inout StepContext
  ) {
    let (weights, plan) = (Double(array.weights), array.plan)
    if plan.accumulatedBatches > 1 {
      context.ledger.periphery += array.periphery.counter * weights
    }
    guard isComplete else { return }
    // Where every weight is pulsed there is nothing to decide.
    if plan.sampling == .significance || context.updateProbability < 1 {
      context.ledger.periphery += array.periphery.gate * weights
    }
    context.ledger += array.crossbar.program(
      sampler.updateSigns, step: context.step, workers: context.workers)
  }
}

/// The stochastic rule: every sample's outer product of signs, lines gated at random.
///
/// Word lines and outputs are each driven with probability √p, which keeps the update an outer
/// product and pulses the wanted share of devices.
struct PerSampleUpdate: WeightUpdate {
  private let stream: RandomStream

  init(_ stream: RandomStream) { self.stream = stream }

  mutating func update(
    _ array: ProgrammedArray, input: Matrix, delta: Matrix, _ context: inout StepContext
  ) {
    let lineProbability = Float(max(0, min(1, context.updateProbability)).squareRoot())
    let (inputs, outputs) = (array.inputs, array.outputs)
    let lines = inputs + 1
    for sample in 0..<input.columns {
      let draw = context.step * UInt64(input.columns) + UInt64(sample)
      func gated(_ value: Float, line: Int) -> Int8 {
        guard value != 0, stream.uniform(at: line, substream: draw) < lineProbability
        else { return 0 }
        return value > 0 ? 1 : -1
      }
      let inputSigns = (0..<lines).map { line in
        gated(line < inputs ? input[line, sample] : 1, line: line)
      }
      let deltaSigns = (0..<outputs).map { gated(-delta[$0, sample], line: lines + $0) }
      context.ledger += array.crossbar.programSample(
        inputs: inputSigns, deltas: deltaSigns, step: draw)
    }
    if context.updateProbability < 1 {
      context.ledger.periphery +=
        array.periphery.gate * Double((lines + outputs) * input.columns)
    }
    array.crossbar.recomputeSums(workers: context.workers)
  }

  mutating func update(
    _ array: ProgrammedArray, _ slopes: BatchSlopes, _ context: inout StepContext
  ) throws(Failure) {
    throw Failure(
      .usage, at: "update.granularity",
      "\"per-sample\" takes dense layers only: a convolution has a sample per position")
  }
}

/// A write per device in proportion to the batch-summed gradient.
struct ProportionalUpdate: WeightUpdate {
  mutating func update(
    _ array: ProgrammedArray, _ slopes: BatchSlopes, _ context: inout StepContext
  ) {
    let siemens = Float(-array.plan.rate) / array.weightPerSiemens
    context.ledger += array.crossbar.programProportional(
      changes: slopes.gradient.elements.map { $0 * siemens }, step: context.step)
  }
}
