/// What dense networks in 32-bit floating point need beside products of matrices.
///
/// Functions that change a buffer in place take it once: handed the same memory as source and
/// target, the compiler's overlap check would choose the scalar loop.
extension BufferKernels {
  @inline(__always)
  private static func update(
    _ target: UnsafeMutableBufferPointer<Float>, _ transform: (Float) -> Float
  ) {
    guard let values = target.baseAddress else { return }
    for index in 0..<target.count { values[index] = transform(values[index]) }
  }

  /// target ·= factor(source), elementwise.
  @inline(__always)
  private static func scale(
    _ target: UnsafeMutableBufferPointer<Float>, _ source: UnsafeBufferPointer<Float>,
    _ factor: (Float) -> Float
  ) {
    precondition(source.count == target.count, "buffers must have equal lengths")
    guard let input = source.baseAddress, let values = target.baseAddress else { return }
    for index in 0..<target.count { values[index] *= factor(input[index]) }
  }

  /// x ← tanh x.
  package static func applyTanh(_ target: UnsafeMutableBufferPointer<Float>) {
    update(target) { ElementaryFunctions.hyperbolicTangent($0) }
  }

  /// x ← 1 / (1 + e^−x).
  package static func applyLogistic(_ target: UnsafeMutableBufferPointer<Float>) {
    update(target) { ElementaryFunctions.logistic($0) }
  }

  /// x ← x above zero, slope · x elsewhere.
  package static func applyLeakyRectifier(
    _ target: UnsafeMutableBufferPointer<Float>, slope: Float
  ) {
    update(target) { $0 > 0 ? $0 : slope * $0 }
  }

  /// min(limit, x) above zero, slope · x elsewhere.
  package static func applyClippedRectifier(
    _ target: UnsafeMutableBufferPointer<Float>, slope: Float, limit: Float
  ) {
    update(target) { $0 > 0 ? min($0, limit) : slope * $0 }
  }

  /// delta ·= 1 − y², for y = tanh x.
  package static func multiplyByTanhDerivative(
    _ delta: UnsafeMutableBufferPointer<Float>, output: UnsafeBufferPointer<Float>
  ) {
    scale(delta, output) { 1 - $0 * $0 }
  }

  /// delta ·= y (1 − y), for the logistic y.
  package static func multiplyByLogisticDerivative(
    _ delta: UnsafeMutableBufferPointer<Float>, output: UnsafeBufferPointer<Float>
  ) {
    scale(delta, output) { $0 * (1 - $0) }
  }

  /// delta ·= 1 where y > 0 and slope elsewhere, for y of the leaky rectifier with slope ≥ 0.
  package static func multiplyByLeakyRectifierDerivative(
    _ delta: UnsafeMutableBufferPointer<Float>, output: UnsafeBufferPointer<Float>, slope: Float
  ) {
    scale(delta, output) { $0 > 0 ? 1 : slope }
  }

  /// delta ·= 1 where 0 < y < limit, 0 at the limit and slope elsewhere.
  package static func multiplyByClippedRectifierDerivative(
    _ delta: UnsafeMutableBufferPointer<Float>, output: UnsafeBufferPointer<Float>, slope: Float,
    limit: Float
  ) {
    scale(delta, output) { $0 > 0 ? ($0 < limit ? 1 : 0) : slope }
  }

  /// Σ source[i].
  package static func sum(_ source: UnsafeBufferPointer<Float>) -> Float {
    guard let input = source.baseAddress else { return 0 }
    var partial = SIMD8<Float>()
    let whole = source.count & ~7
    var index = 0
    while index < whole {
      partial += UnsafeRawPointer(input + index).loadUnaligned(as: SIMD8<Float>.self)
      index &+= 8
    }
    var result = partial.sum()
    while index < source.count {
      result += input[index]
      index &+= 1
    }
    return result
  }

  /// Constants of one Adam step, bias corrections folded in.
  package struct AdamStep: Sendable {
    /// Factor on the gradient as it is handed in.
    package let scale: Float
    package let beta1: Float
    package let beta2: Float
    package let epsilon: Float
    /// rate / (1 − β₁ᵗ).
    package let rate: Float
    /// 1 / √(1 − β₂ᵗ).
    package let rootCorrection: Float

    package init(
      scale: Float, beta1: Float, beta2: Float, epsilon: Float, rate: Float, rootCorrection: Float
    ) {
      self.scale = scale
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.rate = rate
      self.rootCorrection = rootCorrection
    }
  }

  /// One Adam step on `count` neighbouring parameters with their moments (Kingma and Ba 2015).
  package static func adam(
    _ weights: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
    first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>, count: Int,
    step: AdamStep
  ) {
    let keep1 = 1 - step.beta1
    let keep2 = 1 - step.beta2
    for index in 0..<count {
      let slope = step.scale * gradient[index]
      let m = step.beta1 * first[index] + keep1 * slope
      let v = step.beta2 * second[index] + keep2 * slope * slope
      first[index] = m
      second[index] = v
      let root = ElementaryFunctions.squareRoot(v) * step.rootCorrection
      weights[index] -= step.rate * m / (root + step.epsilon)
    }
  }
}
