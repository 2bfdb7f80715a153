import Foundation

/// The files of the checkout that these tests are of.
enum Repository {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// Paths of the Swift files below a folder, relative to the root, in order.
  static func swiftFiles(in folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path)
      .filter { $0.hasSuffix(".swift") }.sorted().map { "\(folder)/\($0)" }
  }
}

/// Targets of Package.swift below Sources and what they depend on within the package.
struct PackageTargets {
  /// In the order of the manifest.
  private(set) var names: [String] = []
  private(set) var dependencies: [String: Set<String>] = [:]

  init() throws {
    let manifest = try Repository.text("Package.swift")
    // `.target(name: "CName"` and `.systemLibrary(name: "CName"`: libraries without dependencies here.
    for match in manifest.matches(
      of: #/\.(?:target|systemLibrary)\(name: "(?<name>C\w+)"(?!, path)/#)
    {
      names.append(String(match.name))
      dependencies[String(match.name)] = []
    }
    for match in manifest.matches(
      of: #/\smodule\(\s*"(?<name>\w+)",\s*\[(?<list>[^\]]*)\]/#)
    {
      names.append(String(match.name))
      dependencies[String(match.name)] = Set(
        match.list.matches(of: #/"(\w+)"/#).map { String($0.1) })
    }
  }
}

/// Cells of the tables of a Markdown text, header and rule left out.
func tableRows(_ text: Substring) -> [[String]] {
  text.split(separator: "\n").filter { $0.hasPrefix("|") && !$0.hasPrefix("|-") }.map {
    $0.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
      .map { $0.trimmingCharacters(in: .whitespaces) }
  }
}

/// The part of a Markdown text under a heading, up to the next of its level.
func section(_ title: String, of text: String) -> Substring? {
  guard let start = text.range(of: "\n## \(title)\n") else { return nil }
  let rest = text[start.upperBound...]
  return rest[..<(rest.range(of: "\n## ")?.lowerBound ?? rest.endIndex)]
}
