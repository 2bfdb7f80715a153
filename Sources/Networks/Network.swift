import ArrayOperations
import Crossbars
import DigitalNetworks
import Failures
import Mathematics

/// Layers in a row, each with its activation.
struct Network<Layer: TrainableLayer> {
  var layers: [Layer]
  let activations: [Activation]
  /// Dropout switches behind every layer; empty without any.
  var dropout = DropoutSwitches()

  /// The signals of one batch on its way through a network; made once per batch size.
  struct Pass {
    /// Activated outputs of every layer, units × B.
    var outputs: [Matrix]
    /// The loss's derivatives by every layer's weighted sums, units × B.
    var deltas: [Matrix]
    /// Positions of the dropout switches, 1 closed and 0 open, units × B; empty without switches.
    var switches: [Matrix]

    init(of network: Network, batch: Int) {
      outputs = network.layers.map { Matrix(rows: $0.outputs, columns: batch) }
      deltas = outputs
      switches = outputs.enumerated().map {
        network.dropout.isPresent(behind: $0) ? $1 : Matrix(rows: 0, columns: 0)
      }
    }

    var result: Matrix { outputs[outputs.count - 1] }
  }

  /// Sends a batch, inputs × B, through the layers.
  mutating func forward(_ input: Matrix, _ pass: inout Pass, _ context: inout StepContext) {
    for index in layers.indices {
      var output = Matrix(rows: 0, columns: 0)
      swap(&output, &pass.outputs[index])
      layers[index].forward(
        index == 0 ? input : pass.outputs[index - 1], into: &output, &context)
      activations[index].apply(to: &output, workers: context.workers)
      dropout.forward(&output, behind: index, switches: &pass.switches[index], context)
      swap(&output, &pass.outputs[index])
    }
  }

  /// Takes the loss's derivatives from the last layer's weighted sums back to the first layer's.
  mutating func backward(_ pass: inout Pass, _ context: inout StepContext) {
    for index in layers.indices.dropFirst().reversed() {
      var delta = Matrix(rows: 0, columns: 0)
      swap(&delta, &pass.deltas[index - 1])
      layers[index].backward(pass.deltas[index], into: &delta, &context)
      activations[index - 1].multiplyByDerivative(
        &delta, output: pass.outputs[index - 1], workers: context.workers)
      dropout.backward(&delta, switches: pass.switches[index - 1])
      swap(&delta, &pass.deltas[index - 1])
    }
  }

  /// The loss's derivatives by the network's inputs, after `backward`.
  mutating func inputDelta(
    of pass: Pass, into result: inout Matrix, _ context: inout StepContext
  ) { layers[0].backward(pass.deltas[0], into: &result, &context) }

  /// Moves all weights against the gradients of a batch, after `backward`.
  mutating func update(
    input: Matrix, _ pass: Pass, _ context: inout StepContext
  ) throws(Failure) {
    for index in layers.indices {
      try layers[index].update(
        input: index == 0 ? input : pass.outputs[index - 1], delta: pass.deltas[index], &context)
    }
  }
}

extension Network {
  /// Draws of noise that a pass of a batch uses.
  func reads(samples: Int) -> Int { layers.reduce(0) { $0 + $1.reads(samples: samples) } }

  /// Names of the layers that are trained.
  func trainedLayers(name: String) -> [String] {
    layers.enumerated().filter(\.element.isTrained).map { "\(name).\($0.offset)" }
  }

  /// The weights held, by layer.
  func weights(name: String) -> [String: Matrix] {
    Dictionary(
      uniqueKeysWithValues: layers.enumerated().map { ("\(name).\($0)", $1.weights) })
  }

  /// Changing state of all layers; `name` tells the networks of a run apart.
  func state(name: String) -> [TrainerState.NamedArray] {
    layers.enumerated().flatMap { $1.state(name: "\(name).\($0)") }
  }

  mutating func restore(_ state: TrainerState, name: String) throws(StateMismatch) {
    for index in layers.indices {
      try layers[index].restore(state, name: "\(name).\(index)")
    }
  }

  func wireErrors(draw: UInt64) throws(Failure) -> WireErrors {
    var errors = WireErrors()
    for layer in layers { errors += try layer.wireErrors(draw: draw) }
    return errors
  }

  mutating func adopt(_ technology: ArrayTechnology, workers: Workers) throws(Failure) {
    for index in layers.indices { try layers[index].adopt(technology, workers: workers) }
  }

  mutating func finishEpoch(workers: Workers, ledger: inout EnergyLedger) throws(Failure) {
    for index in layers.indices { try layers[index].finishEpoch(workers: workers, ledger: &ledger) }
  }
}
