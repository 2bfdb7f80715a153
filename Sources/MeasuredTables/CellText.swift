import Files
import Foundation

/// What the bytes of a cell say.
enum CellValue {
  case number(Double)
  /// What an instrument writes for "no value": 9.91e37, 199.999e99, −1e30 and the like.
  case noValue
  case notFinite
  case empty
  case word
}

/// Cells of text tables.
struct CellText: Sendable {
  /// The character before the decimals.
  var decimal: UInt8 = 0x2E
  /// Numbers that stand for "no value" in a file of one's own, beside the instruments'.
  var noValues: Set<Double> = []

  /// Magnitude from which a number is an instrument's "no value".
  ///
  /// Keithley and SCPI write ±9.9e37 and 9.91e37, Keysight 199.999e99 and LabVIEW scripts ±1e30. No
  /// quantity is that large in any unit.
  static let noValueLimit = 9.9e29

  /// Reads a cell; blanks around it are no part of it.
  func value(_ bytes: UnsafeBufferPointer<UInt8>) -> CellValue {
    let cell = Self.trimmed(bytes)
    if cell.isEmpty { return .empty }
    if decimal == 0x2E {
      if let number = NumberParser.number(cell) { return classified(number) }
    } else if let number = NumberParser.number(cell, decimal: decimal) {
      return classified(number)
    }
    return Self.noValueWords.contains(String(decoding: cell, as: UTF8.self).lowercased())
      ? .noValue : .word
  }

  private func classified(_ number: Double) -> CellValue {
    guard number.isFinite else { return .notFinite }
    if abs(number) >= Self.noValueLimit { return .noValue }
    return !noValues.isEmpty && noValues.contains(number) ? .noValue : .number(number)
  }

  /// 1 for true, on and yes, 0 for their opposites.
  static func truth(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    let cell = trimmed(bytes)
    guard cell.count <= 5 else { return nil }
    return truths[String(decoding: cell, as: UTF8.self).lowercased()]
  }

  private static let truths: [String: Double] = [
    "true": 1, "on": 1, "yes": 1, "false": 0, "off": 0, "no": 0,
  ]
  private static let noValueWords: Set<String> = [
    "n/a", "na", "#n/a", "null", "none", "-", "--", "---", "overflow", "overrange", "ovld",
    "ovrflw",
    "ol", "#value!", "#div/0!",
  ]

  /// The bytes without blanks and tabs at their ends.
  static func trimmed(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var (first, last) = (0, bytes.count)
    while first < last, bytes[first] == 0x20 || bytes[first] == 0x09 { first += 1 }
    while first < last, bytes[last - 1] == 0x20 || bytes[last - 1] == 0x09 { last -= 1 }
    return UnsafeBufferPointer(rebasing: bytes[first..<last])
  }

  /// The text of bytes, of UTF-8 or, where they are none, of Latin-1, which older instruments write.
  static func string(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    String(validating: bytes, as: UTF8.self)
      ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  }
}
