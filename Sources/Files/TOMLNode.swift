import Failures
import TOMLKit

/// A parsed TOML value, independent of the parser's own memory.
package enum TOMLNode: Sendable {
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([TOMLNode])
  case table([String: TOMLNode])
  /// A date, a time or both; nothing here uses them.
  case date

  /// Parses a document; syntax errors are placed as `name:line:column`.
  static func parse(_ text: String, name: String) throws(Failure) -> [String: TOMLNode] {
    // The parser takes a C string and would silently stop there.
    guard !text.utf8.contains(0) else {
      throw Failure(.badData, at: name, "contains a NUL byte")
    }
    try TOMLSyntax.check(text, name: name)
    do {
      return table(try TOMLTable(string: text))
    } catch let error as TOMLParseError {
      let begin = error.source.begin
      throw Failure(.badData, at: "\(name):\(begin.line):\(begin.column)", error.description)
    } catch {
      throw Failure(.badData, at: name, "is not a TOML document")
    }
  }

  private static func table(_ table: TOMLTable) -> [String: TOMLNode] {
    var nodes: [String: TOMLNode] = [:]
    for key in table.keys { nodes[key] = table[key].map { TOMLNode($0) } }
    return nodes
  }

  private init(_ value: any TOMLValueConvertible) {
    if let boolean = value.bool {
      self = .boolean(boolean)
    } else if let integer = value.int {
      self = .integer(integer)
    } else if let number = value.double {
      self = .number(number)
    } else if let string = value.string {
      self = .string(string)
    } else if let array = value.array {
      self = .array(array.map { TOMLNode($0) })
    } else if let table = value.table {
      self = .table(Self.table(table))
    } else {
      self = .date
    }
  }

  /// What a reader calls the value: `a string`.
  var kind: String {
    switch self {
    case .boolean: "a boolean"
    case .integer: "an integer"
    case .number(let number): number.isFinite ? "a number" : "\(number)"
    case .string: "a string"
    case .array: "an array"
    case .table: "a table"
    case .date: "a date"
    }
  }
}

/// Conversions to what a caller asks for; nil when the value is of another kind.
extension TOMLNode {
  var asBoolean: Bool? { if case .boolean(let value) = self { value } else { nil } }

  var asInteger: Int? { if case .integer(let value) = self { value } else { nil } }

  /// A finite number; integers are numbers.
  var asNumber: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value) where value.isFinite: value
    default: nil
    }
  }

  var asString: String? { if case .string(let value) = self { value } else { nil } }

  var asTable: [String: TOMLNode]? { if case .table(let value) = self { value } else { nil } }

  var asArray: [TOMLNode]? { if case .array(let value) = self { value } else { nil } }
}
