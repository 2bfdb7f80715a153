import Failures

/// How a description names a column: by its name, its number, or its place among equal names.
struct ColumnReference: Equatable, Hashable, Sendable {
  /// Name in the header; empty where a number says which column.
  var name = ""
  /// Number of the column, from 1.
  var position: Int?
  /// Which of the columns of this name, from 1.
  var occurrence: Int?
  /// Index into an array column of JSON.
  var element: Int?
  /// Whether the row before is meant.
  var isPrevious = false

  init(name: String) { self.name = name }

  init(position: Int) { self.position = position }

  /// What errors and written descriptions call it.
  var spelling: String {
    if let position { return "#\(position)" }
    return name + (occurrence.map { "#\($0)" } ?? "")
  }
}

/// The columns of one table, found by reference.
struct ColumnNames: Sendable {
  let names: [String]
  private let places: [String: [Int]]

  init(_ names: [String]) {
    self.names = names
    places = Dictionary(grouping: names.indices) { names[$0] }
  }

  /// The index of the column that a reference means.
  ///
  /// - Throws: ``Failure`` of kind `badData` when there is none, or when the words fit two columns.
  func index(
    of reference: ColumnReference, at place: String, description: String
  ) throws(Failure) -> Int {
    if let position = reference.position {
      return try index(position: position, at: place, description: description)
    }
    var found = places[reference.name] ?? []
    var occurrence = reference.occurrence
    if found.isEmpty, let (name, number) = Self.numbered(reference.name) {
      if name.isEmpty {
        return try index(position: number, at: place, description: description)
      }
      found = places[name] ?? []
      occurrence = number
    }
    if let occurrence, !found.isEmpty {
      guard found.indices.contains(occurrence - 1) else {
        throw Failure(
          .badData, at: place, "column \"\(reference.name)\" stands \(found.count) times only")
      }
      return found[occurrence - 1]
    }
    guard let first = found.first else {
      throw Failure(
        .badData, at: place,
        "has no column \"\(reference.name)\" that \(description) asks for",
        remedy: "its columns are \(listing)")
    }
    guard found.count == 1 else {
      let numbers = found.map { "\($0 + 1)" }.joined(separator: " and ")
      throw Failure(
        .badData, at: place,
        "\(found.count) columns are called \"\(reference.name)\": columns \(numbers)",
        remedy: "say which: \"\(reference.name)#1\" is column \(first + 1), "
          + "\"\(reference.name)#2\" is column \(found[1] + 1)")
    }
    return first
  }

  private func index(
    position: Int, at place: String, description: String
  ) throws(Failure) -> Int {
    guard names.indices.contains(position - 1) else {
      throw Failure(
        .badData, at: place,
        "has no column \(position) that \(description) asks for: it has \(names.count)",
        remedy: "its columns are \(listing)")
    }
    if let named = places["\(position)"]?.first, named != position - 1 {
      throw Failure(
        .badData, at: place,
        "column = \(position) may be the column called \"\(position)\", which is number"
          + " \(named + 1), or number \(position), which is called \"\(names[position - 1])\"",
        remedy: "write column = \"\(position)\" for the name, or column ="
          + " \"\(names[position - 1])\"")
    }
    return position - 1
  }

  /// `V#2` as the name and which of its columns.
  private static func numbered(_ text: String) -> (name: String, number: Int)? {
    guard let mark = text.lastIndex(of: "#"), let number = Int(text[text.index(after: mark)...]),
      number >= 1
    else { return nil }
    return (String(text[..<mark]), number)
  }

  /// The first columns for an error, and whether there are more.
  var listing: String {
    names.prefix(40).joined(separator: ", ") + (names.count > 40 ? ", …" : "")
  }
}
