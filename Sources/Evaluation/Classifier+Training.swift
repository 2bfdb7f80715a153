import DigitalNetworks
import Mathematics

extension Classifier {
  /// The fixed training schedule.
  private enum Schedule {
    static let epochs = 6
    static let batch = 128
    /// Adam's rate falls linearly from here to zero.
    static let rate: Float = 2e-3
  }

  /// Adam on the mean softmax cross-entropy; a last, partial batch of an epoch is left out.
  static func trainedNetwork(
    on data: LabelledPixels, seed: UInt64, workers: Workers
  ) -> DenseNetwork {
    var network = initialNetwork(seed: seed)
    let batch = min(Schedule.batch, data.count)
    let steps = data.count / batch
    var input = Matrix(rows: pixelsPerImage, columns: batch)
    var labels = [UInt8](repeating: 0, count: batch)
    var pass = DenseNetwork.Pass(of: network, batch: batch)
    var gradients = network.zeroGradients()
    var optimizers = network.layers.map {
      Adam(count: $0.weights.elements.count, rate: Schedule.rate)
    }
    var order = Array(0..<data.count)
    var sequence = RandomSequence(RandomStream(seed: seed, name: "classifier order"))
    for epoch in 0..<Schedule.epochs {
      order.shuffle(using: &sequence)
      for step in 0..<steps {
        let chosen = order[step * batch..<(step + 1) * batch]
        gather(chosen, from: data.pixels, into: &input)
        for (column, index) in chosen.enumerated() { labels[column] = data.labels[index] }
        network.forward(input, pass: &pass, workers: workers)
        pass.setClassificationDelta(labels: labels)
        network.backward(&pass, workers: workers)
        network.gradients(of: pass, input: input, into: &gradients, workers: workers)
        let left = 1 - Float(epoch * steps + step) / Float(Schedule.epochs * steps)
        for layer in network.layers.indices {
          optimizers[layer].rate = Schedule.rate * left
          optimizers[layer].update(
            &network.layers[layer].weights.elements, gradient: gradients[layer].elements,
            scale: 1 / Float(batch), workers: workers)
        }
      }
    }
    return network
  }

  private static func initialNetwork(seed: UInt64) -> DenseNetwork {
    let stream = RandomStream(seed: seed, name: "classifier weights")
    let layers = (0..<3).map { index in
      DenseLayer(
        inputs: sizes[index], outputs: sizes[index + 1], initial: .rectifier, stream: stream,
        substream: UInt64(index))
    }
    return DenseNetwork(layers: layers, activations: activations)
  }

  /// Turns some images into a line-major batch of numbers in 0…1.
  static func gather(_ images: some Collection<Int>, from pixels: [UInt8], into batch: inout Matrix)
  {
    precondition(batch.rows == pixelsPerImage && batch.columns == images.count)
    let starts = images.map { $0 * pixelsPerImage }
    pixels.withUnsafeBufferPointer { pixels in
      // Pixel by pixel: 64 neighbouring ones of every image share its cache line.
      batch.withView { batch in
        for pixel in 0..<pixelsPerImage {
          let row = batch.row(pixel)
          for column in 0..<starts.count {
            row[column] = Float(pixels[starts[column] + pixel]) * (1 / 255)
          }
        }
      }
    }
  }
}

extension DenseNetwork.Pass {
  /// Sets the last delta to the derivative of the summed cross-entropy.
  fileprivate mutating func setClassificationDelta(labels: [UInt8]) {
    let last = deltas.count - 1
    _ = SoftmaxCrossEntropy.loss(logits: result, labels: labels, delta: &deltas[last])
  }
}
