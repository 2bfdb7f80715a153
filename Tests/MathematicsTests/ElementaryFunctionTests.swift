import Foundation
import Mathematics
import Testing

/// Every function against Glibc in double precision, over the range it is documented for.
@Suite struct ElementaryFunctionTests {
  /// The largest error of `found` over some arguments, relative to `expected` or, where that is
  /// below `floor`, to `floor`.
  private func worstError(
    _ arguments: some Sequence<Float>, floor: Double = 0, _ found: (Float) -> Float,
    against expected: (Double) -> Double
  ) -> Double {
    arguments.reduce(0) { worst, x in
      let truth = expected(Double(x))
      let error = abs(Double(found(x)) - truth) / max(abs(truth), floor)
      return error.isNaN ? .infinity : max(worst, error)
    }
  }

  /// Numbers spread evenly over the exponents of a range.
  private func geometric(from first: Float, to last: Float, count: Int = 200_000) -> [Float] {
    let ratio = Double(last) / Double(first)
    return (0..<count).map { Float(Double(first) * pow(ratio, Double($0) / Double(count - 1))) }
  }

  private func even(from first: Float, to last: Float, count: Int = 200_000) -> [Float] {
    (0..<count).map { first + (last - first) * (Float($0) / Float(count - 1)) }
  }

  @Test func squareRoot() {
    let normal = geometric(from: .leastNormalMagnitude, to: 1e38)
    #expect(
      worstError(normal, { ElementaryFunctions.squareRoot($0) }, against: { sqrt($0) }) < 3e-7)
    #expect(ElementaryFunctions.squareRoot(0) == 0)
  }

  @Test func logarithm() {
    let normal = geometric(from: .leastNormalMagnitude, to: 3e38)
    let error = worstError(
      normal, floor: 0.5, { ElementaryFunctions.logarithm($0) }, against: { log($0) })
    #expect(error < 2e-7)
    // Box–Muller takes it close to one, where the result is small and must stay relatively exact.
    let nearOne = even(from: 0.9, to: 1).filter { $0 < 1 }
    #expect(worstError(nearOne, { ElementaryFunctions.logarithm($0) }, against: { log($0) }) < 3e-7)
    #expect(ElementaryFunctions.logarithm(1) == 0)
  }

  @Test func exponential() {
    let arguments = even(from: -87, to: 87)
    #expect(
      worstError(arguments, { ElementaryFunctions.exponential($0) }, against: { exp($0) }) < 3e-7)
    #expect(ElementaryFunctions.exponential(0) == 1)
  }

  @Test("Beyond ±87 the exponential stays at its ends")
  func exponentialIsClamped() {
    for beyond: Float in [88, 1e4, .infinity] {
      #expect(ElementaryFunctions.exponential(beyond) == ElementaryFunctions.exponential(87))
      #expect(ElementaryFunctions.exponential(-beyond) == ElementaryFunctions.exponential(-87))
    }
  }

  @Test func sineAndCosineOfTurn() {
    var worst = 0.0
    for index in 0..<200_000 {
      let word = UInt32(truncatingIfNeeded: index &* 21_475)
      let angle = 2 * Double.pi * Double(word) / 0x1p32
      let (sine, cosine) = ElementaryFunctions.sineCosineOfTurn(word)
      worst = max(worst, abs(Double(sine) - sin(angle)), abs(Double(cosine) - cos(angle)))
    }
    #expect(worst < 2e-7)
  }

  @Test("Quarter turns are exact, whichever quadrant rounding chooses")
  func quarterTurns() {
    let expected: [(Float, Float)] = [(0, 1), (1, 0), (0, -1), (-1, 0)]
    for (quarter, (sine, cosine)) in expected.enumerated() {
      let found = ElementaryFunctions.sineCosineOfTurn(UInt32(quarter) << 30)
      #expect(abs(found.sine - sine) == 0 && abs(found.cosine - cosine) == 0)
    }
  }

  @Test func hyperbolicTangent() {
    let small = geometric(from: 1e-30, to: 12)
    let both = small + small.map { -$0 }
    #expect(
      worstError(both, { ElementaryFunctions.hyperbolicTangent($0) }, against: { tanh($0) }) < 4e-7)
    for large: Float in [20, 50, 1e10, .infinity] {
      #expect(ElementaryFunctions.hyperbolicTangent(large) == 1)
      #expect(ElementaryFunctions.hyperbolicTangent(-large) == -1)
    }
  }

  @Test func hyperbolicSineRatio() {
    let small = geometric(from: 1e-10, to: 40)
    let both = small + small.map { -$0 }
    let error = worstError(
      both, { ElementaryFunctions.hyperbolicSineRatio($0) }, against: { sinh($0) / $0 })
    #expect(error < 6e-7)
    #expect(ElementaryFunctions.hyperbolicSineRatio(0) == 1)
  }

  @Test func logistic() {
    let arguments = even(from: -80, to: 80)
    let error = worstError(
      arguments, { ElementaryFunctions.logistic($0) }, against: { 1 / (1 + exp(-$0)) })
    #expect(error < 4e-7)
    #expect(ElementaryFunctions.logistic(0) == 0.5)
  }

  @Test("Uniform numbers stay inside (0, 1) at both ends")
  func unitInterval() {
    #expect(ElementaryFunctions.unitInterval(0) == 0x1p-25)
    #expect(ElementaryFunctions.unitInterval(.max) < 1)
    #expect(ElementaryFunctions.unitInterval(0x8000_0000) == 0.5)
  }
}
