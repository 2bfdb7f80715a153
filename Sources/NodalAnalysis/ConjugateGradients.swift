/// Conjugate gradients on the bit-line nodes, with the word lines eliminated exactly.
///
/// Eliminating w = A⁻¹ (r_w + G b) leaves (D − G A⁻¹ G) b = r_b + G A⁻¹ r_w. The matrix is applied
/// by one sweep along the word lines, the preconditioner D⁻¹ by one along the bit lines; an
/// iteration costs as much as one of block Gauss–Seidel and converges as conjugate gradients on it
/// (L. A. Hageman, D. M. Young, Applied Iterative Methods, 1981, chapter 8). Every lane has its own
/// step lengths.
final class ConjugateGradients<Element: Lanes> {
  private let sweeps: LineSweeps<Element>
  private let r: Buffer<Element>
  private let z: Buffer<Element>
  private let p: Buffer<Element>
  private let h: Buffer<Element>
  /// The bit-line correction found so far.
  let correction: Buffer<Element>
  /// What is left of the energy rᵀ · D⁻¹ · r of each lane.
  private(set) var energy = Element.zero
  private(set) var steps = 0

  init(_ sweeps: LineSweeps<Element>) {
    self.sweeps = sweeps
    func buffer() -> Buffer<Element> { Buffer(count: sweeps.count, repeating: .zero) }
    r = buffer()
    z = buffer()
    p = buffer()
    h = buffer()
    correction = buffer()
  }

  /// The right-hand side, written by the caller before ``start()``.
  var rightHandSide: UnsafeMutablePointer<Element> { r.pointer }

  /// Takes the right-hand side as the residual of a zero correction.
  func start() {
    for index in 0..<correction.count {
      correction.pointer[index] = .zero
      p.pointer[index] = .zero
    }
    energy = sweeps.solveBits(r.pointer, into: z.pointer)
    steps = 0
  }

  /// Iterates until every lane's energy is at its target or the limit is reached.
  func run(target: Element, limit: Int) {
    var beta = Element.zero
    // pᵀ · D · p by its recurrence: the new z is D-orthogonal to the old p.
    var norm = Element.zero
    while steps < limit, exceeds(target) {
      let coupled = sweeps.advance(
        beta: beta, z: z.pointer, p: p.pointer, h: h.pointer)
      norm = energy + beta * beta * norm
      let alpha = Element.ratio(energy, norm - coupled)
      let next = sweeps.step(
        alpha: alpha, p: p.pointer, h: h.pointer, x: correction.pointer, r: r.pointer,
        z: z.pointer)
      beta = Element.ratio(next, energy)
      energy = next
      steps += 1
    }
  }

  /// An upper bound of the largest eigenvalue of T = D⁻¹ G A⁻¹ G, at most 1.
  ///
  /// T has no negative element, so that max (T v)ᵢ / vᵢ bounds it for every positive v (Collatz and
  /// Wielandt), more closely with every step v ← T v.
  func largestCoupling() -> Double {
    for index in 0..<p.count { p.pointer[index] = Element(repeating: 1) }
    for index in 0..<z.count { z.pointer[index] = .zero }
    var bound = 1.0
    for _ in 0..<Self.couplingSteps {
      _ = sweeps.advance(beta: Element(repeating: 1), z: z.pointer, p: p.pointer, h: h.pointer)
      _ = sweeps.solveBits(h.pointer, into: r.pointer)
      var largest = 0.0
      for index in 0..<p.count {
        let (before, after) = (p[index].lane(0), r[index].lane(0))
        if after > 0 { largest = max(largest, after / before) }
        p.pointer[index] = r[index]
      }
      bound = min(bound, largest)
    }
    return bound
  }

  private static var couplingSteps: Int { 8 }

  private func exceeds(_ target: Element) -> Bool {
    (0..<Element.laneCount).contains { energy.lane($0) > target.lane($0) }
  }
}
