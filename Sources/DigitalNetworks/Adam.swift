import Foundation
package import Mathematics

/// Adam with bias correction (Kingma and Ba 2015, algorithm 1).
///
/// m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← w − rate · m̂ / (√v̂ + ε), with m̂ = m / (1−β₁ᵗ) and
/// v̂ = v / (1−β₂ᵗ). The moments and the step counter are the whole state: a copy continues with
/// the same bits.
package struct Adam: Optimizer, Equatable {
  /// Step length, which may change between updates.
  package var rate: Float
  /// β₁, decay of the mean per step.
  package let beta1: Float
  /// β₂, decay of the mean square per step.
  package let beta2: Float
  /// ε, what keeps the quotient finite where slopes vanish.
  package let epsilon: Float
  /// Steps done.
  package var step = 0
  /// Running mean of the slopes, one per parameter.
  package var firstMoment: [Float]
  /// Running mean of the squared slopes.
  package var secondMoment: [Float]

  /// The start of a run over `count` parameters; 0 ≤ β₁, β₂ < 1.
  package init(
    count: Int, rate: Float, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8
  ) {
    self.rate = rate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    firstMoment = [Float](repeating: 0, count: count)
    secondMoment = [Float](repeating: 0, count: count)
  }

  /// One step; a slope and both moments for every parameter.
  package mutating func update(
    _ parameters: inout [Float], gradient: [Float], scale: Float = 1, workers: Workers
  ) {
    let count = parameters.count
    precondition(
      gradient.count == count && firstMoment.count == count && secondMoment.count == count,
      "a slope and two moments for every parameter")
    step += 1
    let constants = BufferKernels.AdamStep(
      scale: scale, beta1: beta1, beta2: beta2, epsilon: epsilon,
      rate: Float(Double(rate) / (1 - pow(Double(beta1), Double(step)))),
      rootCorrection: Float(1 / (1 - pow(Double(beta2), Double(step))).squareRoot()))
    parameters.withUnsafeMutableBufferPointer { parameters in
      gradient.withUnsafeBufferPointer { gradient in
        firstMoment.withUnsafeMutableBufferPointer { first in
          secondMoment.withUnsafeMutableBufferPointer { second in
            guard let w = parameters.baseAddress, let g = gradient.baseAddress,
              let m = first.baseAddress, let v = second.baseAddress
            else { return }
            // Sound: every block of work writes its own range, and `forEachBlock` returns after the last of them.
            nonisolated(unsafe) let at = (w: w, g: g, m: m, v: v)
            workers.forEachBlock(of: count, size: blockSize) { range in
              let start = range.lowerBound
              BufferKernels.adam(
                at.w + start, gradient: at.g + start, first: at.m + start, second: at.v + start,
                count: range.count, step: constants)
            }
          }
        }
      }
    }
  }
}

/// Parameters in a block of an update's work.
private let blockSize = 32_768
