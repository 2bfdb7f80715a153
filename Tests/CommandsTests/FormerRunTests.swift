import Foundation
import Testing

/// A run folder that version 0.1.0 left after the first of two epochs.
@Suite("Run folders of earlier versions")
struct FormerRunTests {
  private let tool: Tool

  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures")

  init() throws {
    tool = try Tool()
    try FileManager.default.copyItem(
      at: Self.fixtures.appendingPathComponent("former-run"),
      to: URL(fileURLWithPath: tool.path("old")))
  }

  @Test func `It samples`() throws {
    let result = try tool.run("sample", "--run", "old", "--count", "4", "--out", "four.npy")
    #expect(result.code == 0, "\(result.errors)")
    #expect(try tool.bytes("four.npy").count > 4 * 784)
  }

  @Test func `It is evaluated`() throws {
    let result = try tool.run("evaluate", "--run", "old", "--json")
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output.contains("frechet"))
  }

  @Test func `It goes on, and again, as that version would have`() throws {
    let result = try tool.run("train", "-q", "--resume", "--out", "old")
    #expect(result.code == 0, "\(result.errors)")
    let whole = try String(
      contentsOf: Self.fixtures.appendingPathComponent("former-run-whole.csv"), encoding: .utf8)
    func losses(_ text: String) throws -> [[Double]] {
      try text.split(separator: "\n").dropFirst().map { line in
        try line.split(separator: ",").prefix(5).map { try #require(Double($0)) }
      }
    }
    let (found, expected) = (try losses(tool.text("old/metrics.csv")), try losses(whole))
    #expect(found.count == 2)
    #expect(found[0] == expected[0])
    for (found, expected) in zip(found[1], expected[1]) {
      // Since then, half-selected devices drift tile by tile: losses of the second epoch differ by 0.2 %.
      #expect(abs(found - expected) <= 4e-3 * abs(expected))
    }
    let manifest = try tool.text("old/manifest.json")
    #expect(manifest.contains("\"status\": \"finished\""))
    // The checkpoint of the second epoch belongs to the manifest beside it.
    let sample = try tool.run("sample", "--run", "old", "--count", "1", "--out", "one.npy")
    #expect(sample.code == 0, "\(sample.errors)")
  }

  @Test func `Another value of a key is still refused`() throws {
    let result = try tool.run("train", "-q", "--resume", "--out", "old", "--batch", "16")
    #expect(result.code == 64)
    #expect(result.errors.contains("--batch"))
  }
}
