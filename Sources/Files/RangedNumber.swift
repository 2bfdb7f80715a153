/// Numbers as texts spell them, refused where a `Double` would silently be another number.
package enum RangedNumber {
  /// The number a text spells, or nil when it spells none, or one that rounds to zero or to
  /// infinity without being it.
  package static func value(_ text: some StringProtocol) -> Double? {
    guard let value = Double(text), problem(text, value) == nil else { return nil }
    return value
  }

  /// Why no `Double` is the number that a well-formed text spells, or nil.
  static func problem(_ text: String) -> String? {
    guard let value = Double(text) else { return "is not a number" }
    return problem(text, value)
  }

  private static func problem(_ text: some StringProtocol, _ value: Double) -> String? {
    if value.isInfinite, text.utf8.contains(where: { digits.contains($0) }) {
      return "is too large for a number (1.8e308 is the largest)"
    }
    guard value == 0 else { return nil }
    let isHexadecimal = text.utf8.contains { $0 | 0x20 == UInt8(ascii: "x") }
    let end = isHexadecimal ? UInt8(ascii: "p") : UInt8(ascii: "e")
    // Whatever is no zero, sign, point or prefix is a digit that counts.
    let hasDigit = text.utf8.prefix { $0 | 0x20 != end }.contains { !"+-.0xX".utf8.contains($0) }
    return hasDigit ? "is not zero and too small for a number (4.9e-324 is the smallest)" : nil
  }

  private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
}
