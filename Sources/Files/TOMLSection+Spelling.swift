package import Failures

/// Values of any type, as text that goes into another document.
extension TOMLSection {
  /// What a key holds, for readers whose keys are not known beforehand.
  package enum Shape: Sendable {
    case scalar
    case list
    /// `[[key]]`, an array that holds nothing but tables.
    case sections
    case section
  }

  /// The shape of a key's value, or nil when the key is missing.
  package func shape(_ key: String) -> Shape? {
    switch node(key) {
    case nil: nil
    case .table: .section
    case .array(let elements):
      !elements.isEmpty && elements.allSatisfy { $0.asTable != nil } ? .sections : .list
    default: .scalar
    }
  }

  /// The value of a key on one line, as TOML spells it.
  ///
  /// Everything below the key counts as read: the reader of the new document judges it.
  package func spelling(_ key: String) throws(Failure) -> String {
    guard let node = node(key) else { throw failure(key, "missing") }
    return try spelling(of: node, at: key)
  }

  /// The elements of an array, each as ``spelling(_:)`` has it.
  package func spellings(_ key: String) throws(Failure) -> [String] {
    let nodes = try required(key, try value(key, "an array", \.asArray), "an array")
    var spellings: [String] = []
    for (index, node) in nodes.enumerated() {
      spellings.append(try spelling(of: node, at: "\(key)[\(index)]"))
    }
    return spellings
  }

  private func spelling(of node: TOMLNode, at key: String) throws(Failure) -> String {
    switch node {
    case .boolean(let value): return value ? "true" : "false"
    case .integer(let value): return String(value)
    case .number(let value): return String(value)
    case .string(let value): return QuotedText.spelling(of: value)
    case .array(let elements):
      var spellings: [String] = []
      for (index, element) in elements.enumerated() {
        spellings.append(try spelling(of: element, at: "\(key)[\(index)]"))
      }
      return "[" + spellings.joined(separator: ", ") + "]"
    case .table(let nodes):
      let table = subsection(key, nodes)
      var entries: [String] = []
      for key in table.keys {
        entries.append("\(QuotedText.spelling(of: key)) = \(try table.spelling(key))")
      }
      return "{ " + entries.joined(separator: ", ") + " }"
    case .date: throw failure(key, "a date is not a value that anything here takes")
    }
  }
}
