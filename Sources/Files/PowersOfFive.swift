/// 5ⁿ to 128 significant bits, with which decimal and binary numbers turn into each other.
///
/// Entry n stands for 5ⁿ · 2ˢ with its highest bit set: exact from 0 on, cut off below, and from −27 to −1
/// raised by one unit of the last place, as Eisel and Lemire's products need it (D. Lemire, Software:
/// Practice and Experience 51, 1700, 2021).
struct PowersOfFive: Sendable {
  /// Powers from −``limit`` to ``limit``; 5⁵⁵ is the last that 128 bits hold.
  static let limit = 55
  static let shared = PowersOfFive()

  /// High and low halves.
  private let entries: [(high: UInt64, low: UInt64)]

  private init() {
    entries = (-Self.limit...Self.limit).map { power in
      let value = power < 0 ? Self.reciprocal(-power) : Self.normalized(power)
      return (UInt64(value >> 64), UInt64(truncatingIfNeeded: value))
    }
  }

  subscript(power: Int) -> (high: UInt64, low: UInt64) { entries[power + Self.limit] }

  /// The place of the highest bit of 5ⁿ: ⌊n · log₂ 5⌋.
  @inline(__always)
  static func exponent(_ power: Int) -> Int { (power &* 152_170) >> 16 }

  private static func plain(_ power: Int) -> UInt128 {
    (0..<power).reduce(1) { value, _ in value * 5 }
  }

  private static func normalized(_ power: Int) -> UInt128 {
    let value = plain(power)
    return value << UInt128(value.leadingZeroBitCount)
  }

  /// The first 128 bits of 1/5ⁿ, by long division.
  private static func reciprocal(_ power: Int) -> UInt128 {
    let divisor = plain(power)
    var (rest, quotient): (UInt128, UInt128) = (1, 0)
    while quotient >> 127 == 0 {
      let carries = rest >> 127 != 0
      rest &<<= 1
      quotient &<<= 1
      if carries || rest >= divisor {
        rest &-= divisor
        quotient |= 1
      }
    }
    return power <= 27 ? quotient + 1 : quotient
  }
}
