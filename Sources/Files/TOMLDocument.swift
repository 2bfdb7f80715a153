package import Failures
import Foundation

/// A TOML file read strictly: every key has a type its reader asks for, and a key that nobody asks
/// for is an error.
///
///     let document = try TOMLDocument(path: "run.toml")
///     let training = try document.root.section("training")
///     let epochs = try training.integer("epochs", in: 1...100_000)
///     try document.finish()
///
/// Errors name file, key and, for syntax, line and column:
/// `run.toml: training.epochs: expected an integer, found a string`.
package struct TOMLDocument {
  /// The file's path as given, or the name the text goes by.
  package let name: String
  /// The file's text.
  package let text: String
  /// The whole document.
  package let root: TOMLSection
  private let reads: TOMLReads

  /// SHA-256 of the text.
  package var sha256: String { Checksum.sha256(Data(text.utf8)) }

  /// Reads and parses a file.
  ///
  /// - Throws: ``Failure``: `noInput` when it cannot be read, `badData` when it is not TOML.
  package init(path: String) throws(Failure) {
    try self.init(text: try InputFile.text(of: path, limit: InputFile.textLimit), name: path)
  }

  /// Parses text; `name` stands for the file in errors.
  package init(text: String, name: String) throws(Failure) {
    self.init(name: name, text: text, nodes: try TOMLNode.parse(text, name: name))
  }

  /// The document of values that need no parsing; `name` stands for the file in errors.
  package init(name: String, text: String = "", nodes: [String: TOMLNode]) {
    self.name = name
    self.text = text
    reads = TOMLReads()
    root = TOMLSection(document: name, path: [], nodes: nodes, reads: reads)
  }

  /// Refuses keys that no getter asked for, with the nearest key that one did ask for.
  ///
  /// To be called when everything has been read.
  ///
  /// - Throws: ``Failure`` of kind `badData` listing the keys.
  package func finish() throws(Failure) {
    let unknown = root.unreadKeys()
    guard let first = unknown.first else { return }
    let listed = unknown.map { entry in
      entry.suggestion.map { "\(entry.key) (did you mean \($0)?)" } ?? entry.key
    }
    if unknown.count == 1 {
      let remedy = first.suggestion.map { "did you mean \($0)?" } ?? "remove it"
      throw Failure(.badData, at: "\(name): \(first.key)", "unknown key", remedy: remedy)
    }
    throw Failure(.badData, at: name, "unknown keys \(listed.joined(separator: ", "))")
  }
}

/// Which keys have been asked for, by section; shared by all sections of a document.
final class TOMLReads {
  private var keys: [[String]: Set<String>] = [:]

  func insert(_ key: String, in path: [String]) { keys[path, default: []].insert(key) }

  func keys(in path: [String]) -> Set<String> { keys[path] ?? [] }
}
