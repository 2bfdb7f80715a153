package import Failures
import Files
import Foundation

/// Rows of comma-separated values (RFC 4180): the one place that knows how a cell is spelled.
package enum CSV {
  /// Cells joined by commas, without the end of the line; quotes where a cell needs them.
  package static func row(_ cells: [String]) -> String {
    cells.map(cell).joined(separator: ",")
  }

  /// A text in quotes where it holds a comma, a quote or the end of a line.
  package static func cell(_ text: String) -> String {
    // Bytes, because "\r\n" is one character and no end of a line by itself.
    guard text.utf8.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D })
    else { return text }
    return "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }

  /// The shortest decimal that reads back as the same number; empty for none.
  package static func cell(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
}

/// A table that is written as a whole: one header and rows.
///
/// ``TableFile`` writes row by row.
package struct CSVTable {
  private var lines: [String]

  package init(header: [String]) { lines = [CSV.row(header)] }

  package mutating func append(_ cells: [String]) { lines.append(CSV.row(cells)) }

  /// Writes the table, whole or not at all.
  package func write(to path: String) throws(Failure) {
    try AtomicFile.write(lines.joined(separator: "\n") + "\n", to: path, links: .replaced)
  }
}
