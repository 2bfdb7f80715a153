import Failures
import Files
import Reports

extension Manifest {
  /// The configuration as a TOML document, for the one strict reader that there is.
  func configurationDocument(place: String) throws(Failure) -> TOMLDocument {
    var text = ""
    guard case .object(let sections) = configuration else {
      throw Failure(.badData, at: "\(place): configuration", "is not an object")
    }
    for section in sections {
      guard case .object(let members) = section.value else {
        throw Failure(.badData, at: "\(place): configuration.\(section.key)", "is not an object")
      }
      text += "[\(JSON.quoted(section.key))]\n"
      for member in members { text += "\(JSON.quoted(member.key)) = \(member.value.line)\n" }
    }
    return try TOMLDocument(text: text, name: "\(place): configuration")
  }
}
