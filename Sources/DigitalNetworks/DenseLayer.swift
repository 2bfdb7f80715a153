package import Mathematics

/// A fully connected layer, y = Wᵀx + b, in 32-bit floating point.
///
/// Batches are line-major: a row per unit, a column per sample. No method allocates; shapes that
/// do not fit are programming errors and stop the process.
package struct DenseLayer: Equatable, Sendable {
  /// (inputs + 1) × outputs; the last row is the bias, the weight of an input that is always one.
  package var weights: Matrix

  /// Units of the layer before, without the bias.
  package var inputs: Int { weights.rows - 1 }
  /// Units of this layer.
  package var outputs: Int { weights.columns }

  /// A layer with given weights, (inputs + 1) × outputs.
  package init(weights: Matrix) {
    precondition(weights.rows > 0, "weights have a bias row")
    self.weights = weights
  }

  /// A layer with normal random weights of zero mean and zero bias.
  ///
  /// - Parameters:
  ///   - stream: weight i (row-major) is element i of `substream`, times the deviation.
  package init(
    inputs: Int, outputs: Int, initial: InitialWeights, stream: RandomStream, substream: UInt64 = 0
  ) {
    weights = Matrix(rows: inputs + 1, columns: outputs)
    let deviation = initial.deviation(inputs: inputs)
    weights.elements.withUnsafeMutableBufferPointer { all in
      let drawn = UnsafeMutableBufferPointer(rebasing: all[..<(inputs * outputs)])
      stream.fillGaussian(drawn, substream: substream)
      for index in drawn.indices { drawn[index] *= deviation }
    }
  }

  /// Standard deviation of initial weights.
  package enum InitialWeights: Equatable, Sendable {
    /// Variance 1 / fan-in: keeps the variance of a linear layer's signals.
    case normalized
    /// Variance 2 / fan-in, for rectifiers (He et al. 2015).
    case rectifier
    case deviation(Float)

    func deviation(inputs: Int) -> Float {
      switch self {
      case .normalized: (1 / Float(max(1, inputs))).squareRoot()
      case .rectifier: (2 / Float(max(1, inputs))).squareRoot()
      case .deviation(let value): value
      }
    }
  }
}

extension DenseLayer {
  /// output = Wᵀ · input + b; shapes inputs × B and outputs × B.
  package func forward(input: Matrix, into output: inout Matrix, workers: Workers) {
    precondition(
      input.rows == inputs && output.rows == outputs && output.columns == input.columns,
      "batch does not fit the layer")
    weights.withReadOnlyView { weights in
      input.withReadOnlyView { input in
        output.withView { output in
          let bias = weights.row(inputs)
          for unit in 0..<outputs { output.row(unit).update(repeating: bias[unit]) }
          MatrixProduct.multiply(
            weights.rows(0..<inputs), transposed: true, input, keeping: 1, into: output,
            workers: workers)
        }
      }
    }
  }

  /// inputDelta = W · delta: the loss's derivative by the layer's inputs from that by its outputs.
  package func backward(delta: Matrix, into inputDelta: inout Matrix, workers: Workers) {
    precondition(
      delta.rows == outputs && inputDelta.rows == inputs && inputDelta.columns == delta.columns,
      "batch does not fit the layer")
    weights.withReadOnlyView { weights in
      delta.withReadOnlyView { delta in
        inputDelta.withView { inputDelta in
          MatrixProduct.multiply(
            weights.rows(0..<inputs), delta, into: inputDelta, workers: workers)
        }
      }
    }
  }

  /// gradient = Σ over the batch of (x, 1) · δᵀ, shaped as the weights: a sum, not a mean.
  package func gradient(
    input: Matrix, delta: Matrix, into gradient: inout Matrix, workers: Workers
  ) {
    precondition(
      input.rows == inputs && input.columns == delta.columns && delta.rows == outputs
        && gradient.rows == weights.rows && gradient.columns == outputs,
      "batch does not fit the layer")
    gradient.accumulateGradient(input, delta, keeping: 0, workers: workers)
  }
}
