package import Mathematics

/// A rule that moves parameters against a gradient.
package protocol Optimizer: Sendable {
  /// One step on all parameters, with `scale` · `gradient` as the slope of the loss.
  ///
  /// - Parameter scale: 1 / batch turns a batch-summed gradient into a mean.
  mutating func update(
    _ parameters: inout [Float], gradient: [Float], scale: Float, workers: Workers)
}

/// Parameters in a block of an update's work.
private let blockSize = 32_768

/// Gradient descent: w ← w − rate · g.
package struct GradientDescent: Optimizer, Equatable {
  /// Step length, which may change between updates.
  package var rate: Float

  /// Descent with a step length; there is no other state.
  package init(rate: Float) { self.rate = rate }

  /// One step; a slope for every parameter.
  package mutating func update(
    _ parameters: inout [Float], gradient: [Float], scale: Float = 1, workers: Workers
  ) {
    precondition(parameters.count == gradient.count, "a slope for every parameter")
    let factor = -rate * scale
    parameters.withUnsafeMutableBufferPointer { parameters in
      gradient.withUnsafeBufferPointer { gradient in
        // Sound: every block of work writes its own range, and `forEachBlock` returns after the last of them.
        nonisolated(unsafe) let (parameters, gradient) = (parameters, gradient)
        workers.forEachBlock(of: parameters.count, size: blockSize) { range in
          BufferKernels.add(
            UnsafeBufferPointer(rebasing: gradient[range]), times: factor,
            to: UnsafeMutableBufferPointer(rebasing: parameters[range]))
        }
      }
    }
  }
}
