/// Elementary functions in single precision, written to be called in loops over buffers.
///
/// Goals, in order: no branches and no calls, so that a loop over them becomes vector code; errors
/// of a few units in the last place; speed. Arguments are reduced in the usual way and the rest is
/// a polynomial (coefficients as in the single-precision Cephes library, S. L. Moshier). Tests hold
/// every function against Glibc over its range.
package enum ElementaryFunctions {
  /// A uniform number in (0, 1) from the upper 24 bits of a word.
  @inline(__always)
  package static func unitInterval(_ word: UInt32) -> Float {
    // Below 2²⁴ the signed conversion is exact, and it is the one with a vector instruction.
    let number = (Float(Int32(bitPattern: word &>> 8)) + 0.5) * 0x1p-24
    // The half is lost above ½, so that the last number would round to one.
    return number < 1 ? number : 1 - 0x1p-24
  }

  /// Two standard normal numbers from two random words (Box and Muller 1958).
  @inline(__always)
  package static func boxMuller(_ first: UInt32, _ second: UInt32) -> (Float, Float) {
    let radius = squareRoot(-2 * logarithm(unitInterval(first)))
    let (sine, cosine) = sineCosineOfTurn(second)
    return (radius * cosine, radius * sine)
  }

  /// Square root of a normal, positive number or zero.
  ///
  /// `Float.squareRoot()` checks for a negative argument and keeps loops scalar; three Newton steps
  /// on 1/√x from the exponent-halving guess reach single precision.
  @inline(__always)
  package static func squareRoot(_ x: Float) -> Float {
    var y = Float(bitPattern: 0x5F37_5A86 &- x.bitPattern &>> 1)
    let half = 0.5 * x
    y *= 1.5 - half * y * y
    y *= 1.5 - half * y * y
    y *= 1.5 - half * y * y
    return x * y
  }

  /// Natural logarithm of a normal, positive number.
  @inline(__always)
  package static func logarithm(_ x: Float) -> Float {
    // Mantissa into [√½, √2) by moving the exponent's border to √½ (bit pattern 3F3504F3).
    let offset = Int32(bitPattern: x.bitPattern &- 0x3F35_04F3)
    let exponent = Float(offset &>> 23)
    let mantissa = Float(
      bitPattern: UInt32(bitPattern: (offset & 0x007F_FFFF) &+ 0x3F35_04F3))
    let f = mantissa - 1
    let squared = f * f
    var p: Float = 7.037_683_6e-2
    p = p * f - 1.151_461_03e-1
    p = p * f + 1.167_699_87e-1
    p = p * f - 1.242_014_08e-1
    p = p * f + 1.424_932_28e-1
    p = p * f - 1.666_805_77e-1
    p = p * f + 2.000_071_48e-1
    p = p * f - 2.499_999_4e-1
    p = p * f + 3.333_333_1e-1
    let correction = f * squared * p - exponent * 2.121_944_4e-4 - squared * 0.5
    return f + correction + exponent * 0.693_359_375
  }

  /// sin and cos of 2π · word / 2³².
  ///
  /// The top two bits choose a quadrant after rounding to the nearest, so the rest is an angle
  /// within ±π/4, on which short polynomials hold.
  @inline(__always)
  package static func sineCosineOfTurn(_ word: UInt32) -> (sine: Float, cosine: Float) {
    let quadrant = (word &+ 0x2000_0000) &>> 30
    let angle = Float(Int32(bitPattern: word &- (quadrant &<< 30))) * (2 * Float.pi * 0x1p-32)
    let squared = angle * angle
    var s: Float = -1.951_529_6e-4
    s = s * squared + 8.332_161e-3
    s = s * squared - 1.666_665_5e-1
    let sine = angle + angle * squared * s
    var c: Float = 2.443_315_7e-5
    c = c * squared - 1.388_731_6e-3
    c = c * squared + 4.166_664_6e-2
    let cosine = 1 - squared * 0.5 + squared * squared * c
    let swaps = quadrant & 1 == 1
    return (
      signToggled(swaps ? cosine : sine, by: (quadrant & 2) &<< 30),
      signToggled(swaps ? sine : cosine, by: ((quadrant &+ 1) & 2) &<< 30)
    )
  }

  @inline(__always)
  private static func signToggled(_ x: Float, by signBit: UInt32) -> Float {
    Float(bitPattern: x.bitPattern ^ signBit)
  }

  /// e^x, with the argument clamped to ±87.
  @inline(__always)
  package static func exponential(_ x: Float) -> Float {
    let lower: Float = x < -87 ? -87 : x
    let clamped: Float = lower > 87 ? 87 : lower
    // Adding 1.5 · 2²³ rounds to the nearest integer and leaves it in the low bits.
    let shifted = clamped * 1.442_695_04 + 12_582_912
    let whole = shifted - 12_582_912
    let rest = clamped - whole * 0.693_359_375 + whole * 2.121_944_4e-4
    var p: Float = 1.987_569_15e-4
    p = p * rest + 1.398_199_95e-3
    p = p * rest + 8.333_451_9e-3
    p = p * rest + 4.166_579_6e-2
    p = p * rest + 1.666_666_55e-1
    p = p * rest + 5.000_000_1e-1
    let fraction = p * rest * rest + rest + 1
    let power = Float(bitPattern: (shifted.bitPattern &- 0x4B3F_FF81) &<< 23)
    return fraction * power
  }

  /// tanh x, through e^(2x) and, near zero where that cancels, an odd polynomial.
  @inline(__always)
  package static func hyperbolicTangent(_ x: Float) -> Float {
    let magnitude = x.magnitude
    let far = 1 - 2 / (exponential(2 * magnitude) + 1)
    let squared = x * x
    var p: Float = -5.704_988_7e-3
    p = p * squared + 2.063_908_9e-2
    p = p * squared - 5.373_971e-2
    p = p * squared + 1.333_144_2e-1
    p = p * squared - 3.333_328_2e-1
    let near = magnitude + magnitude * squared * p
    let result = magnitude < 0.625 ? near : far
    return Float(bitPattern: result.bitPattern | (x.bitPattern & 0x8000_0000))
  }

  /// sinh(x) / x, by series below one and exponentials above, continued to zero.
  @inline(__always)
  package static func hyperbolicSineRatio(_ x: Float) -> Float {
    let squared = x * x
    var p: Float = 2.505_210_8e-8
    p = p * squared + 2.755_731_9e-6
    p = p * squared + 1.984_127e-4
    p = p * squared + 8.333_333_3e-3
    p = p * squared + 1.666_666_7e-1
    let near = 1 + squared * p
    let magnitude = x.magnitude
    let e = exponential(magnitude)
    let far = (e - 1 / e) / (2 * (magnitude < 0.5 ? 1 : magnitude))
    return magnitude < 1 ? near : far
  }

  /// 1 / (1 + e^−x).
  @inline(__always)
  package static func logistic(_ x: Float) -> Float { 1 / (1 + exponential(-x)) }
}
