import Foundation

/// Numbers with 17 significant digits, the form in which files keep every bit: C's `%.16e`.
package enum NumberPrinter {
  /// Bytes that ``append(_:to:)`` adds at most.
  package static let longest = 25

  /// Appends a number, correctly rounded.
  ///
  /// The digits are the integer nearest to |x| · 10ᵖ, from one product of 117 bits; where that leaves
  /// open which is nearest, and for what is zero, tiny, huge or no number, the C library prints.
  package static func append(_ value: Double, to text: inout [UInt8]) {
    guard let (digits, exponent) = digits(of: value.magnitude) else {
      return text.append(contentsOf: String(format: "%.16e", value).utf8)
    }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: longest) { line in
      var at = 0
      func put(_ byte: UInt8) {
        line[at] = byte
        at &+= 1
      }
      if value < 0 { put(0x2D) }
      put(0x30 + UInt8(digits / 10_000_000_000_000_000))
      put(0x2E)
      var rest = digits % 10_000_000_000_000_000
      var place = at &+ 15
      while place >= at {
        line[place] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
        place &-= 1
      }
      at &+= 16
      put(0x65)
      put(exponent < 0 ? 0x2D : 0x2B)
      put(0x30 + UInt8(abs(exponent) / 10))
      put(0x30 + UInt8(abs(exponent) % 10))
      text.append(contentsOf: line[..<at])
    }
  }

  private static let least: UInt64 = 10_000_000_000_000_000

  /// The 17 digits of a positive number and its decimal exponent; nil where they are not certain.
  private static func digits(of value: Double) -> (digits: UInt64, exponent: Int)? {
    guard value >= 1e-30, value < 1e30 else { return nil }
    let bits = value.bitPattern
    let mantissa = bits & (1 << 52 - 1) | 1 << 52
    let binary = Int(bits >> 52) - 1075
    // log₁₀ of the power of two below, at most one too small.
    var exponent = ((binary + 52) * 78_913) >> 18
    guard var digits = scaled(mantissa, binary, by: 16 - exponent) else { return nil }
    if digits >= 10 * least {
      exponent += 1
      guard let shorter = scaled(mantissa, binary, by: 16 - exponent) else { return nil }
      digits = shorter
      // Rounded up to the next power of ten.
      if digits < least { return (least, exponent) }
    }
    return digits >= least && digits < 10 * least ? (digits, exponent) : nil
  }

  /// The integer nearest to mantissa · 2^binary · 10^power; nil where it may be the next one.
  private static func scaled(_ mantissa: UInt64, _ binary: Int, by power: Int) -> UInt64? {
    let five = PowersOfFive.shared[power]
    let upper = mantissa.multipliedFullWidth(by: five.high)
    let product =
      (UInt128(upper.high) << 64 | UInt128(upper.low))
      &+ UInt128(mantissa.multipliedFullWidth(by: five.low).high)
    // 5^power is its entry times 2 to the place of its highest bit less 127; 64 bits are cut off above.
    let shift = 63 - PowersOfFive.exponent(power) - power - binary
    guard shift > 8, shift < 120 else { return nil }
    let whole = product >> UInt128(shift)
    let fraction = product & (1 << UInt128(shift) - 1)
    let half: UInt128 = 1 << UInt128(shift - 1)
    guard whole < UInt128(UInt64.max), max(fraction, half) - min(fraction, half) > 4 else {
      return nil
    }
    return UInt64(whole) + (fraction > half ? 1 : 0)
  }
}
