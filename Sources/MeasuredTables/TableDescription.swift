package import Failures
package import Files

/// How a file that is not tidy is to be read; `calibration/README.md` documents the keys.
///
///     [table]
///     header = "match"            # first | match | none
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
    case none
  }

  /// Whether a line is a row, or carries a few leading cells and then samples in equal intervals.
  enum Layout: String, CaseIterable, Sendable {
    case rows
    case samples
  }

  var header = Header.first
  var headerMatch = ""
  /// nil: comma, tab or semicolon, whichever the first row has most of.
  var delimiter: UInt8?
  var comment = "#"
  var columns: [String] = []
  /// Whether rows may have fewer or more cells than there are columns.
  var isRagged = false
  var layout = Layout.rows
  /// Regular expression with named groups for the file's name.
  var filePattern: String?
  /// Rows that are no measurement: a comment that contains one of these words condemns its file.
  var refusedComments: [String] = []
  /// What becomes of a row; several readings of one row are several series.
  var series: [SeriesDescription] = []
  /// The name of the description, for errors.
  var name = "tidy table"

  /// The rule for a tidy table: the header names quantities with units.
  package static let tidy = TableDescription()

  /// Reads a description.
  ///
  /// - Throws: ``Failure`` of kind `badData` that names file and key.
  package init(path: String) throws(Failure) {
    try self.init(document: TOMLDocument(path: path))
  }

  /// Decodes a description that has been parsed.
  package init(document: TOMLDocument) throws(Failure) {
    name = document.name
    if let table = try document.root.optionalSection("table") {
      header = try table.optionalChoice("header") ?? .first
      headerMatch = try table.optionalString("header_match") ?? ""
      layout = try table.optionalChoice("layout") ?? .rows
      comment = try table.optionalString("comment") ?? "#"
      columns = try table.optionalStrings("columns") ?? []
      isRagged = try table.optionalBoolean("ragged") ?? false
      refusedComments = try table.optionalStrings("refuse_comments") ?? []
      if let text = try table.optionalString("delimiter") {
        guard let byte = text.utf8.first, text.utf8.count == 1 else {
          throw table.failure("delimiter", "expected one character, such as \",\" or \"\\t\"")
        }
        delimiter = byte
      }
      guard header != .none || !columns.isEmpty else {
        throw table.failure("columns", "missing", remedy: "a table without header needs names")
      }
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

  private init() {}
}

/// What the cell of a row must be for the row to count.
enum RowTest: Sendable {
  case equals([UInt8])
  case atLeast(Double)
}

/// One reading of a row: quantities, rows that count, and how blocks of rows are stored.
struct SeriesDescription: Sendable {
  /// Where the value of a quantity comes from.
  enum Source: Sendable {
    case expression(ColumnExpression, UnitScale)
    /// The text of a column.
    case label(ColumnExpression)
    /// A named group of the file's name; the scale is that of a number without a unit of its own.
    case file(group: String, scale: UnitScale)
    case constant(String)
    /// The number of the block a row is in.
    case block
    /// Words in turn, row by row.
    case alternating([String])
    /// The number of the sample in a line of samples, times a scale.
    case sample(scale: Double)
  }

  var quantities: [MeasuredQuantity: Source] = [:]
  /// Only rows in which this column has this text, or a number of at least so much.
  var condition: (column: String, test: RowTest)?
  /// Rows per block (a cycle), as an expression over scalars.
  var blockLength: ColumnExpression?
  var isReversed = false

  init(quantities: [MeasuredQuantity: Source]) { self.quantities = quantities }

  init(_ section: TOMLSection, shared: TOMLSection?) throws(Failure) {
    for part in [shared, section] {
      guard let part else { continue }
      for quantity in MeasuredQuantity.allCases {
        guard let entry = try part.optionalSection(quantity.rawValue) else { continue }
        quantities[quantity] = try Self.source(entry, of: quantity)
      }
    }
    if let when = try section.optionalSection("where") {
      if let least = try when.optionalNumber("at_least") {
        condition = (try when.string("column"), .atLeast(least))
      } else {
        condition = (try when.string("column"), .equals(Array(try when.string("equals").utf8)))
      }
    }
    if let block = try section.optionalString("block") {
      blockLength = try ColumnExpression(block, at: "\(section.dottedPath).block")
    }
    enum Order: String, CaseIterable { case forward, reversed }
    isReversed = try section.optionalChoice("order", of: Order.self) == .reversed
    guard !quantities.isEmpty else {
      throw section.failure("", "describes no quantity")
    }
  }

  private static func source(
    _ entry: TOMLSection, of quantity: MeasuredQuantity
  ) throws(Failure) -> Source {
    if let group = try entry.optionalString("file") {
      let unit = try entry.optionalString("unit") ?? quantity.unit
      guard let scale = UnitScale(unit, for: quantity) else {
        throw entry.failure("unit", "\"\(unit)\" does not measure \(quantity.rawValue)")
      }
      return .file(group: group, scale: scale)
    }
    if let words = try entry.optionalStrings("alternating") { return .alternating(words) }
    if try entry.optionalBoolean("block") == true { return .block }
    if let step = try entry.optionalNumber("sample") { return .sample(scale: step) }
    if let text = try entry.optionalString("constant") { return .constant(text) }
    let expression: ColumnExpression
    if let column = try entry.optionalString("column") {
      expression = ColumnExpression(column: column)
    } else if let text = try entry.optionalString("expression") {
      expression = try ColumnExpression(text, at: "\(entry.dottedPath).expression")
    } else {
      throw entry.failure(
        "", "says no source", remedy: "give column, expression, file, constant, block or sample")
    }
    guard !quantity.isLabel else { return .label(expression) }
    let unit = try entry.optionalString("unit") ?? ""
    guard let scale = UnitScale(unit, for: quantity) else {
      throw entry.failure(
        "unit", unit.isEmpty ? "missing" : "\"\(unit)\" does not measure \(quantity.rawValue)",
        remedy: "expected \(quantity.unit.isEmpty ? "none" : quantity.unit), with a prefix if any")
    }
    return .expression(expression, scale)
  }
}
