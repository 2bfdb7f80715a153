import DigitalNetworks
import Mathematics
import Testing

@Suite struct DenseNetworkTests {
  static let batch = 5
  static let labels: [UInt8] = [0, 1, 2, 1, 0]
  let input = gaussianMatrix(rows: 4, columns: batch, seed: 1)

  static func network(_ activation: Activation) -> DenseNetwork {
    let stream = RandomStream(seed: 3, name: "weights")
    let sizes = [4, 6, 5, 3]
    let layers = (0..<3).map { index in
      DenseLayer(
        inputs: sizes[index], outputs: sizes[index + 1], initial: .deviation(0.8), stream: stream,
        substream: UInt64(index))
    }
    return DenseNetwork(layers: layers, activations: [activation, activation, .identity])
  }

  func loss(_ network: DenseNetwork) -> Double {
    var pass = DenseNetwork.Pass(of: network, batch: Self.batch)
    var delta = pass.result
    network.forward(input, pass: &pass, workers: .one)
    return SoftmaxCrossEntropy.loss(logits: pass.result, labels: Self.labels, delta: &delta)
  }

  /// Central differences of the whole loss by every weight and bias.
  ///
  /// The step of 2⁻¹⁰ leaves about 10⁻³ of the loss's rounding, and the seeds put no rectifier's kink
  /// within a step.
  @Test(arguments: ActivationTests.all) func gradientsAreFiniteDifferences(activation: Activation) {
    let network = Self.network(activation)
    var pass = DenseNetwork.Pass(of: network, batch: Self.batch)
    var gradients = network.zeroGradients()
    network.forward(input, pass: &pass, workers: .one)
    let result = pass.result
    _ = SoftmaxCrossEntropy.loss(logits: result, labels: Self.labels, delta: &pass.deltas[2])
    network.backward(&pass, workers: .one)
    network.gradients(of: pass, input: input, into: &gradients, workers: .one)
    let step: Float = 0x1p-10
    for layer in 0..<3 {
      for index in network.layers[layer].weights.elements.indices {
        var (above, below) = (network, network)
        above.layers[layer].weights.elements[index] += step
        below.layers[layer].weights.elements[index] -= step
        let difference = (loss(above) - loss(below)) / Double(2 * step)
        #expect(abs(difference - Double(gradients[layer].elements[index])) < 5e-3)
      }
    }
  }
}
