import Foundation
import Testing

/// Files, folders, modules and functions stay small enough to be read.
@Suite struct SizeLimitTests {
  private static let sources = ["Sources", "Tests", "Benchmarks"]

  @Test func filesAreUnder400Lines() throws {
    for file in try Self.sources.flatMap({ try Repository.swiftFiles(in: $0) }) {
      let lines = try Repository.text(file).split(
        separator: "\n", omittingEmptySubsequences: false
      ).count
      #expect(lines <= 400, "\(file)")
    }
  }

  @Test func foldersHaveAtMost40Files() throws {
    let files = try Self.sources.flatMap { try Repository.swiftFiles(in: $0) }
    let folders = Dictionary(grouping: files) { ($0 as NSString).deletingLastPathComponent }
    #expect(folders.count > 30)
    for (folder, files) in folders { #expect(files.count <= 40, "\(folder)") }
  }

  @Test func modulesHaveAtMost80Files() throws {
    for name in try PackageTargets().names {
      #expect(try Repository.swiftFiles(in: "Sources/\(name)").count <= 80, "\(name)")
    }
  }

  @Test func functionsAreAtMost60Lines() throws {
    for file in try Self.sources.flatMap({ try Repository.swiftFiles(in: $0) }) {
      let lines = try Repository.text(file).components(separatedBy: "\n")
      for function in Self.functions(in: lines) {
        #expect(function.length <= 60, "\(file):\(function.line)")
      }
    }
  }

  /// The measurement itself: lengths of the functions of a text.
  @Test func lengthsAreCounted() {
    let text = """
      struct A {
        func one() { print() }
        func two(
          _ a: Int
        ) {
          let text = \"\"\"
        }
        \"\"\"
        }
        var three: Int {
          get { 1 }
        }
        let four = 4
        init() {
          func five() {
          }
        }
        func six()
      }
      """
    let found = Self.functions(in: text.components(separatedBy: "\n"))
    #expect(found.map(\.line) == [3, 10, 14, 15])
    #expect(found.map(\.length) == [7, 3, 4, 2])
  }

  /// Functions, initialisers and computed properties of more than one line.
  ///
  /// By indentation, which `swift format lint` keeps: a declaration ends at the first line that begins
  /// with a closing brace at its own indentation.
  private static func functions(in lines: [String]) -> [(line: Int, length: Int)] {
    let opening =
      #/^ *(?:@\w+(?:\([^)]*\))? )*(?:[a-z]+(?:\(set\))? )*(?:func\b|init\b|subscript\b|deinit\b|var \w+.*\{$)/#
    var literal = false
    var found: [(Int, Int)] = []
    for (index, line) in lines.enumerated() {
      if line.count(of: "\"\"\"") % 2 == 1 { literal.toggle() }
      guard !literal, line.contains(opening), let end = Self.end(of: index, in: lines) else {
        continue
      }
      found.append((index + 1, end - index + 1))
    }
    return found
  }

  private static func end(of start: Int, in lines: [String]) -> Int? {
    let indentation = lines[start].prefix { $0 == " " }.count
    var literal = false
    for index in start + 1..<max(start + 1, lines.count) {
      let line = lines[index]
      if line.count(of: "\"\"\"") % 2 == 1 {
        literal.toggle()
        continue
      }
      let rest = line.drop { $0 == " " }
      if literal || rest.isEmpty { continue }
      let own = line.count - rest.count
      if own < indentation { return nil }
      guard own == indentation else { continue }
      if rest.hasPrefix("}") { return index }
      // A signature over several lines goes on at the same indentation.
      if !["{", ")", "->", "where", "]"].contains(where: { rest.hasPrefix($0) }) { return nil }
    }
    return nil
  }
}

extension String {
  fileprivate func count(of part: String) -> Int { components(separatedBy: part).count - 1 }
}
