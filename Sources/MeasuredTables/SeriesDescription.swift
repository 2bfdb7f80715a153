import Failures
import Files
import Foundation

/// One reading of a row: quantities, rows that count, and how blocks of rows are stored.
struct SeriesDescription: Sendable {
  /// Where the value of a quantity comes from.
  enum Source: Sendable {
    case expression(ColumnExpression, UnitScale)
    /// The text of a column, or the value of an expression.
    case label(ColumnExpression)
    /// The texts of several columns, joined by commas.
    case joined([ColumnReference])
    /// A named group of the file's name; the scale is that of a number without a unit of its own.
    case file(group: String, scale: UnitScale)
    /// A folder of the file's path: 1 is the one that holds it.
    case folder(Int)
    /// The file's name without its ending.
    case fileName
    case constant(String)
    /// The number of the block a row is in, among those of its title.
    case block
    /// The title of the block.
    case title
    /// What a line above the block's header says: the cell behind this one.
    case key(String)
    /// Words in turn, row by row.
    case alternating([String])
    /// The number of the sample in a line of samples, times a scale, from a start.
    case sample(scale: Double, start: Double)
    /// The number of the row in its block, times a scale, from a start.
    case rowNumber(scale: Double, start: Double)
    /// What `{n}` stands for in the names of wide columns.
    case each
  }

  var quantities: [MeasuredQuantity: Source] = [:]
  /// Only rows for which all of these hold.
  var conditions: [RowCondition] = []
  /// Rows per block (a cycle), as an expression over scalars.
  var blockLength: ColumnExpression?
  var isReversed = false
  /// The name of the columns that this series stands for, with `{n}` for what differs.
  var each: String?

  init(quantities: [MeasuredQuantity: Source]) { self.quantities = quantities }

  init(_ section: TOMLSection, shared: TOMLSection?) throws(Failure) {
    for part in [shared, section] {
      guard let part else { continue }
      for quantity in MeasuredQuantity.allCases {
        guard let entry = try part.optionalSection(quantity.rawValue) else { continue }
        quantities[quantity] = try Self.source(entry, of: quantity)
      }
    }
    conditions = try RowCondition.all(section)
    each = try section.optionalString("each")
    if let each, !each.contains(Self.placeholder) {
      throw section.failure("each", "\"\(each)\" has no {n}", remedy: "write it as \"I{n}\"")
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

  static let placeholder = "{n}"

  private static func source(
    _ entry: TOMLSection, of quantity: MeasuredQuantity
  ) throws(Failure) -> Source {
    if let source = try positional(entry, of: quantity) { return source }
    let expression: ColumnExpression
    if entry.contains("column") {
      expression = ColumnExpression(column: try entry.columnReference("column"))
    } else if let text = try entry.optionalString("expression") {
      expression = try ColumnExpression(text, at: "\(entry.dottedPath).expression")
    } else {
      throw entry.failure(
        "", "says no source",
        remedy: "give column, expression, file, folder, constant, block, title, key or sample")
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

  /// Sources that are no column.
  private static func positional(
    _ entry: TOMLSection, of quantity: MeasuredQuantity
  ) throws(Failure) -> Source? {
    if let group = try entry.optionalString("file") {
      let unit = try entry.optionalString("unit") ?? quantity.unit
      guard let scale = UnitScale(unit, for: quantity) else {
        throw entry.failure("unit", "\"\(unit)\" does not measure \(quantity.rawValue)")
      }
      return .file(group: group, scale: scale)
    }
    if let step = try entry.optionalNumber("sample") {
      return .sample(scale: step, start: try entry.optionalNumber("start") ?? 0)
    }
    if let step = try entry.optionalNumber("row_number") {
      return .rowNumber(scale: step, start: try entry.optionalNumber("start") ?? 0)
    }
    if let words = try entry.optionalStrings("alternating") {
      guard !words.isEmpty else { throw entry.failure("alternating", "has no word") }
      return .alternating(words)
    }
    if try entry.optionalBoolean("block") == true { return .block }
    if let text = try entry.optionalString("constant") { return .constant(text) }
    guard let word = try label(entry) else { return nil }
    guard quantity.isLabel else {
      throw entry.failure("", "gives a word, and \(quantity.rawValue) is a number")
    }
    return word
  }

  private static func label(_ entry: TOMLSection) throws(Failure) -> Source? {
    if let depth = try entry.optionalInteger("folder", in: 1...64) { return .folder(depth) }
    if try entry.optionalBoolean("file_name") == true { return .fileName }
    if try entry.optionalBoolean("title") == true { return .title }
    if try entry.optionalBoolean("each") == true { return .each }
    if let key = try entry.optionalString("key") { return .key(key) }
    guard let parts = try entry.optionalTextsOrIntegers("columns") else { return nil }
    return .joined(
      parts.map { part in
        part.integer.map { ColumnReference(position: $0) } ?? ColumnReference(name: part.text ?? "")
      })
  }
}

/// Wide columns.
extension SeriesDescription {
  /// The series that this one stands for among the columns of a table, one for each `{n}`.
  func expanded(over columns: [String]) -> [SeriesDescription] {
    guard let each, let mark = each.range(of: Self.placeholder) else { return [self] }
    let (head, tail) = (String(each[..<mark.lowerBound]), String(each[mark.upperBound...]))
    var found: [String] = []
    for name in each.contains("#" + Self.placeholder) ? Self.numbered(columns) : columns
    where name.count > head.count + tail.count && name.hasPrefix(head) && name.hasSuffix(tail) {
      let middle = String(name.dropFirst(head.count).dropLast(tail.count))
      if !found.contains(middle) { found.append(middle) }
    }
    return found.map(replaced)
  }

  /// Names with their number among equal ones: `V#1`, `V#2`.
  private static func numbered(_ columns: [String]) -> [String] {
    var seen: [String: Int] = [:]
    return columns.map { name in
      seen[name, default: 0] += 1
      return "\(name)#\(seen[name] ?? 1)"
    }
  }

  private func replaced(_ text: String) -> SeriesDescription {
    var copy = self
    copy.each = nil
    for (quantity, source) in quantities {
      switch source {
      case .expression(var expression, let scale):
        expression.replace(Self.placeholder, with: text)
        copy.quantities[quantity] = .expression(expression, scale)
      case .label(var expression):
        expression.replace(Self.placeholder, with: text)
        copy.quantities[quantity] = .label(expression)
      case .each:
        copy.quantities[quantity] = .constant(text.trimmingCharacters(in: .whitespaces))
      default: break
      }
    }
    for place in copy.conditions.indices {
      copy.conditions[place].expression.replace(Self.placeholder, with: text)
    }
    return copy
  }
}

extension ColumnExpression {
  /// Replaces a part of the columns' names.
  mutating func replace(_ part: String, with text: String) {
    for place in columns.indices {
      columns[place].name = columns[place].name.replacingOccurrences(of: part, with: text)
    }
  }
}

extension TOMLSection {
  /// A column by its name or, as an integer from 1, by its number.
  func columnReference(_ key: String) throws(Failure) -> ColumnReference {
    guard let found = try optionalTextOrInteger(key) else {
      throw failure(key, "missing, expected a column's name or number")
    }
    if let name = found.text {
      return ColumnReference(name: name.trimmingCharacters(in: .whitespaces))
    }
    guard let number = found.integer, number >= 1 else {
      throw failure(key, "columns are counted from 1")
    }
    return ColumnReference(position: number)
  }
}
