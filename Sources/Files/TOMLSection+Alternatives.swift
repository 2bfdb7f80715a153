package import Failures

/// Keys that may hold values of several kinds.
extension TOMLSection {
  /// A string, a number or a boolean.
  package enum Alternative: Equatable, Sendable {
    case text(String)
    case number(Double)
    case truth(Bool)
  }

  /// One value or an array of them, or nil when the key is missing.
  package func optionalAlternatives(_ key: String) throws(Failure) -> [Alternative]? {
    if node(key)?.asArray != nil {
      return try elements(key, "a string, a number or a boolean", Self.alternative)
    }
    return try value(key, "a string, a number or a boolean", Self.alternative).map { [$0] }
  }

  /// A string or an integer, or nil when the key is missing.
  package func optionalTextOrInteger(
    _ key: String
  ) throws(Failure) -> (text: String?, integer: Int?)? {
    try value(key, "a string or an integer") { node in
      if let text = node.asString { return (text, nil) }
      return node.asInteger.map { (nil, $0) }
    }
  }

  /// Strings and integers of an array, or nil when the key is missing.
  package func optionalTextsOrIntegers(
    _ key: String
  ) throws(Failure) -> [(text: String?, integer: Int?)]? {
    try elements(key, "a string or an integer") { node in
      if let text = node.asString { return (text, nil) }
      return node.asInteger.map { (nil, $0) }
    }
  }

  /// A table, or the tables of an array; none when the key is missing.
  package func sectionOrSections(_ key: String) throws(Failure) -> [TOMLSection] {
    guard node(key)?.asArray == nil else { return try sections(key) }
    return try optionalSection(key).map { [$0] } ?? []
  }

  private static func alternative(_ node: TOMLNode) -> Alternative? {
    if let truth = node.asBoolean { return .truth(truth) }
    if let number = node.asNumber { return .number(number) }
    return node.asString.map { .text($0) }
  }
}
