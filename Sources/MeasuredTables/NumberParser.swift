import Foundation

/// Decimal numbers in bytes.
enum NumberParser {
  /// The number that all of `bytes`, spaces around it aside, spells, or nil.
  ///
  /// Up to 15 digits and a power of ten within 10²² are exact in one operation (Clinger 1990);
  /// anything else, `nan` and `inf` included, goes to the C library.
  static func number(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    var first = 0
    var last = bytes.count
    while first < last, bytes[first] == 0x20 { first += 1 }
    while first < last, bytes[last - 1] == 0x20 { last -= 1 }
    guard first < last else { return nil }
    return simple(bytes, first, last) ?? general(bytes, first, last)
  }

  /// The same with another character before the decimals.
  static func number(_ bytes: UnsafeBufferPointer<UInt8>, decimal: UInt8) -> Double? {
    guard bytes.count < 64, !bytes.contains(0x2E) else { return nil }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { text in
      for at in bytes.indices { text[at] = bytes[at] == decimal ? 0x2E : bytes[at] }
      return number(UnsafeBufferPointer(rebasing: text[..<bytes.count]))
    }
  }

  private static func simple(
    _ bytes: UnsafeBufferPointer<UInt8>, _ first: Int, _ last: Int
  ) -> Double? {
    var at = first
    let isNegative = bytes[at] == 0x2D
    if isNegative || bytes[at] == 0x2B { at += 1 }
    var mantissa: UInt64 = 0
    var digits = 0
    var exponent = 0
    var seesPoint = false
    while at < last {
      let byte = bytes[at]
      if byte &- 0x30 < 10 {
        mantissa = mantissa &* 10 &+ UInt64(byte &- 0x30)
        digits += mantissa == 0 ? 0 : 1
        if seesPoint { exponent -= 1 }
        guard digits <= 15 else { return nil }
      } else if byte == 0x2E, !seesPoint {
        seesPoint = true
      } else {
        break
      }
      at += 1
    }
    let hasDigit = at - first - (seesPoint ? 1 : 0) > (bytes[first] &- 0x30 < 10 ? 0 : 1)
    guard hasDigit || bytes[first] == 0x2E && at - first > 1 else { return nil }
    if at < last {
      guard bytes[at] | 0x20 == 0x65, let tail = integer(bytes, at + 1, last) else { return nil }
      exponent += tail
    }
    guard abs(exponent) <= 22 else { return mantissa == 0 ? 0 : nil }
    let value = Double(mantissa)
    let scaled = exponent < 0 ? value / powers[-exponent] : value * powers[exponent]
    return isNegative ? -scaled : scaled
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
