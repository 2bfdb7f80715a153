import Mathematics

extension BasisFunction {
  /// target = φ(source), elementwise, in single precision.
  public func values(
    of source: UnsafeBufferPointer<Float>, into target: UnsafeMutableBufferPointer<Float>
  ) {
    switch self {
    case .linear: BufferKernels.copy(source, into: target)
    case .cubic: BufferKernels.cube(source, into: target)
    case .hyperbolicSine(let slope):
      BufferKernels.hyperbolicSine(source, slope: Float(slope), into: target)
    }
  }

  /// target += factor · φ(source) / source, elementwise, continued to zero.
  public func addChords(
    of source: UnsafeBufferPointer<Float>, times factor: Float = 1,
    to target: UnsafeMutableBufferPointer<Float>
  ) {
    switch self {
    case .linear: BufferKernels.addConstant(factor, to: target)
    case .cubic: BufferKernels.addSquares(of: source, times: factor, to: target)
    case .hyperbolicSine(let slope):
      BufferKernels.addHyperbolicSineChords(
        of: source, slope: Float(slope), times: factor, to: target)
    }
  }
}
