import Mathematics

extension BasisFunction {
  /// target = φ(source), elementwise, in single precision.
  package func values(
    of source: UnsafeBufferPointer<Float>, into target: UnsafeMutableBufferPointer<Float>
  ) {
    switch self {
    case .linear: BufferKernels.copy(source, into: target)
    case .cubic: BufferKernels.cube(source, into: target)
    case .hyperbolicSine(let slope):
      BufferKernels.hyperbolicSine(source, slope: Float(slope), into: target)
    case .power(let exponent):
      BufferKernels.signedPower(source, exponent: Float(exponent), into: target)
    case .pooleFrenkel(let beta):
      BufferKernels.fieldEmission(source, beta: Float(beta), into: target)
    case .schottky(let beta, let scale):
      BufferKernels.fieldEmission(source, beta: Float(beta), into: target)
      BufferKernels.applySaturation(of: source, scale: Float(scale), to: target)
    case .diode, .fowlerNordheim, .seriesSinh, .branch:
      for i in 0..<source.count { target[i] = Float(value(at: Double(source[i]))) }
    }
  }

  /// target += factor · φ(source) / source, elementwise, continued to zero.
  package func addChords(
    of source: UnsafeBufferPointer<Float>, times factor: Float = 1,
    to target: UnsafeMutableBufferPointer<Float>
  ) {
    switch self {
    case .linear: BufferKernels.addConstant(factor, to: target)
    case .cubic: BufferKernels.addSquares(of: source, times: factor, to: target)
    case .hyperbolicSine(let slope):
      BufferKernels.addHyperbolicSineChords(
        of: source, slope: Float(slope), times: factor, to: target)
    case .power(let exponent):
      BufferKernels.addPowerChords(
        of: source, exponent: Float(exponent), times: factor, to: target)
    case .pooleFrenkel(let beta):
      BufferKernels.addFieldEmissionChords(of: source, beta: Float(beta), times: factor, to: target)
    case .schottky, .diode, .fowlerNordheim, .seriesSinh, .branch:
      addChordsOneByOne(of: source, times: factor, to: target)
    }
  }

  /// For a form whose chord is a product and cannot be added in one kernel.
  private func addChordsOneByOne(
    of source: UnsafeBufferPointer<Float>, times factor: Float,
    to target: UnsafeMutableBufferPointer<Float>
  ) {
    for i in 0..<source.count { target[i] += factor * Float(chord(at: Double(source[i]))) }
  }
}
