package import Failures
package import Files
import Foundation

/// How a file that is not tidy is to be read; `calibration/README.md` documents the keys.
///
///     [table]
///     header = "match"            # first | match | line | none
///     header_match = "Time"
///     [file]
///     pattern = '_(?<operation>set|reset)_'
///     [quantities]
///     voltage = { expression = "AV - BV", unit = "V" }
///     operation = { file = "operation" }
package struct TableDescription: Sendable {
  /// Where the names of the columns stand.
  enum Header: String, CaseIterable, Sendable {
    case first
    case match
    case line
    case none
  }

  /// Whether a line is a row, or carries a few leading cells and then samples in equal intervals.
  enum Layout: String, CaseIterable, Sendable {
    case rows
    case samples
  }

  var header = Header.first
  var headerMatch = ""
  /// Number of the header's line, from 1.
  var headerLine = 1
  /// Lines under the header that are no rows: units, comments.
  var linesUnderHeader = 0
  /// nil: comma, tab, semicolon or blanks, whichever the header and the first rows agree on.
  var delimiter: UInt8?
  /// The character before decimals; nil: a comma where the data shows it, else a point.
  var decimal: UInt8?
  var comment = "#"
  var columns: [String] = []
  /// Whether the names are to be written down though the file has a header.
  var hasOwnColumns = false
  /// Whether rows may have fewer or more cells than there are columns.
  var isRagged = false
  var layout = Layout.rows
  /// Numbers of this file that mean "no value", beside those of instruments.
  var noValues: [Double] = []
  /// Several tables in a file, each with its own header.
  var blocks: TableBlocks?
  /// Format of a container of arrays, and the path of the table in it.
  var format: TableFormat?
  var dataset: String?
  /// Regular expression with named groups for the file's name.
  var filePattern: String?
  /// Rows that are no measurement: a comment that contains one of these words condemns its file.
  var refusedComments: [String] = []
  /// What becomes of a row; several readings of one row are several series.
  var series: [SeriesDescription] = []
  /// The name of the description, for errors.
  var name = "tidy table"

  /// The rule for a table that says itself what it holds: headers, units, an instrument's marks.
  package static let tidy = TableDescription()

  /// Whether the file itself is to say what its columns are.
  var isAutomatic: Bool { series.isEmpty }

  /// Reads a description.
  ///
  /// - Throws: ``Failure`` of kind `badData` that names file and key.
  package init(path: String) throws(Failure) {
    try self.init(document: TOMLDocument(path: path))
  }

  /// Decodes a description that has been parsed.
  package init(document: TOMLDocument) throws(Failure) {
    name = document.name
    if let table = try document.root.optionalSection("table") { try decode(table) }
    blocks = try document.root.optionalSection("blocks").map { section throws(Failure) in
      try TableBlocks(section)
    }
    filePattern = try document.root.optionalSection("file")?.string("pattern")
    let shared = try document.root.optionalSection("quantities")
    let tables = try document.root.sections("series")
    for section in tables.isEmpty ? [shared].compactMap({ $0 }) : tables {
      series.append(try SeriesDescription(section, shared: tables.isEmpty ? nil : shared))
    }
    guard !series.isEmpty else {
      throw Failure(
        .badData, at: name, "describes no quantity",
        remedy: "add [quantities], such as voltage = { column = \"AV\", unit = \"V\" }")
    }
    try document.finish()
  }

  init() {}

  private mutating func decode(_ table: TOMLSection) throws(Failure) {
    header = try table.optionalChoice("header") ?? .first
    headerMatch = try table.optionalString("header_match") ?? ""
    headerLine = try table.optionalInteger("header_line", in: 1...1_000_000_000) ?? 1
    linesUnderHeader = try table.optionalInteger("lines_under_header", in: 0...1000) ?? 0
    layout = try table.optionalChoice("layout") ?? .rows
    comment = try table.optionalString("comment") ?? "#"
    columns = (try table.optionalStrings("columns") ?? []).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    isRagged = try table.optionalBoolean("ragged") ?? false
    noValues = try table.optionalNumbers("no_value") ?? []
    format = try table.optionalChoice("format")
    dataset = try table.optionalString("dataset")
    refusedComments = try table.optionalStrings("refuse_comments") ?? []
    delimiter = try Self.character(table, "delimiter", "expected one character, such as \",\"")
    decimal = try Self.character(table, "decimal", "expected \".\" or \",\"")
    if let decimal, decimal != 0x2E && decimal != 0x2C {
      throw table.failure("decimal", "expected \".\" or \",\"")
    }
    guard header != .none || !columns.isEmpty else {
      throw table.failure("columns", "missing", remedy: "a table without header needs names")
    }
  }

  private static func character(
    _ table: TOMLSection, _ key: String, _ expected: String
  ) throws(Failure) -> UInt8? {
    guard let text = try table.optionalString(key) else { return nil }
    guard let byte = text.utf8.first, text.utf8.count == 1 else {
      throw table.failure(key, expected)
    }
    return byte
  }
}

/// Several tables in one file, each with a title and a header.
struct TableBlocks: Equatable, Sendable {
  /// First cell of the line that begins a block, whose next cell is its title.
  var title: String?
  /// First cell of the line that names the columns of a block.
  var header: String?
  /// First cell of the lines that are rows; nil: all lines below the header.
  var rows: String?
  /// Whether empty lines part the blocks.
  var isParted = false
  /// Whether the header's line stands again above every block.
  var isRepeated = false

  init() {}

  init(_ section: TOMLSection) throws(Failure) {
    title = try section.optionalString("title")
    header = try section.optionalString("header")
    rows = try section.optionalString("rows")
    isParted = try section.optionalBoolean("empty_lines") ?? false
    isRepeated = try section.optionalBoolean("repeated_header") ?? false
    guard header != nil || isParted || isRepeated else {
      throw section.failure(
        "", "says no mark", remedy: "give header, repeated_header = true or empty_lines = true")
    }
  }
}
