import Foundation

/// Decimal numbers in bytes: the one parser of files of numbers.
package enum NumberParser {
  /// The number that all of `bytes`, spaces around it aside, spells, or nil.
  ///
  /// Correctly rounded. Up to 15 digits and a power of ten within 10²² are exact in one operation
  /// (Clinger 1990), up to 19 digits and 10⁵⁵ in one product (Eisel and Lemire); anything else, `nan` and
  /// `inf` included, goes to the C library.
  package static func number(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    var first = 0
    var last = bytes.count
    while first < last, bytes[first] == 0x20 { first += 1 }
    while first < last, bytes[last - 1] == 0x20 { last -= 1 }
    guard first < last else { return nil }
    return simple(bytes, first, last) ?? general(bytes, first, last)
  }

  /// The same with another character before the decimals.
  package static func number(_ bytes: UnsafeBufferPointer<UInt8>, decimal: UInt8) -> Double? {
    guard bytes.count < 64, !bytes.contains(0x2E) else { return nil }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { text in
      for at in bytes.indices { text[at] = bytes[at] == decimal ? 0x2E : bytes[at] }
      return number(UnsafeBufferPointer(rebasing: text[..<bytes.count]))
    }
  }

  /// Digits that a 64-bit integer holds whatever they are.
  private static let mostDigits = 19

  private static func simple(
    _ bytes: UnsafeBufferPointer<UInt8>, _ first: Int, _ last: Int
  ) -> Double? {
    var at = first
    let isNegative = bytes[at] == 0x2D
    if isNegative || bytes[at] == 0x2B { at &+= 1 }
    let begin = at
    var mantissa: UInt64 = 0
    while at < last, bytes[at] &- 0x30 < 10 {
      mantissa = mantissa &* 10 &+ UInt64(bytes[at] &- 0x30)
      at &+= 1
    }
    var digits = at &- begin
    var exponent = 0
    if at < last, bytes[at] == 0x2E {
      at &+= 1
      let point = at
      while at < last, bytes[at] &- 0x30 < 10 {
        mantissa = mantissa &* 10 &+ UInt64(bytes[at] &- 0x30)
        at &+= 1
      }
      exponent = point &- at
      digits &-= exponent
    }
    // Zeros in front count as digits here: what has many of them takes the long way.
    guard digits > 0, digits <= mostDigits else { return nil }
    if at < last {
      guard bytes[at] | 0x20 == 0x65, let tail = integer(bytes, at + 1, last) else { return nil }
      exponent &+= tail
    }
    let value = mantissa == 0 ? 0 : value(mantissa, exponent)
    return isNegative ? value.map { -$0 } : value
  }

  /// mantissa · 10^exponent, correctly rounded, or nil where that takes more than one product.
  private static func value(_ mantissa: UInt64, _ exponent: Int) -> Double? {
    if mantissa >> 53 == 0, abs(exponent) <= 22 {
      return exponent < 0
        ? Double(mantissa) / powers[-exponent] : Double(mantissa) * powers[exponent]
    }
    guard abs(exponent) <= PowersOfFive.limit else { return nil }
    return product(mantissa, exponent)
  }

  /// Eisel and Lemire's product, for a mantissa that is not zero.
  private static func product(_ mantissa: UInt64, _ exponent: Int) -> Double? {
    let zeros = mantissa.leadingZeroBitCount
    let factor = mantissa << UInt64(zeros)
    let power = PowersOfFive.shared[exponent]
    var (high, low) = factor.multipliedFullWidth(by: power.high)
    // Where the bits that are kept might carry, the lower half of the power decides.
    if high & 0x1FF == 0x1FF {
      let (sum, carries) = low.addingReportingOverflow(
        factor.multipliedFullWidth(by: power.low).high)
      low = sum
      if carries { high &+= 1 }
      if low == .max, !(-27...55).contains(exponent) { return nil }
    }
    let upper = Int(high >> 63)
    var bits = high >> UInt64(upper + 9)
    var place = PowersOfFive.exponent(exponent) + exponent + 63 + upper - zeros + 1023
    guard place > 0 else { return nil }
    // Half way between two numbers: to the even one.
    if low <= 1, (-4...23).contains(exponent), bits & 3 == 1, bits << UInt64(upper + 9) == high {
      bits &= ~1
    }
    bits = (bits + bits & 1) >> 1
    if bits >> 53 != 0 {
      bits = 1 << 52
      place += 1
    }
    guard place < 2047 else { return nil }
    return Double(bitPattern: UInt64(place) << 52 | bits & ~(1 << 52))
  }

  private static func integer(
    _ bytes: UnsafeBufferPointer<UInt8>, _ first: Int, _ last: Int
  ) -> Int? {
    guard first < last else { return nil }
    let isSigned = bytes[first] == 0x2D || bytes[first] == 0x2B
    let digits = first + (isSigned ? 1 : 0)
    guard digits < last, last - digits <= 4 else { return nil }
    var value = 0
    for at in digits..<last {
      guard bytes[at] &- 0x30 < 10 else { return nil }
      value = value * 10 + Int(bytes[at] &- 0x30)
    }
    return bytes[first] == 0x2D ? -value : value
  }

  private static func general(
    _ bytes: UnsafeBufferPointer<UInt8>, _ first: Int, _ last: Int
  ) -> Double? {
    // strtod would take hexadecimal numbers and leading white space of any kind.
    guard last - first < 64, !bytes[first..<last].contains(where: { $0 | 0x20 == 0x78 }) else {
      return nil
    }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
      var (at, count) = (first, 0)
      while at < last {
        let isMinus = isMinusSign(bytes, at, last)
        // Fortran writes 1.5D-06.
        let isExponent = bytes[at] | 0x20 == 0x64 && at > first && bytes[at - 1] &- 0x30 < 10
        text[count] = CChar(bitPattern: isMinus ? 0x2D : isExponent ? 0x45 : bytes[at])
        at += isMinus ? 3 : 1
        count += 1
      }
      text[count] = 0
      guard let base = text.baseAddress else { return nil }
      var end: UnsafeMutablePointer<CChar>?
      let value = strtod(base, &end)
      return end == base + count ? value : nil
    }
  }

  /// Whether a minus sign or an en dash of Unicode begins here, as spreadsheets and papers have them.
  private static func isMinusSign(
    _ bytes: UnsafeBufferPointer<UInt8>, _ at: Int, _ last: Int
  ) -> Bool {
    guard bytes[at] == 0xE2, at + 2 < last else { return false }
    return bytes[at + 1] == 0x88 && bytes[at + 2] == 0x92
      || bytes[at + 1] == 0x80 && bytes[at + 2] == 0x93
  }

  private static let powers: [Double] = (0...22).map { pow(10, Double($0)) }
}
