import Foundation
import Testing

/// ARCHITECTURE.md says what Package.swift and the sources say.
@Suite struct ModuleMapTests {
  private let targets: PackageTargets
  private let page: String

  init() throws {
    targets = try PackageTargets()
    page = try Repository.text("ARCHITECTURE.md")
  }

  /// Rows of the map: names, imports, reason.
  private func rows() throws -> [(names: [String], imports: Set<String>, reason: String)] {
    try tableRows(#require(section("Modules", of: page))).dropFirst().map { cells in
      let names = cells[0].matches(of: #/`([\w-]+)`/#).map { String($0.1) }
      let imports = cells[1] == "–" ? [] : cells[1].components(separatedBy: ", ")
      return (names, Set(imports), cells[2])
    }
  }

  @Test func everyModuleIsInTheMapOnce() throws {
    let named = try rows().flatMap(\.names).filter { $0 != "crossbar-gan" }
    #expect(targets.names.count > 25)
    #expect(named.sorted() == targets.names.sorted())
  }

  @Test func importsAreThoseOfThePackage() throws {
    for row in try rows() where row.names != ["crossbar-gan"] {
      #expect(!row.reason.isEmpty)
      for name in row.names {
        #expect(row.imports == targets.dependencies[name], "imports of \(name)")
      }
    }
  }

  /// A module imports what stands above it only.
  @Test func importsPointUpwards() throws {
    var above: Set<String> = []
    for name in targets.names {
      let dependencies = try #require(targets.dependencies[name])
      #expect(dependencies.isSubset(of: above), "imports of \(name)")
      above.insert(name)
    }
  }

  /// Every module that a file imports is declared, and every declared one is imported.
  @Test func declaredDependenciesAreThoseImported() throws {
    for (name, declared) in targets.dependencies where !name.hasPrefix("C") || !declared.isEmpty {
      var imported: Set<String> = []
      for file in try Repository.swiftFiles(in: "Sources/\(name)") {
        let lines = try Repository.text(file).matches(
          of: #/(?:^|\n)(?:package |public |@preconcurrency |@_exported )*import (\w+)/#)
        imported.formUnion(lines.map { String($0.1) })
      }
      #expect(imported.intersection(targets.names) == declared, "imports of \(name)")
    }
  }

  /// Hops of the walks: module, type and function.
  private func walks() throws -> [[(module: String, type: String, function: String)]] {
    let text = try #require(section("Two walks", of: page))
    return text.components(separatedBy: "\n\n").map { part in
      tableRows(part[...]).dropFirst().compactMap { cells in
        guard let hop = cells[2].firstMatch(of: #/^`(\w+)\.(\w+)`$/#),
          let module = cells[1].firstMatch(of: #/^`(\w+)`$/#)
        else { return nil }
        return (String(module.1), String(hop.1), String(hop.2))
      }
    }.filter { !$0.isEmpty }
  }

  @Test func walksAreShort() throws {
    let walks = try walks()
    #expect(walks.count == 2)
    #expect(walks.first.map { (2...12).contains($0.count) } == true)
    #expect(walks.last.map { (2...14).contains($0.count) } == true)
  }

  /// Every hop's function is in a file of its module that names its type.
  @Test func hopsExist() throws {
    for hop in try walks().joined() {
      let declaration = hop.function == "init" ? "init(" : "func \(hop.function)"
      let type = try Regex("(?:struct|class|enum|extension) \(hop.type)\\b")
      let files = try Repository.swiftFiles(in: "Sources/\(hop.module)").filter {
        let text = try Repository.text($0)
        return text.contains(declaration) && text.contains(type)
      }
      #expect(!files.isEmpty, "\(hop.module): \(hop.type).\(hop.function)")
    }
  }

  /// No walk enters a module a second time.
  @Test func walksDoNotGoBack() throws {
    for walk in try walks() {
      var visited: [String] = []
      for hop in walk where visited.last != hop.module { visited.append(hop.module) }
      #expect(Set(visited).count == visited.count)
    }
  }
}
