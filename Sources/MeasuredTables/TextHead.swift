import Failures
import Foundation

/// The first lines of a text file, and how its characters are stored.
struct TextHead {
  let path: String
  private(set) var lines: [String] = []
  private(set) var isWhole = false
  private(set) var encoding = ByteLines.Encoding.utf8
  private(set) var hasCarriageReturns = false

  /// Lines that are read at first, and most lines that a preamble may have.
  static let usual = 3000
  static let most = 300_000

  init(path: String, lines limit: Int = TextHead.usual) throws(Failure) {
    self.path = path
    let source = try ByteLines(path: path)
    while lines.count < limit {
      guard let text = try source.nextText() else {
        isWhole = true
        break
      }
      lines.append(text)
    }
    encoding = source.encoding
    hasCarriageReturns = source.hasCarriageReturns
    guard !lines.prefix(200).contains(where: { $0.utf8.contains(0) }) else {
      throw Failure(
        .badData, at: path, "is neither text nor a format that is known",
        remedy: "export it as CSV, or convert it to .npz, .mat or .h5")
    }
  }

  /// Cells of a line; a delimiter between quotes is text, and 0x20 stands for blanks and tabs.
  static func cells(_ line: String, _ delimiter: UInt8) -> [String] {
    var cells: [String] = []
    var cell = ""
    var isQuoted = false
    for character in line.unicodeScalars {
      if character == "\"" {
        isQuoted.toggle()
      } else if !isQuoted,
        character.value == UInt32(delimiter) || delimiter == 0x20 && character == "\t"
      {
        cells.append(cell.trimmingCharacters(in: .whitespaces))
        cell = ""
      } else {
        cell.unicodeScalars.append(character)
      }
    }
    cells.append(cell.trimmingCharacters(in: .whitespaces))
    return delimiter == 0x20 ? cells.filter { !$0.isEmpty } : cells
  }

  /// A number with a point or, where `decimal` says so, a comma before its decimals.
  static func number(_ cell: String, decimal: UInt8 = 0x2E) -> CellValue {
    var cell = cell
    return cell.withUTF8 { CellText(decimal: decimal).value($0) }
  }
}
