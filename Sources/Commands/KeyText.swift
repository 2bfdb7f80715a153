package import Failures
import Runs

/// The reference of configuration keys in Markdown, from their one description.
package enum KeyText {
  /// A table per section.
  package static func lines() throws(Failure) -> [String] {
    var lines = ["# Keys of a run configuration", "", "Written by `crossbar-gan train --keys`."]
    var section: Substring = ""
    for key in try RunConfiguration.reference() {
      let parts = key.name.split(separator: ".", maxSplits: 1)
      if parts[0] != section {
        section = parts[0]
        lines += [
          "", "## `[\(section)]`", "", "| key | values | default | option | meaning |",
          "|---|---|---|---|---|",
        ]
      }
      let cells = [
        code(parts[1]), key.values, code(key.standard), code(key.option), key.meaning,
      ].map { $0.replacing("|", with: "\\|") }
      lines.append("| " + cells.joined(separator: " | ") + " |")
    }
    return lines
  }

  private static func code(_ text: some StringProtocol) -> String {
    text.isEmpty ? "" : "`\(text)`"
  }
}
