import Failures
import Files
import Foundation

/// A table as a CSV file (RFC 4180): one header, commas, quotes where a cell needs them.
struct CSVTable {
  private var lines: [String]

  init(header: [String]) { lines = [Self.line(header)] }

  mutating func append(_ cells: [String]) { lines.append(Self.line(cells)) }

  /// A number with all its digits; empty for none.
  static func cell(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }

  func write(to path: String) throws(Failure) {
    try AtomicFile.write(lines.joined(separator: "\n") + "\n", to: path, links: .replaced)
  }

  private static func line(_ cells: [String]) -> String {
    cells.map { cell in
      guard cell.contains(where: { ",\"\n\r".contains($0) }) else { return cell }
      return "\"" + cell.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }.joined(separator: ",")
  }
}
