package import Failures

/// A table of a TOML document, with getters that check type and range.
///
/// Getters without `optional` in their name fail when the key is missing. Integers are accepted
/// where numbers are expected; NaN and infinity never are. Ranges include their ends. Every failure
/// is of kind `badData` and names file and key.
package struct TOMLSection {
  let document: String
  let path: [String]
  let nodes: [String: TOMLNode]
  let reads: TOMLReads

  /// The section's dotted path, empty for the whole document.
  package var dottedPath: String { path.joined(separator: ".") }

  /// All keys of the section, sorted.
  package var keys: [String] { nodes.keys.sorted() }

  /// Whether a key is present; asking makes it a known key.
  package func contains(_ key: String) -> Bool { node(key) != nil }

  /// A failure placed at a key, for checks of meaning that types and ranges cannot express.
  package func failure(_ key: String, _ cause: String, remedy: String? = nil) -> Failure {
    Failure(.badData, at: place(of: key), cause, remedy: remedy)
  }

  func place(of key: String) -> String {
    "\(document): \((path + [key]).joined(separator: "."))"
  }

  func node(_ key: String) -> TOMLNode? {
    reads.insert(key, in: path)
    return nodes[key]
  }

  /// The converted value of a key, or nil when it is missing.
  func value<Value>(
    _ key: String, _ expected: String, _ convert: (TOMLNode) -> Value?
  ) throws(Failure) -> Value? {
    guard let node = node(key) else { return nil }
    guard let value = convert(node) else {
      throw failure(key, "expected \(expected), found \(node.kind)")
    }
    return value
  }

  /// The converted elements of an array, or nil when the key is missing.
  func elements<Value>(
    _ key: String, _ expected: String, _ convert: (TOMLNode) -> Value?
  ) throws(Failure) -> [Value]? {
    guard let nodes = try value(key, "an array", \.asArray) else { return nil }
    var values: [Value] = []
    for (index, node) in nodes.enumerated() {
      guard let value = convert(node) else {
        throw failure("\(key)[\(index)]", "expected \(expected), found \(node.kind)")
      }
      values.append(value)
    }
    return values
  }

  /// The value, or a failure that points to a key which looks like the missing one.
  func required<Value>(_ key: String, _ value: Value?, _ expected: String) throws(Failure) -> Value
  {
    if let value { return value }
    let unread = nodes.keys.filter { !reads.keys(in: path).contains($0) }
    let misspelling = Spelling.nearest(to: key, in: unread)
    throw failure(
      key, "missing, expected \(expected)",
      remedy: misspelling.map { "is \($0) a misspelling of it?" })
  }

  func checked<Value: Comparable>(
    _ key: String, _ value: Value, in range: ClosedRange<Value>?
  ) throws(Failure) {
    guard let range, !range.contains(value) else { return }
    throw failure(
      key, "\(value) is out of range", remedy: "expected \(range.lowerBound) to \(range.upperBound)"
    )
  }

  /// Keys below this section that nobody asked for, with the nearest one asked for.
  func unreadKeys() -> [(key: String, suggestion: String?)] {
    let known = reads.keys(in: path)
    return keys.flatMap { key -> [(key: String, suggestion: String?)] in
      guard known.contains(key) else {
        let candidates = known.subtracting(nodes.keys)
        return [((path + [key]).joined(separator: "."), Spelling.nearest(to: key, in: candidates))]
      }
      return subsections(key).flatMap { $0.unreadKeys() }
    }
  }

  private func subsections(_ key: String) -> [TOMLSection] {
    switch nodes[key] {
    case .table(let nodes): [subsection(key, nodes)]
    case .array(let elements):
      elements.enumerated().compactMap { index, element in
        element.asTable.map { subsection("\(key)[\(index)]", $0) }
      }
    default: []
    }
  }

  func subsection(_ key: String, _ nodes: [String: TOMLNode]) -> TOMLSection {
    TOMLSection(document: document, path: path + [key], nodes: nodes, reads: reads)
  }
}
