import Failures

/// What holds for all rows of one block of one file.
struct RowContext {
  var path: String
  var description: String
  var pattern: FilePattern
  /// Number of the block among those of its title, from 0.
  var block = 0
  var title = ""
  /// What the lines above the block's header say, by their first cells.
  var keys: [String: String] = [:]
}

/// A series with its columns found in one file.
struct BoundSeries {
  /// A column of an expression, by its index.
  struct Column {
    var index: Int
    var isPrevious: Bool
  }

  /// A quantity with where its value is in this file.
  enum Value {
    case expression(ColumnExpression, [Column], UnitScale)
    case label(Int)
    case joined([Int])
    /// A word made of a number.
    case computed(ColumnExpression, [Column])
    /// The same in every row: a number or the number of a word.
    case fixed(Double)
    case alternating([Double])
    case sample(scale: Double, start: Double)
    case rowNumber(scale: Double, start: Double)
  }

  struct Condition {
    var expression: ColumnExpression
    var columns: [Column]
    var tests: [RowCondition.Test]
  }

  var values: [(place: Int, value: Value)] = []
  var conditions: [Condition] = []

  init(
    _ series: SeriesDescription, columns: ColumnNames, context: RowContext,
    report: inout ReadReport
  ) throws(Failure) {
    for (quantity, source) in series.quantities {
      let value = try Self.value(source, of: quantity, columns, context, &report)
      values.append((quantity.index, value))
    }
    // A word gets its number only when the row's numbers are known to be numbers.
    values.sort {
      (Self.isLabel($0.place) ? 1 : 0, $0.place) < (Self.isLabel($1.place) ? 1 : 0, $1.place)
    }
    for condition in series.conditions {
      conditions.append(
        Condition(
          expression: condition.expression,
          columns: try Self.columns(of: condition.expression, columns, context),
          tests: condition.tests))
    }
    report.quantities.formUnion(series.quantities.keys)
  }

  private static func isLabel(_ place: Int) -> Bool { MeasuredQuantity.allCases[place].isLabel }

  private static func value(
    _ source: SeriesDescription.Source, of quantity: MeasuredQuantity, _ columns: ColumnNames,
    _ context: RowContext, _ report: inout ReadReport
  ) throws(Failure) -> Value {
    switch source {
    case .expression(let expression, let scale):
      return .expression(expression, try Self.columns(of: expression, columns, context), scale)
    case .label(let expression):
      if let column = expression.singleColumn {
        return .label(try index(column, columns, context))
      }
      return .computed(expression, try Self.columns(of: expression, columns, context))
    case .joined(let references):
      var found: [Int] = []
      for reference in references { found.append(try index(reference, columns, context)) }
      return .joined(found)
    case .alternating(let words):
      return .alternating(words.map { Double(report.label(quantity, $0)) })
    case .sample(let scale, let start): return .sample(scale: scale, start: start)
    case .rowNumber(let scale, let start): return .rowNumber(scale: scale, start: start)
    default:
      return .fixed(try fixed(source, quantity, context, &report))
    }
  }

  /// A value that holds for a whole block.
  static func fixed(
    _ source: SeriesDescription.Source, _ quantity: MeasuredQuantity, _ context: RowContext,
    _ report: inout ReadReport
  ) throws(Failure) -> Double {
    let word: String
    switch source {
    case .file(let group, let scale):
      return try context.pattern.value(of: group, for: quantity, scale, report: &report)
    case .constant(let text):
      return try constant(text, quantity, &report, context.description)
    case .folder(let depth): word = try context.pattern.folder(depth)
    case .fileName: word = context.pattern.stem
    case .title: word = context.title
    case .block: word = "\(context.block)"
    case .key(let key):
      guard let found = context.keys[key] else {
        throw Failure(
          .badData, at: context.path, "no line above the header begins with \"\(key)\"",
          remedy: "correct key in \(context.description)")
      }
      word = found
    default:
      throw Failure(
        .badData, at: "\(context.description): \(quantity.rawValue)",
        "{n} belongs into a series with each", remedy: "add each = \"I{n}\"")
    }
    guard quantity.isLabel else {
      guard let number = Double(word) else {
        throw Failure(
          .badData, at: "\(context.description): \(quantity.rawValue)", "\"\(word)\" is no number")
      }
      return number
    }
    return Double(report.label(quantity, word.isEmpty ? "0" : word))
  }

  private static func index(
    _ reference: ColumnReference, _ columns: ColumnNames, _ context: RowContext
  ) throws(Failure) -> Int {
    guard reference.element == nil else {
      throw Failure(
        .badData, at: context.path,
        "\"\(reference.name)[\(reference.element ?? 0)]\": elements are of JSON arrays",
        remedy: "write the name in quotes where brackets are part of it")
    }
    return try columns.index(of: reference, at: context.path, description: context.description)
  }

  private static func columns(
    of expression: ColumnExpression, _ columns: ColumnNames, _ context: RowContext
  ) throws(Failure) -> [Column] {
    if let number = expression.literals.first(where: { columns.names.contains($0) }) {
      throw Failure(
        .badData, at: "\(context.description): \(expression.text)",
        "\(number) may be the number, or the column called \"\(number)\"",
        remedy: "write \"\(number)\" in quotes for the column, \(number).0 for the number")
    }
    var found: [Column] = []
    for reference in expression.columns {
      found.append(
        Column(
          index: try index(reference, columns, context), isPrevious: reference.isPrevious))
    }
    return found
  }

  static func constant(
    _ text: String, _ quantity: MeasuredQuantity, _ report: inout ReadReport, _ place: String
  ) throws(Failure) -> Double {
    if quantity.isLabel { return Double(report.label(quantity, text)) }
    guard let value = UnitScale.value(of: text, for: quantity) else {
      throw Failure(
        .badData, at: "\(place): \(quantity.rawValue)", "\"\(text)\" is no value with a unit",
        remedy: "write it as 2.5\(quantity.unit)")
    }
    return value
  }
}
