package import Failures

/// A key of a section that goes by another name now.
package struct FormerKey: Sendable {
  let section: String
  let former: String
  let current: String
  /// Words that changed with the key; given, a key that holds anything else is not the former one.
  let words: [String: String]?

  /// `section.former` is `section.current` now.
  package init(
    _ section: String, _ former: String, _ current: String, words: [String: String]? = nil
  ) {
    self.section = section
    self.former = former
    self.current = current
    self.words = words
  }

  /// Name and value, as TOML spells it, that a setting had under its former key; nil for other keys.
  package func original(
    _ name: String, _ spelling: String
  ) -> (name: String, spelling: String)? {
    guard name == "\(section).\(current)" else { return nil }
    guard let words else { return ("\(section).\(former)", spelling) }
    guard let word = words.first(where: { QuotedText.spelling(of: $0.value) == spelling })?.key
    else { return nil }
    return ("\(section).\(former)", QuotedText.spelling(of: word))
  }

  /// What the key holds under its present name, or nil when it is not the former key.
  fileprivate func translated(_ node: TOMLNode) -> TOMLNode? {
    guard let words else { return node }
    switch node {
    case .string(let word): return words[word].map(TOMLNode.string)
    case .array(let elements):
      let present = elements.compactMap(translated)
      return present.count == elements.count && !elements.isEmpty ? .array(present) : nil
    default: return nil
    }
  }
}

extension TOMLDocument {
  /// The document with former keys under their present names.
  ///
  /// - Parameter containers: keys of tables that hold sections, too, as do the tables of arrays in
  ///   them: the grid of a study. A key may be written as `"section.key"` there.
  /// - Returns: the document and a line for every key that was renamed.
  /// - Throws: ``Failure`` of kind `badData` for a key that is given under both names.
  package func renaming(
    _ keys: [FormerKey], in containers: [String] = []
  ) throws(Failure) -> (document: TOMLDocument, notices: [String]) {
    var renaming = Renaming(document: name, keys: keys)
    var nodes = try renaming.sections(root.nodes)
    for container in containers {
      guard let node = nodes[container] else { continue }
      nodes[container] = try renaming.container(node, depth: 2)
    }
    guard !renaming.notices.isEmpty else { return (self, []) }
    return (TOMLDocument(name: name, text: text, nodes: nodes), renaming.notices)
  }
}

/// One pass over a document.
private struct Renaming {
  let document: String
  let keys: [FormerKey]
  var notices: [String] = []

  /// Sections, and keys written as `"section.key"`.
  mutating func sections(_ nodes: [String: TOMLNode]) throws(Failure) -> [String: TOMLNode] {
    var result = try renamed(nodes) { "\($0.section).\($1)" }
    for section in Set(keys.map(\.section)) {
      guard case .table(let entries) = result[section] else { continue }
      result[section] = .table(
        try renamed(entries, of: section) { $1 })
    }
    return result
  }

  /// A table of sections, or an array of such tables.
  mutating func container(_ node: TOMLNode, depth: Int) throws(Failure) -> TOMLNode {
    switch node {
    case .table(let nodes):
      var result = try sections(nodes)
      guard depth > 0 else { return .table(result) }
      for (key, node) in result {
        if case .array = node { result[key] = try container(node, depth: depth - 1) }
      }
      return .table(result)
    case .array(let elements):
      var result: [TOMLNode] = []
      for element in elements {
        if case .table = element {
          result.append(try container(element, depth: 0))
        } else {
          result.append(element)
        }
      }
      return .array(result)
    default: return node
    }
  }

  /// Renames all at once: a name may be a former one of this key and the present one of that.
  private mutating func renamed(
    _ nodes: [String: TOMLNode], of section: String? = nil,
    spelling: (FormerKey, String) -> String
  ) throws(Failure) -> [String: TOMLNode] {
    var kept = nodes
    var moved: [(key: FormerKey, node: TOMLNode)] = []
    for key in keys where section == nil || key.section == section {
      let name = spelling(key, key.former)
      guard let node = nodes[name], let translated = key.translated(node) else { continue }
      kept[name] = nil
      moved.append((key, translated))
    }
    for (key, node) in moved {
      let name = spelling(key, key.current)
      guard kept.updateValue(node, forKey: name) == nil else {
        throw Failure(
          .badData, at: "\(document): \(key.section).\(key.former)",
          "is the former name of \(key.section).\(key.current), which is given, too",
          remedy: "remove it")
      }
      let notice =
        "\(document): \(key.section).\(key.former) is called \(key.section).\(key.current) now"
      if !notices.contains(notice) { notices.append(notice) }
    }
    return kept
  }
}
