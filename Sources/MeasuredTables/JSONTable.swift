import Failures
import Files
import Foundation

/// A JSON object whose arrays are columns and whose numbers hold for all rows.
struct JSONTable {
  private let path: String
  private let members: [String: Any]
  private let description: TableDescription
  private let pattern: FilePattern
  private(set) var report: ReadReport

  /// Whether a file's first byte that is no space opens an object.
  static func isJSON(path: String) throws(Failure) -> Bool {
    if path.hasSuffix(".json") { return true }
    let lines = try ByteLines(path: path)
    let first = try lines.next { line in line.first { $0 != 0x20 && $0 != 0x09 } }
    return first == 0x7B
  }

  init(path: String, description: TableDescription, report: ReadReport) throws(Failure) {
    let object = try? JSONSerialization.jsonObject(with: InputFile.bytes(of: path))
    guard let members = object as? [String: Any] else {
      throw Failure(
        .badData, at: path, "is not one JSON object", remedy: "columns are its arrays")
    }
    guard !description.series.isEmpty else {
      throw Failure(
        .badData, at: path, "JSON needs a description", remedy: "pass --description FILE.toml")
    }
    self.path = path
    self.members = members
    self.description = description
    self.report = report
    pattern = try FilePattern(description.filePattern, path: path, description: description.name)
  }

  mutating func read(_ body: (MeasuredRow) throws(Failure) -> Void) throws(Failure) {
    for series in description.series { try read(series, body) }
  }

  private func numbers(_ reference: ColumnExpression.ColumnReference) throws(Failure) -> [Double] {
    guard let member = members[reference.name] else {
      throw Failure(
        .badData, at: path,
        "has no member \"\(reference.name)\" that \(description.name) asks for",
        remedy: "its members are \(members.keys.sorted().joined(separator: ", "))")
    }
    let list = (member as? [Any])?.map { ($0 as? NSNumber)?.doubleValue ?? .nan }
    guard let element = reference.element else {
      if let list { return list }
      return [try scalar(member, reference.name)]
    }
    guard let list, list.indices.contains(element) else {
      throw Failure(.badData, at: path, "\"\(reference.name)\" has no element \(element)")
    }
    return [list[element]]
  }

  private func scalar(_ member: Any, _ name: String) throws(Failure) -> Double {
    guard let number = member as? NSNumber else {
      throw Failure(.badData, at: path, "\"\(name)\" is neither a number nor an array of them")
    }
    return number.doubleValue
  }

  /// The values of an expression over all rows, or one value that holds for all.
  private func values(_ expression: ColumnExpression) throws(Failure) -> [Double] {
    var columns: [[Double]] = []
    for reference in expression.columns { columns.append(try numbers(reference)) }
    let count = columns.map(\.count).max() ?? 1
    guard columns.allSatisfy({ $0.count == 1 || $0.count == count }) else {
      throw Failure(.badData, at: path, "arrays of one expression differ in length")
    }
    return (0..<count).map { row in
      expression.value { columns[$0][columns[$0].count == 1 ? 0 : row] }
    }
  }

  private mutating func read(
    _ series: SeriesDescription, _ body: (MeasuredRow) throws(Failure) -> Void
  ) throws(Failure) {
    var block = Int.max
    if let length = series.blockLength {
      let found = try values(length).first ?? .nan
      guard found >= 1, let whole = Int(exactly: found.rounded(.down)) else {
        throw Failure(
          .badData, at: "\(path): block of \(description.name)",
          "a block of \(found) rows cannot be",
          remedy: "give the number of rows that were stored together, at least 1")
      }
      block = whole
    }
    var columns: [(place: Int, values: [Double])] = []
    var blockPlace: Int?
    for (quantity, source) in series.quantities {
      switch source {
      case .expression(let expression, let scale):
        columns.append((quantity.index, try values(expression).map { scale($0) }))
      case .file(let group, let scale):
        columns.append(
          (quantity.index, [try pattern.value(of: group, for: quantity, scale, report: &report)]))
      case .constant(let text):
        columns.append(
          (quantity.index, [try BoundSeries.constant(text, quantity, &report, description.name)]))
      case .block: blockPlace = quantity.index
      default:
        throw Failure(
          .badData, at: "\(description.name): \(quantity.rawValue)", "cannot come from JSON",
          remedy: "use expression, file, constant or block")
      }
    }
    report.quantities.formUnion(series.quantities.keys)
    try emit(columns, block: block, blockPlace: blockPlace, isReversed: series.isReversed, body)
  }

  private mutating func emit(
    _ columns: [(place: Int, values: [Double])], block: Int, blockPlace: Int?, isReversed: Bool,
    _ body: (MeasuredRow) throws(Failure) -> Void
  ) throws(Failure) {
    let count = columns.map(\.values.count).max() ?? 0
    guard columns.allSatisfy({ $0.values.count == 1 || $0.values.count == count }) else {
      throw Failure(.badData, at: path, "arrays of one series differ in length")
    }
    var values = [Double](repeating: .nan, count: MeasuredQuantity.count)
    for row in 0..<count {
      let number = row / block
      // The index of a pulse counts on; what was stored backwards is the reading.
      let first = number * block
      let last = block < count - first ? first + block : count
      let source = isReversed ? last - 1 - (row - first) : row
      for (place, column) in columns {
        let isIndex = place == MeasuredQuantity.pulse.index
        values[place] = column[column.count == 1 ? 0 : isIndex ? row : source]
      }
      if let blockPlace { values[blockPlace] = Double(report.label(.cycle, "\(number)")) }
      guard columns.allSatisfy({ values[$0.place].isFinite }) else {
        report.note("a value that is not finite", at: "\(path): row \(row)")
        continue
      }
      report.rows += 1
      var trouble: Failure?
      values.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        do throws(Failure) { try body(MeasuredRow(values: base)) } catch { trouble = error }
      }
      if let trouble { throw trouble }
    }
  }
}
