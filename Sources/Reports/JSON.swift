import Files
package import Foundation

/// A JSON value whose objects keep the order they were built in.
///
/// What a run writes for machines goes through this type: a number that is not finite becomes
/// `null`, because JSON has no other word for it and a diverged run must still leave valid files.
package enum JSON: Equatable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case list([JSON])
  case object([Member])

  /// One key with its value.
  package struct Member: Equatable, Sendable {
    /// Name, not yet escaped.
    package var key: String
    /// What stands behind the name.
    package var value: JSON

    /// A member of an object.
    package init(_ key: String, _ value: JSON) {
      self.key = key
      self.value = value
    }
  }

  /// The value of a key; nil when there is none or this is no object.
  package subscript(key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// The string of a `text`; nil for any other case.
  package var text: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }

  /// The value of an `integer`; nil for any other case, `number` included.
  package var integer: Int? {
    guard case .integer(let integer) = self else { return nil }
    return integer
  }

  /// A number of either kind.
  package var number: Double? {
    switch self {
    case .integer(let integer): Double(integer)
    case .number(let number): number
    default: nil
    }
  }
}

extension JSON: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral,
  ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
  /// An object that keeps the order of the literal.
  package init(dictionaryLiteral elements: (String, Self)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }
  /// A list.
  package init(arrayLiteral elements: JSON...) { self = .list(elements) }
  /// A text.
  package init(stringLiteral value: String) { self = .text(value) }
  /// A number that is written without a point.
  package init(integerLiteral value: Int) { self = .integer(value) }
  /// A number; `null` in files when it is not finite.
  package init(floatLiteral value: Double) { self = .number(value) }
  /// `true` or `false`.
  package init(booleanLiteral value: Bool) { self = .boolean(value) }
  /// `null`.
  package init(nilLiteral: ()) { self = .null }

  /// A list of numbers.
  package init(_ numbers: [Double]) { self = .list(numbers.map(JSON.number)) }
}

extension JSON {
  /// The value on one line.
  package var line: String {
    switch self {
    case .list(let values): "[" + values.map(\.line).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { Self.quoted($0.key) + ":" + $0.value.line }.joined(separator: ",") + "}"
    default: scalar
    }
  }

  /// The value with a line per member and a closing newline, for files that people open.
  package var document: String { indented(by: 0) + "\n" }

  private func indented(by depth: Int) -> String {
    guard case .object(let members) = self, !members.isEmpty else { return line }
    let margin = String(repeating: "  ", count: depth + 1)
    let lines = members.map {
      margin + Self.quoted($0.key) + ": " + $0.value.indented(by: depth + 1)
    }
    return "{\n" + lines.joined(separator: ",\n") + "\n" + margin.dropLast(2) + "}"
  }

  private var scalar: String {
    switch self {
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .number(let value) where value.isFinite: String(value)
    case .text(let value): Self.quoted(value)
    default: "null"
    }
  }

  /// A string as JSON and TOML both write it.
  package static func quoted(_ text: String) -> String { QuotedText.spelling(of: text) }
}

extension JSON: Decodable {
  /// Any JSON value; the members of an object come in alphabetical order.
  package init(from decoder: any Decoder) throws {
    if let object = try? decoder.container(keyedBy: MemberName.self) {
      self = .object(
        try object.allKeys.sorted { $0.stringValue < $1.stringValue }.map {
          Member($0.stringValue, try object.decode(JSON.self, forKey: $0))
        })
    } else if var list = try? decoder.unkeyedContainer() {
      var values: [JSON] = []
      while !list.isAtEnd { values.append(try list.decode(JSON.self)) }
      self = .list(values)
    } else {
      self = try Self.scalar(in: decoder.singleValueContainer())
    }
  }

  /// The value a UTF-8 text holds, or nil when it is not JSON.
  package init?(parsing data: Data) {
    guard Self.isShallow(data), let value = try? JSONDecoder().decode(JSON.self, from: data) else {
      return nil
    }
    self = value
  }

  /// Levels of lists and objects, where no file of this program needs more than eight.
  private static let deepest = 64

  /// Whether brackets outside texts are nested at most ``deepest`` levels: the decoder recurses.
  package static func isShallow(_ data: Data) -> Bool {
    var (depth, isText, isEscaped) = (0, false, false)
    for byte in data {
      if isEscaped {
        isEscaped = false
      } else if isText {
        isEscaped = byte == UInt8(ascii: "\\")
        isText = byte != UInt8(ascii: "\"")
      } else if byte == UInt8(ascii: "\"") {
        isText = true
      } else if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") {
        depth += 1
        guard depth <= deepest else { return false }
      } else if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") {
        depth -= 1
      }
    }
    return true
  }

  private static func scalar(in container: any SingleValueDecodingContainer) throws -> JSON {
    if container.decodeNil() { return .null }
    if let value = try? container.decode(Bool.self) { return .boolean(value) }
    if let value = try? container.decode(Int.self) { return .integer(value) }
    if let value = try? container.decode(Double.self) { return .number(value) }
    return .text(try container.decode(String.self))
  }

  private struct MemberName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
