/// The values of TOML that are written without quotes or brackets: booleans, numbers and dates.
enum TOMLWord {
  /// Why a word is no value, or nil when it is one.
  static func problem(_ word: String) -> String? {
    if ["true", "false"].contains(word) { return nil }
    let bytes = Array(word.utf8)
    let unsigned = Array(bytes.drop { $0 == plus || $0 == minus })
    guard bytes.count - unsigned.count <= 1 else { return "is not a number" }
    if ["inf", "nan"].contains(String(decoding: unsigned, as: UTF8.self)) { return nil }
    if beginsAsDate(bytes) { return TOMLDate.isWellFormed(bytes) ? nil : "is not a date or a time" }
    if let radix = radix(unsigned) {
      guard unsigned.count == bytes.count else { return "a number with a prefix takes no sign" }
      return problem(digits: Array(unsigned.dropFirst(2)), radix: radix)
    }
    let isFloat = unsigned.contains { $0 == point || $0 | 0x20 == exponent }
    guard isFloat ? isWellFormed(float: unsigned) : isWellFormed(integer: unsigned) else {
      return "is neither a number, true nor false; is a text without quotes meant?"
    }
    let plain = String(decoding: bytes.filter { $0 != underscore }, as: UTF8.self)
    return isFloat ? RangedNumber.problem(plain) : problem(integer: plain, radix: 10)
  }

  private static let plus = UInt8(ascii: "+")
  private static let minus = UInt8(ascii: "-")
  private static let point = UInt8(ascii: ".")
  private static let underscore = UInt8(ascii: "_")
  private static let zero = UInt8(ascii: "0")
  private static let exponent = UInt8(ascii: "e")

  /// `1979-05-27` or `07:32`, and what begins with them.
  private static func beginsAsDate(_ bytes: [UInt8]) -> Bool {
    func digits(_ count: Int, then end: UInt8) -> Bool {
      bytes.count > count && bytes[count] == end && bytes[..<count].allSatisfy(isDigit)
    }
    return digits(4, then: minus) || digits(2, then: UInt8(ascii: ":"))
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (zero...UInt8(ascii: "9")).contains(byte) }

  private static func radix(_ bytes: [UInt8]) -> Int? {
    guard bytes.count >= 2, bytes[0] == zero else { return nil }
    switch bytes[1] {
    case UInt8(ascii: "x"): return 16
    case UInt8(ascii: "o"): return 8
    case UInt8(ascii: "b"): return 2
    default: return nil
    }
  }

  private static func problem(digits bytes: [UInt8], radix: Int) -> String? {
    let plain = String(decoding: bytes.filter { $0 != underscore }, as: UTF8.self)
    guard areSeparated(bytes), plain.allSatisfy({ Int(String($0), radix: radix) != nil }) else {
      return "is not a number of base \(radix)"
    }
    return problem(integer: plain, radix: radix)
  }

  private static func problem(integer text: String, radix: Int) -> String? {
    Int(text, radix: radix) == nil ? "is an integer beyond 64 bits" : nil
  }

  /// Whether underscores stand between digits alone, and there is something.
  private static func areSeparated(_ bytes: [UInt8]) -> Bool {
    !bytes.isEmpty && bytes.first != underscore && bytes.last != underscore
      && !zip(bytes, bytes.dropFirst()).contains { $0 == underscore && $1 == underscore }
  }

  private static func areDigits(_ bytes: some Sequence<UInt8>) -> Bool {
    let bytes = Array(bytes)
    return areSeparated(bytes) && bytes.allSatisfy { isDigit($0) || $0 == underscore }
  }

  private static func isWellFormed(integer bytes: [UInt8]) -> Bool {
    areDigits(bytes) && (bytes.count == 1 || bytes[0] != zero)
  }

  private static func isWellFormed(float bytes: [UInt8]) -> Bool {
    var mantissa = bytes[...]
    if let mark = bytes.firstIndex(where: { $0 | 0x20 == exponent }) {
      mantissa = bytes[..<mark]
      var power = bytes[(mark + 1)...]
      if power.first == plus || power.first == minus { power.removeFirst() }
      guard areDigits(power) else { return false }
    }
    guard let mark = mantissa.firstIndex(of: point) else {
      return isWellFormed(integer: Array(mantissa))
    }
    return isWellFormed(integer: Array(mantissa[..<mark])) && areDigits(mantissa[(mark + 1)...])
  }
}

/// Dates and times as RFC 3339 writes them, whole or in part.
private enum TOMLDate {
  static func isWellFormed(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    if let date = take(3, from: &rest, lengths: [4, 2, 2], separator: UInt8(ascii: "-")) {
      guard (1...12).contains(date[1]), (1...days(in: date[1], of: date[0])).contains(date[2])
      else { return false }
      if rest.isEmpty { return true }
      guard let mark = rest.popFirst(), "Tt ".utf8.contains(mark) else { return false }
      return isTime(&rest) && (rest.isEmpty || isOffset(rest))
    }
    return isTime(&rest) && rest.isEmpty
  }

  /// Numbers of fixed lengths between separators, or nil with `bytes` as they were.
  private static func take(
    _ count: Int, from bytes: inout ArraySlice<UInt8>, lengths: [Int], separator: UInt8
  ) -> [Int]? {
    var rest = bytes
    var numbers: [Int] = []
    for index in 0..<count {
      if index > 0 { guard rest.popFirst() == separator else { return nil } }
      let digits = rest.prefix(lengths[index])
      guard digits.count == lengths[index],
        digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
        let number = Int(String(decoding: digits, as: UTF8.self))
      else { return nil }
      numbers.append(number)
      rest = rest.dropFirst(lengths[index])
    }
    bytes = rest
    return numbers
  }

  private static func isTime(_ rest: inout ArraySlice<UInt8>) -> Bool {
    guard
      let time = take(3, from: &rest, lengths: [2, 2, 2], separator: UInt8(ascii: ":")),
      time[0] <= 23, time[1] <= 59, time[2] <= 59
    else { return false }
    guard rest.first == UInt8(ascii: ".") else { return true }
    rest.removeFirst()
    let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    rest = rest.dropFirst(digits.count)
    return (1...9).contains(digits.count)
  }

  private static func isOffset(_ bytes: ArraySlice<UInt8>) -> Bool {
    if [UInt8(ascii: "Z"), UInt8(ascii: "z")].contains(bytes.first), bytes.count == 1 {
      return true
    }
    var rest = bytes.dropFirst()
    guard bytes.first == UInt8(ascii: "+") || bytes.first == UInt8(ascii: "-"),
      let offset = take(2, from: &rest, lengths: [2, 2], separator: UInt8(ascii: ":"))
    else { return false }
    return rest.isEmpty && offset[0] <= 23 && offset[1] <= 59
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
