import Failures
import Foundation

/// The rows of a file that holds arrays: arrays are columns, single values hold for all rows.
struct ArrayTable {
  private let file: ArrayFile
  private let description: TableDescription
  private let names: ColumnNames
  private let context: RowContext
  private let text: CellText
  private(set) var output: RowOutput

  init(
    _ file: ArrayFile, description: TableDescription, output: RowOutput
  ) throws(Failure) {
    self.file = file
    self.description = description
    self.output = output
    names = ColumnNames(file.names)
    text = CellText(noValues: Set(description.noValues))
    context = RowContext(
      path: file.path, description: description.name,
      pattern: try FilePattern(
        description.filePattern, path: file.path, description: description.name))
  }

  mutating func read(_ body: (MeasuredRow) throws(Failure) -> Void) throws(Failure) {
    for series in description.series {
      for one in series.expanded(over: file.names) { try read(one, body) }
    }
  }

  private func column(_ reference: ColumnReference) throws(Failure) -> ArrayColumn {
    let index = try names.index(
      of: reference, at: file.path, description: description.name)
    guard let column = file[file.names[index]] else {
      throw Failure(.internal, at: file.path, "an array was lost")
    }
    return column
  }

  private func numbers(_ reference: ColumnReference) throws(Failure) -> [Double] {
    let column = try column(reference)
    var values = column.values
    if let words = column.words {
      values = words.map { word in
        var word = word
        return word.withUTF8 { CellText.truth($0) } ?? .nan
      }
    }
    if let element = reference.element {
      guard values.indices.contains(element) else {
        throw Failure(
          .badData, at: file.path, "\"\(reference.name)\" has no element \(element)")
      }
      return [values[element]]
    }
    guard reference.isPrevious, values.count > 1 else { return values }
    return [.nan] + values.dropLast()
  }

  /// The values of an expression over all rows, or one value that holds for all.
  private func values(_ expression: ColumnExpression) throws(Failure) -> [Double] {
    var columns: [[Double]] = []
    for reference in expression.columns { columns.append(try numbers(reference)) }
    let count = columns.map(\.count).max() ?? 1
    guard columns.allSatisfy({ $0.count == 1 || $0.count == count }) else {
      throw Failure(.badData, at: file.path, "arrays of one expression differ in length")
    }
    return (0..<count).map { row in
      expression.value { columns[$0][columns[$0].count == 1 ? 0 : row] }
    }
  }

  /// A quantity's value for every row: one for all, or one each.
  private struct Bound {
    var place: Int
    var values: [Double]
    var isStepped = false
  }

  private mutating func read(
    _ series: SeriesDescription, _ body: (MeasuredRow) throws(Failure) -> Void
  ) throws(Failure) {
    let block = try blockLength(series)
    var columns: [Bound] = []
    var blockPlace: Int?
    for (quantity, source) in series.quantities.sorted(by: { $0.key.index < $1.key.index }) {
      if case .block = source {
        blockPlace = quantity.index
        continue
      }
      columns.append(try bound(source, quantity))
    }
    output.report.quantities.formUnion(series.quantities.keys)
    output.noteDerived()
    let kept = try rows(series.conditions)
    try emit(
      columns, block: block, blockPlace: blockPlace, isReversed: series.isReversed, kept, body)
  }

  private func blockLength(_ series: SeriesDescription) throws(Failure) -> Int {
    guard let length = series.blockLength else { return Int.max }
    let found = try values(length).first ?? .nan
    guard found >= 1, let whole = Int(exactly: found.rounded(.down)) else {
      throw Failure(
        .badData, at: "\(file.path): block of \(description.name)",
        "a block of \(found) rows cannot be",
        remedy: "give the number of rows that were stored together, at least 1")
    }
    return whole
  }

  private mutating func bound(
    _ source: SeriesDescription.Source, _ quantity: MeasuredQuantity
  ) throws(Failure) -> Bound {
    switch source {
    case .expression(let expression, let scale):
      return Bound(
        place: quantity.index,
        values: try values(expression).map { abs($0) < CellText.noValueLimit ? scale($0) : $0 })
    case .label(let expression):
      return Bound(place: quantity.index, values: try labels(expression, quantity))
    case .joined(let references):
      return Bound(place: quantity.index, values: try joined(references, quantity))
    case .rowNumber(let scale, let start), .sample(let scale, let start):
      return Bound(place: quantity.index, values: [start, scale], isStepped: true)
    case .alternating:
      throw Failure(
        .badData, at: "\(description.name): \(quantity.rawValue)",
        "words in turn are of lines of text", remedy: "use constant, file, column or expression")
    default:
      return Bound(
        place: quantity.index,
        values: [try BoundSeries.fixed(source, quantity, context, &output.report)])
    }
  }

  private func words(_ reference: ColumnReference) throws(Failure) -> [String] {
    let column = try column(reference)
    return column.words ?? column.values.map(TextTable.text)
  }

  private mutating func labels(
    _ expression: ColumnExpression, _ quantity: MeasuredQuantity
  ) throws(Failure) -> [Double] {
    let found: [String]
    if let single = expression.singleColumn, single.element == nil {
      found = try words(single)
    } else {
      found = try values(expression).map(TextTable.text)
    }
    return found.map {
      Double(output.report.label(quantity, $0.trimmingCharacters(in: .whitespaces)))
    }
  }

  private mutating func joined(
    _ references: [ColumnReference], _ quantity: MeasuredQuantity
  ) throws(Failure) -> [Double] {
    var columns: [[String]] = []
    for reference in references { columns.append(try words(reference)) }
    let count = columns.map(\.count).max() ?? 0
    guard columns.allSatisfy({ $0.count == 1 || $0.count == count }) else {
      throw Failure(.badData, at: file.path, "arrays of one label differ in length")
    }
    return (0..<count).map { row in
      let name = columns.map { $0[$0.count == 1 ? 0 : row] }.joined(separator: ",")
      return Double(output.report.label(quantity, name))
    }
  }

  /// Which rows meet all conditions; empty where there is none.
  private func rows(_ conditions: [RowCondition]) throws(Failure) -> [Bool] {
    var kept: [Bool] = []
    for condition in conditions {
      let single = condition.expression.singleColumn
      let words = try single.flatMap { reference throws(Failure) in try column(reference).words }
      let numbers = words == nil ? try values(condition.expression) : []
      let count = words?.count ?? numbers.count
      if kept.isEmpty { kept = Array(repeating: true, count: count) }
      for row in 0..<min(count, kept.count) {
        kept[row] =
          kept[row]
          && condition.tests.allSatisfy { test in
            guard case .equals(let values, let isNegated) = test else {
              return words == nil && test.holds(numbers[row])
            }
            let isFound = values.contains { value in
              guard let words else { return value.number == numbers[row] }
              var word = words[row]
              return word.withUTF8 { value.matches($0, text) }
            }
            return isFound != isNegated
          }
      }
    }
    return kept
  }

  private mutating func emit(
    _ columns: [Bound], block: Int, blockPlace: Int?, isReversed: Bool, _ kept: [Bool],
    _ body: (MeasuredRow) throws(Failure) -> Void
  ) throws(Failure) {
    let count = columns.filter { !$0.isStepped }.map(\.values.count).max() ?? 0
    guard columns.allSatisfy({ $0.isStepped || $0.values.count == 1 || $0.values.count == count })
    else { throw Failure(.badData, at: file.path, "arrays of one series differ in length") }
    for place in output.values.indices { output.values[place] = .nan }
    for row in 0..<count {
      let number = row / block
      // The index of a pulse counts on; what was stored backwards is the reading.
      let first = number * block
      let last = block < count - first ? first + block : count
      let source = isReversed ? last - 1 - (row - first) : row
      if kept.indices.contains(source), !kept[source] { continue }
      for column in columns {
        let isIndex = column.place == MeasuredQuantity.pulse.index
        output.values[column.place] =
          column.isStepped
          ? column.values[0] + Double(row) * column.values[1]
          : column.values[column.values.count == 1 ? 0 : isIndex ? row : source]
      }
      if let blockPlace {
        output.values[blockPlace] = Double(output.report.label(.cycle, "\(number)"))
      }
      let place = "\(file.path): row \(row)"
      guard columns.allSatisfy({ output.values[$0.place].isFinite }) else {
        output.note("a value that is not finite", at: place)
        continue
      }
      guard columns.allSatisfy({ isValue(output.values[$0.place]) }) else {
        output.note("a cell with an instrument's \"no value\"", at: place)
        continue
      }
      try output.emit(series: 0, isHeld: false, at: { place }, body)
    }
  }

  private func isValue(_ number: Double) -> Bool {
    abs(number) < CellText.noValueLimit && !text.noValues.contains(number)
  }
}
