import Failures
import Files
import Foundation

/// What a row must be to count: an entry of `where`.
struct RowCondition: Sendable {
  /// A test of the value; all tests of an entry must hold.
  enum Test: Equatable, Sendable {
    case equals([RowValue], isNegated: Bool)
    case atLeast(Double)
    case atMost(Double)
    case above(Double)
    case below(Double)

    func holds(_ number: Double) -> Bool {
      switch self {
      case .atLeast(let limit): number >= limit
      case .atMost(let limit): number <= limit
      case .above(let limit): number > limit
      case .below(let limit): number < limit
      case .equals: false
      }
    }
  }

  /// The column, or an expression over several.
  var expression: ColumnExpression
  var tests: [Test]

  init(_ section: TOMLSection) throws(Failure) {
    if let text = try section.optionalString("expression") {
      expression = try ColumnExpression(text, at: "\(section.dottedPath).expression")
    } else {
      expression = ColumnExpression(column: try section.columnReference("column"))
    }
    tests = []
    for (key, isNegated) in [("equals", false), ("not", true)] {
      if let values = try section.optionalAlternatives(key) {
        tests.append(.equals(values.map(RowValue.init), isNegated: isNegated))
      }
    }
    if let range = try section.optionalNumbers("between") {
      guard range.count == 2, range[0] <= range[1] else {
        throw section.failure("between", "expected two rising numbers, such as [0.1, 0.5]")
      }
      tests += [.atLeast(range[0]), .atMost(range[1])]
    }
    if let limit = try section.optionalNumber("at_least") { tests.append(.atLeast(limit)) }
    if let limit = try section.optionalNumber("at_most") { tests.append(.atMost(limit)) }
    if let limit = try section.optionalNumber("above") { tests.append(.above(limit)) }
    if let limit = try section.optionalNumber("below") { tests.append(.below(limit)) }
    guard !tests.isEmpty else {
      throw section.failure(
        "", "tests nothing",
        remedy: "give equals, not, at_least, at_most, above, below or between")
    }
  }

  /// The conditions of a series: one table or several.
  static func all(_ section: TOMLSection) throws(Failure) -> [RowCondition] {
    var conditions: [RowCondition] = []
    for entry in try section.sectionOrSections("where") {
      conditions.append(try RowCondition(entry))
    }
    return conditions
  }
}

/// A value that a cell is compared with: as a word, and as a number where both are numbers.
struct RowValue: Equatable, Sendable {
  var bytes: [UInt8]
  var number: Double?

  init(_ alternative: TOMLSection.Alternative) {
    switch alternative {
    case .text(let text):
      bytes = Array(text.trimmingCharacters(in: .whitespaces).utf8)
      number = nil
    case .number(let number):
      bytes = Array("\(number)".utf8)
      self.number = number
    case .truth(let truth):
      bytes = Array((truth ? "true" : "false").utf8)
      number = truth ? 1 : 0
    }
  }

  func matches(_ cell: UnsafeBufferPointer<UInt8>, _ text: CellText) -> Bool {
    let trimmed = CellText.trimmed(cell)
    if trimmed.elementsEqual(bytes) { return true }
    guard let number else { return false }
    if case .number(let found) = text.value(trimmed) { return found == number }
    return CellText.truth(trimmed) == number
  }
}
