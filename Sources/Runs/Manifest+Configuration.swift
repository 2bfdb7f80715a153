import Failures
import Files
import Reports

extension Manifest {
  /// The configuration as a TOML document, for the one strict reader that there is.
  func configurationDocument(place: String) throws(Failure) -> TOMLDocument {
    guard case .object(let sections) = configuration else {
      throw Failure(.badData, at: "\(place): configuration", "is not an object")
    }
    for section in sections {
      guard case .object = section.value else {
        throw Failure(.badData, at: "\(place): configuration.\(section.key)", "is not an object")
      }
    }
    let nodes = sections.map { ($0.key, $0.value.node) }
    return TOMLDocument(
      name: "\(place): configuration", nodes: Dictionary(nodes) { _, last in last })
  }
}

extension JSON {
  /// The value as a configuration file holds it; null is what no reader takes.
  var node: TOMLNode {
    switch self {
    case .object(let members):
      .table(Dictionary(members.map { ($0.key, $0.value.node) }) { _, last in last })
    case .list(let values): .array(values.map(\.node))
    case .text(let text): .string(text)
    case .number(let number): .number(number)
    case .integer(let integer): .integer(integer)
    case .boolean(let boolean): .boolean(boolean)
    case .null: .date
    }
  }
}
