package import Mathematics

/// An elementwise nonlinearity whose derivative follows from its output.
package enum Activation: Equatable, Sendable {
  case identity
  /// x above zero, slope · x elsewhere; slope ≥ 0, and zero is the plain rectifier.
  case leakyRectifier(slope: Float)
  /// The leaky rectifier of a circuit whose output meets the supply rail at `limit`.
  case clippedRectifier(slope: Float, limit: Float)
  case tanh
  /// 1 / (1 + e^−x).
  case logistic

  /// The rectifier, max(0, x).
  package static let rectifier = Activation.leakyRectifier(slope: 0)

  /// Elements in a block of work.
  private static let blockSize = 16_384

  /// Replaces every x by its activated value.
  package func apply(to values: inout Matrix, workers: Workers) {
    guard self != .identity else { return }
    values.elements.withUnsafeMutableBufferPointer { buffer in
      // Sound: every block of work writes its own range, and `forEachBlock` returns after the last of them.
      nonisolated(unsafe) let buffer = buffer
      workers.forEachBlock(of: buffer.count, size: Self.blockSize) { range in
        apply(to: UnsafeMutableBufferPointer(rebasing: buffer[range]))
      }
    }
  }

  /// delta ·= f′(x), expressed through output = f(x).
  package func multiplyByDerivative(_ delta: inout Matrix, output: Matrix, workers: Workers) {
    precondition(delta.elements.count == output.elements.count, "shapes must be equal")
    guard self != .identity else { return }
    output.elements.withUnsafeBufferPointer { output in
      delta.elements.withUnsafeMutableBufferPointer { delta in
        // Sound: every block of work writes its own range, and `forEachBlock` returns after the last of them.
        nonisolated(unsafe) let (output, delta) = (output, delta)
        workers.forEachBlock(of: delta.count, size: Self.blockSize) { range in
          multiplyByDerivative(
            UnsafeMutableBufferPointer(rebasing: delta[range]),
            output: UnsafeBufferPointer(rebasing: output[range]))
        }
      }
    }
  }

  private func apply(to values: UnsafeMutableBufferPointer<Float>) {
    switch self {
    case .identity: break
    case .leakyRectifier(let slope): BufferKernels.applyLeakyRectifier(values, slope: slope)
    case .clippedRectifier(let slope, let limit):
      BufferKernels.applyClippedRectifier(values, slope: slope, limit: limit)
    case .tanh: BufferKernels.applyTanh(values)
    case .logistic: BufferKernels.applyLogistic(values)
    }
  }

  private func multiplyByDerivative(
    _ delta: UnsafeMutableBufferPointer<Float>, output: UnsafeBufferPointer<Float>
  ) {
    switch self {
    case .identity: break
    case .leakyRectifier(let slope):
      BufferKernels.multiplyByLeakyRectifierDerivative(delta, output: output, slope: slope)
    case .clippedRectifier(let slope, let limit):
      BufferKernels.multiplyByClippedRectifierDerivative(
        delta, output: output, slope: slope, limit: limit)
    case .tanh: BufferKernels.multiplyByTanhDerivative(delta, output: output)
    case .logistic: BufferKernels.multiplyByLogisticDerivative(delta, output: output)
    }
  }
}
