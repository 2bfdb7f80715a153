import Commands
import Foundation
import Testing

@Suite("Reference of keys")
struct KeyTextTests {
  /// `crossbar-gan train --keys > Examples/configuration.md` writes the page.
  @Test func `The committed page is what the keys say`() throws {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Examples/configuration.md").standardizedFileURL
    let text = try String(contentsOf: page, encoding: .utf8)
    #expect(text == (try KeyText.lines()).joined(separator: "\n") + "\n")
  }
}
