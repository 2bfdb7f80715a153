import Foundation
import Testing
import _TestSupport

/// Damaged tables of every kind: a fit, or a refusal in words; never a trap, nothing half-written.
@Suite("Fits of damaged tables")
struct BadTableTests {
  private let tool: Tool

  init() throws { tool = try Tool() }

  /// What `measure` needs for a small table of a kind.
  private static let kinds: [(kind: String, options: [String])] = [
    ("iv", ["--devices", "3", "--cycles", "1", "--points", "11"]),
    ("pulses", ["--devices", "3", "--count", "60"]),
    ("switching", ["--devices", "4"]),
    ("noise", []),
    ("map", ["--rows", "12", "--columns", "10"]),
    ("retention", ["--devices", "10"]),
    ("wires", ["--rows", "6", "--columns", "6"]),
  ]

  private static func spoiled(_ cells: [String], _ column: Int, _ value: String) -> [String] {
    var cells = cells
    cells[column] = value
    return cells
  }

  /// Every way to spoil a table, by name; all rows, or every seventh.
  private func damaged(_ header: [String], _ rows: [[String]]) -> [(name: String, text: String)] {
    func text(_ rows: [[String]]) -> String {
      ([header] + rows).map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n"
    }
    let mixed = ([header] + rows).enumerated().map {
      $1.joined(separator: $0 % 2 == 0 ? "," : ";")
    }
    var tables = [
      ("nothing", ""), ("no rows", text([])), ("one row", text(Array(rows.prefix(1)))),
      ("ten rows", text(Array(rows.prefix(10)))),
      ("constant rows", text(Array(repeating: rows[0], count: 40))),
      ("mixed delimiters", mixed.joined(separator: "\n")),
      ("short rows", text(rows.enumerated().map { $0 % 5 == 0 ? Array($1.dropLast()) : $1 })),
      ("strange bytes", text(rows) + "\0\u{1}\u{fffd}\n"),
    ]
    for column in header.indices {
      for value in ["x", "nan", "inf", "-1", "1e308", ""] {
        let name = "\(header[column]) \(value)"
        tables.append((name, text(rows.map { Self.spoiled($0, column, value) })))
        tables.append(
          (
            "some \(name)",
            text(
              rows.enumerated().map { $0 % 7 == 0 ? Self.spoiled($1, column, value) : $1 })
          ))
      }
    }
    return tables
  }

  @Test(arguments: kinds.map(\.kind))
  func `A fit or a refusal`(_ kind: String) throws {
    let options = try #require(Self.kinds.first { $0.kind == kind }).options
    let measured = try tool.finish(tool.start(["measure", kind] + options + ["--out", "m.csv"]))
    #expect(measured.code == 0, "\(measured.errors)")
    let lines = try tool.text("m.csv").split(separator: "\n").prefix(400)
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    for (name, text) in damaged(lines[0], Array(lines.dropFirst())) {
      try Data(text.utf8).write(to: URL(fileURLWithPath: tool.path("bad.csv")))
      let written = ["--out", "\(UUID().uuidString).toml"]
      let result = try tool.finish(tool.start(["fit", kind, "bad.csv"] + written))
      #expect([0, 64, 65].contains(result.code), "\(kind), \(name): \(result.errors)")
      guard result.code != 0 else { continue }
      #expect(result.errors.split(separator: "\n").count >= 1, "\(kind), \(name)")
      #expect(written.allSatisfy { !tool.exists($0) }, "\(kind), \(name)")
    }
  }

  @Test func `A description that fits no column names those there are`() throws {
    #expect(
      try tool.run("measure", "map", "--rows", "4", "--columns", "4", "--out", "m.csv").code == 0)
    try Data("[quantities]\nconductance = { column = \"G\", unit = \"S\" }\n".utf8)
      .write(to: URL(fileURLWithPath: tool.path("d.toml")))
    let result = try tool.run("fit", "map", "m.csv", "--description", "d.toml")
    #expect(result.code == 65)
    #expect(result.errors.contains("\"G\"") && result.errors.contains("conductance_S"))
  }
}
