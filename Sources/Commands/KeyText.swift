package import Failures
import Runs

/// The reference of configuration keys, from their one description.
package enum KeyText {
  /// A section per table; for a terminal, or as Markdown.
  package static func lines(markdown: Bool) throws(Failure) -> [String] {
    var lines: [String] = []
    var section = ""
    for key in try RunConfiguration.reference() {
      let parts = key.name.split(separator: ".", maxSplits: 1)
      if parts[0] != section {
        section = String(parts[0])
        if !lines.isEmpty { lines.append("") }
        lines.append(markdown ? "## `[\(section)]`" : "[\(section)]")
        if markdown {
          lines += ["", "| key | values | default | option | meaning |", "|---|---|---|---|---|"]
        }
      }
      if markdown {
        let cells = [
          "`\(parts[1])`", key.values, code(key.standard), code(key.option), key.meaning,
        ]
        lines.append(
          "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |")
      } else {
        let option = key.option.isEmpty ? "" : ", \(key.option)"
        lines.append("  \(parts[1]) = \(key.standard)  (\(key.values)\(option))")
        lines.append("      \(key.meaning)")
      }
    }
    return lines
  }

  private static func code(_ text: String) -> String { text.isEmpty ? "" : "`\(text)`" }
}
