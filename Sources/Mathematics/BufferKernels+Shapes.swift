/// Odd functions of voltage beyond polynomials and sinh, elementwise in single precision.
extension BufferKernels {
  /// target = sign(x)·|x|^exponent.
  package static func signedPower(
    _ x: UnsafeBufferPointer<Float>, exponent: Float, into target: UnsafeMutableBufferPointer<Float>
  ) {
    guard let input = x.baseAddress, let output = target.baseAddress else { return }
    for i in 0..<x.count {
      let chord = Self.chordPower(input[i], exponent)
      output[i] = input[i] * chord
    }
  }

  /// target += factor · |x|^(exponent − 1).
  package static func addPowerChords(
    of x: UnsafeBufferPointer<Float>, exponent: Float, times factor: Float,
    to target: UnsafeMutableBufferPointer<Float>
  ) {
    guard let input = x.baseAddress, let output = target.baseAddress else { return }
    for i in 0..<x.count { output[i] += factor * Self.chordPower(input[i], exponent) }
  }

  @inline(__always)
  private static func chordPower(_ x: Float, _ exponent: Float) -> Float {
    // Below 10⁻³⁰ V the logarithm would leave the normal numbers.
    let magnitude = x.magnitude < 1e-30 ? 1e-30 : x.magnitude
    return ElementaryFunctions.exponential(
      (exponent - 1) * ElementaryFunctions.logarithm(magnitude))
  }

  /// target = x·e^(β·√|x|).
  package static func fieldEmission(
    _ x: UnsafeBufferPointer<Float>, beta: Float, into target: UnsafeMutableBufferPointer<Float>
  ) {
    guard let input = x.baseAddress, let output = target.baseAddress else { return }
    for i in 0..<x.count {
      let root = ElementaryFunctions.squareRoot(input[i].magnitude)
      output[i] = input[i] * ElementaryFunctions.exponential(beta * root)
    }
  }

  /// target += factor · e^(β·√|x|).
  package static func addFieldEmissionChords(
    of x: UnsafeBufferPointer<Float>, beta: Float, times factor: Float,
    to target: UnsafeMutableBufferPointer<Float>
  ) {
    guard let input = x.baseAddress, let output = target.baseAddress else { return }
    for i in 0..<x.count {
      let root = ElementaryFunctions.squareRoot(input[i].magnitude)
      output[i] += factor * ElementaryFunctions.exponential(beta * root)
    }
  }

  /// target = target · (1 − e^(−|x|/s)) / (|x|/s): turns Poole–Frenkel into Schottky emission.
  package static func applySaturation(
    of x: UnsafeBufferPointer<Float>, scale: Float, to target: UnsafeMutableBufferPointer<Float>
  ) {
    guard let input = x.baseAddress, let output = target.baseAddress else { return }
    for i in 0..<x.count {
      let u = input[i].magnitude / scale
      let far = (1 - ElementaryFunctions.exponential(-u)) / (u < 1e-2 ? 1 : u)
      output[i] *= u < 1e-2 ? 1 - u * (0.5 - u * 0.166_666_67) : far
    }
  }
}
