/// Loops over whole buffers, in the form that compiles to vector code.
///
/// Sums run in eight fixed partial sums: the result depends on the data and its length only.
package enum BufferKernels {
  /// target[i] = transform(source[i]) for every i; the buffers may be the same.
  @inline(__always)
  static func map(
    _ source: UnsafeBufferPointer<Float>, into target: UnsafeMutableBufferPointer<Float>,
    _ transform: (Float) -> Float
  ) {
    precondition(source.count == target.count, "buffers must have equal lengths")
    guard let input = source.baseAddress, let output = target.baseAddress else { return }
    for index in 0..<source.count { output[index] = transform(input[index]) }
  }

  /// target = factor · source.
  package static func scale(
    _ source: UnsafeBufferPointer<Float>, by factor: Float,
    into target: UnsafeMutableBufferPointer<Float>
  ) { map(source, into: target) { factor * $0 } }

  /// x ← factor · x.
  package static func scaleInPlace(_ values: UnsafeMutableBufferPointer<Float>, by factor: Float) {
    guard let base = values.baseAddress else { return }
    for index in 0..<values.count { base[index] *= factor }
  }

  /// target += factor · source.
  package static func add(
    _ source: UnsafeBufferPointer<Float>, times factor: Float = 1,
    to target: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(source.count == target.count, "buffers must have equal lengths")
    guard let input = source.baseAddress, let output = target.baseAddress else { return }
    for index in 0..<source.count { output[index] += factor * input[index] }
  }

  /// Largest magnitude of a buffer; zero when it is empty, NaN elements are passed over.
  package static func largestMagnitude(_ source: UnsafeBufferPointer<Float>) -> Float {
    guard let input = source.baseAddress else { return 0 }
    // A comparison with NaN is false: it takes no lane over.
    var (largest, index) = (SIMD16<Float>.zero, 0)
    while index &+ 16 <= source.count {
      let values = UnsafeRawPointer(input + index).loadUnaligned(as: SIMD16<Float>.self)
      let opposites = -values
      largest.replace(with: values, where: values .> largest)
      largest.replace(with: opposites, where: opposites .> largest)
      index &+= 16
    }
    var result: Float = 0
    for lane in 0..<16 where largest[lane] > result { result = largest[lane] }
    while index < source.count {
      if input[index].magnitude > result { result = input[index].magnitude }
      index &+= 1
    }
    return result
  }

  /// Σ a[i] · b[i].
  package static func dot(
    _ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>
  ) -> Float {
    precondition(a.count == b.count, "buffers must have equal lengths")
    guard let first = a.baseAddress, let second = b.baseAddress else { return 0 }
    return dot(first, second, count: a.count)
  }

  /// Σ a[i] · b[i] over `count` elements.
  package static func dot(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int
  ) -> Float {
    var sum = SIMD8<Float>()
    let whole = count & ~7
    var index = 0
    while index < whole {
      sum +=
        UnsafeRawPointer(a + index).loadUnaligned(as: SIMD8<Float>.self)
        * UnsafeRawPointer(b + index).loadUnaligned(as: SIMD8<Float>.self)
      index &+= 8
    }
    var result = sum.sum()
    while index < count {
      result += a[index] * b[index]
      index &+= 1
    }
    return result
  }
}

extension BufferKernels {
  /// target = source³, elementwise.
  package static func cube(
    _ source: UnsafeBufferPointer<Float>, into target: UnsafeMutableBufferPointer<Float>
  ) { map(source, into: target) { $0 * $0 * $0 } }

  /// Adds Gaussian noise of varying strength: target[i] += √variance[i] · gaussian[i].
  ///
  /// Variances are zero or normal, positive numbers.
  package static func addNoise(
    variance: UnsafeBufferPointer<Float>, gaussian: UnsafeBufferPointer<Float>,
    to target: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(
      variance.count == target.count && gaussian.count == target.count,
      "buffers must have equal lengths")
    guard let variance = variance.baseAddress, let gaussian = gaussian.baseAddress,
      let output = target.baseAddress
    else { return }
    for index in 0..<target.count {
      output[index] += ElementaryFunctions.squareRoot(variance[index]) * gaussian[index]
    }
  }

  /// target = source.
  package static func copy(
    _ source: UnsafeBufferPointer<Float>, into target: UnsafeMutableBufferPointer<Float>
  ) { map(source, into: target) { $0 } }

  /// target = sinh(slope · source) / slope, elementwise.
  package static func hyperbolicSine(
    _ source: UnsafeBufferPointer<Float>, slope: Float,
    into target: UnsafeMutableBufferPointer<Float>
  ) { map(source, into: target) { $0 * ElementaryFunctions.hyperbolicSineRatio(slope * $0) } }

  /// target[i] += value.
  package static func addConstant(_ value: Float, to target: UnsafeMutableBufferPointer<Float>) {
    guard let output = target.baseAddress else { return }
    for index in 0..<target.count { output[index] += value }
  }

  /// target[i] += factor · source[i]².
  package static func addSquares(
    of source: UnsafeBufferPointer<Float>, times factor: Float = 1,
    to target: UnsafeMutableBufferPointer<Float>
  ) { accumulate(source, to: target) { factor * $0 * $0 } }

  /// target[i] += factor · sinh(slope · source[i]) / (slope · source[i]).
  package static func addHyperbolicSineChords(
    of source: UnsafeBufferPointer<Float>, slope: Float, times factor: Float = 1,
    to target: UnsafeMutableBufferPointer<Float>
  ) {
    accumulate(source, to: target) {
      factor * ElementaryFunctions.hyperbolicSineRatio(slope * $0)
    }
  }

  @inline(__always)
  private static func accumulate(
    _ source: UnsafeBufferPointer<Float>, to target: UnsafeMutableBufferPointer<Float>,
    _ transform: (Float) -> Float
  ) {
    precondition(source.count == target.count, "buffers must have equal lengths")
    guard let input = source.baseAddress, let output = target.baseAddress else { return }
    for index in 0..<source.count { output[index] += transform(input[index]) }
  }
}
