package import Mathematics

/// Dense layers in a row, each with its activation.
package struct DenseNetwork: Equatable, Sendable {
  /// From the input to the output; each has as many inputs as the one before has outputs.
  package var layers: [DenseLayer]
  /// One per layer, applied to its output.
  package let activations: [Activation]

  /// Layers whose sizes follow on one another.
  package init(layers: [DenseLayer], activations: [Activation]) {
    precondition(
      !layers.isEmpty && layers.count == activations.count
        && zip(layers, layers.dropFirst()).allSatisfy { $0.outputs == $1.inputs },
      "layers must follow on one another")
    self.layers = layers
    self.activations = activations
  }

  /// Rows of a batch that enters.
  package var inputs: Int { layers[0].inputs }
  /// Rows of a batch that leaves.
  package var outputs: Int { layers[layers.count - 1].outputs }

  /// The signals of one batch on its way through a network; made once, used for every batch.
  package struct Pass: Sendable {
    /// Activated outputs of every layer, units × B.
    package fileprivate(set) var outputs: [Matrix]
    /// The loss's derivatives by every layer's weighted sums, units × B.
    ///
    /// The caller writes the last one before ``DenseNetwork/backward(_:workers:)``.
    package var deltas: [Matrix]

    /// Buffers for batches of one size.
    package init(of network: DenseNetwork, batch: Int) {
      outputs = network.layers.map { Matrix(rows: $0.outputs, columns: batch) }
      deltas = outputs
    }

    /// The network's output.
    package var result: Matrix { outputs[outputs.count - 1] }
  }

  /// Gradients shaped as the weights, zero.
  package func zeroGradients() -> [Matrix] {
    layers.map { Matrix(rows: $0.weights.rows, columns: $0.weights.columns) }
  }

  /// Sends a batch, inputs × B, through the layers.
  package func forward(_ input: Matrix, pass: inout Pass, workers: Workers) {
    pass.outputs.withUnsafeMutableBufferPointer { outputs in
      for (index, layer) in layers.enumerated() {
        if index == 0 {
          layer.forward(input: input, into: &outputs[0], workers: workers)
        } else {
          layer.forward(input: outputs[index - 1], into: &outputs[index], workers: workers)
        }
        activations[index].apply(to: &outputs[index], workers: workers)
      }
    }
  }

  /// Takes the loss's derivatives from the last layer's weighted sums back to the first layer's.
  ///
  /// - Parameter pass: after `forward`, its last delta set by the caller.
  package func backward(_ pass: inout Pass, workers: Workers) {
    pass.deltas.withUnsafeMutableBufferPointer { deltas in
      for index in layers.indices.dropFirst().reversed() {
        layers[index].backward(delta: deltas[index], into: &deltas[index - 1], workers: workers)
        activations[index - 1].multiplyByDerivative(
          &deltas[index - 1], output: pass.outputs[index - 1], workers: workers)
      }
    }
  }

  /// Batch-summed gradients of all weights.
  ///
  /// - Parameters:
  ///   - pass: after `forward` and `backward` on the same input.
  ///   - gradients: from ``zeroGradients()``; overwritten.
  package func gradients(
    of pass: Pass, input: Matrix, into gradients: inout [Matrix], workers: Workers
  ) {
    gradients.withUnsafeMutableBufferPointer { gradients in
      for (index, layer) in layers.enumerated() {
        layer.gradient(
          input: index == 0 ? input : pass.outputs[index - 1], delta: pass.deltas[index],
          into: &gradients[index], workers: workers)
      }
    }
  }
}
