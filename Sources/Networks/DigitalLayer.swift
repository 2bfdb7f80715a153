import ArrayOperations
import Crossbars
import DigitalNetworks
import Failures
import Mathematics

/// A layer of the digital twin: 32-bit weights and a gradient rule.
struct DigitalLayer: TrainableLayer {
  private var dense: DenseLayer
  private var gradient: Matrix
  private var rule: Rule

  private enum Rule {
    case adam(Adam)
    case descent(GradientDescent)
  }

  var weights: Matrix { dense.weights }
  var inputs: Int { dense.inputs }
  var outputs: Int { dense.outputs }

  /// - Parameter weights: (inputs + 1) × outputs with the bias last.
  init(weights: Matrix, optimizer: DigitalOptimizer) {
    dense = DenseLayer(weights: weights)
    gradient = Matrix(rows: weights.rows, columns: weights.columns)
    switch optimizer {
    case .adam(let rate, let beta1, let beta2):
      rule = .adam(
        Adam(count: weights.elements.count, rate: rate, beta1: beta1, beta2: beta2))
    case .sgd(let rate): rule = .descent(GradientDescent(rate: rate))
    }
  }

  mutating func forward(
    _ input: Matrix, into output: inout Matrix, _ context: inout StepContext
  ) { dense.forward(input: input, into: &output, workers: context.workers) }

  mutating func backward(
    _ delta: Matrix, into inputDelta: inout Matrix, _ context: inout StepContext
  ) { dense.backward(delta: delta, into: &inputDelta, workers: context.workers) }

  /// Adam follows the mean over the generator's batch, plain descent the sum, as published.
  mutating func update(input: Matrix, delta: Matrix, _ context: inout StepContext) {
    dense.gradient(input: input, delta: delta, into: &gradient, workers: context.workers)
    follow(gradient, &context)
  }

  mutating func update(_ slopes: BatchSlopes, _ context: inout StepContext) {
    follow(slopes.gradient, &context)
  }

  private mutating func follow(_ gradient: Matrix, _ context: inout StepContext) {
    guard !context.collects(gradient) else { return }
    let slopes = gradient.elements
    switch rule {
    case .adam(var adam):
      rule = .descent(GradientDescent(rate: 0))
      adam.update(
        &dense.weights.elements, gradient: slopes, scale: context.meanScale,
        workers: context.workers)
      rule = .adam(adam)
    case .descent(var descent):
      descent.update(&dense.weights.elements, gradient: slopes, workers: context.workers)
    }
  }

  mutating func adopt(_ technology: ArrayTechnology, workers: Workers) {}

  func wireErrors(draw: UInt64) -> WireErrors { WireErrors() }

  mutating func finishEpoch(workers: Workers, ledger: inout EnergyLedger) {}

  func state(name: String) -> [TrainerState.NamedArray] {
    let shape = [dense.weights.rows, dense.weights.columns]
    var arrays = [
      TrainerState.NamedArray(name: name + ".weights", shape: shape, values: dense.weights.elements)
    ]
    if case .adam(let adam) = rule {
      arrays += [
        .init(name: name + ".first-moment", shape: shape, values: adam.firstMoment),
        .init(name: name + ".second-moment", shape: shape, values: adam.secondMoment),
        // Exact up to 2²⁴ steps, far beyond any run's.
        .init(name: name + ".steps", shape: [1], values: [Float(adam.step)]),
      ]
    }
    return arrays
  }

  mutating func restore(_ state: TrainerState, name: String) throws(StateMismatch) {
    let count = dense.weights.elements.count
    dense.weights.elements = try state.values(name + ".weights", count: count)
    if case .adam(var adam) = rule {
      adam.firstMoment = try state.values(name + ".first-moment", count: count)
      adam.secondMoment = try state.values(name + ".second-moment", count: count)
      let steps = Int(checked: try state.values(name + ".steps", count: 1)[0], in: 0...1 << 40)
      guard let steps else {
        throw StateMismatch(name: name + ".steps", problem: "is no number of steps")
      }
      adam.step = steps
      rule = .adam(adam)
    }
  }
}
