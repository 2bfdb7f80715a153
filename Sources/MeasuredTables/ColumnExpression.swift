import Failures
import Foundation

/// Arithmetic over the columns of a table: `AV - BV`, `1 / R`, `V[0]`, `log10(t)`.
///
/// Numbers, columns, `+ - * / %`, parentheses, `abs`, `floor`, `log10`, `exp`, and one element of an array
/// column by its index.
struct ColumnExpression: Sendable {
  /// A step of a stack machine.
  enum Step: Sendable {
    case constant(Double)
    case column(Int)
    case apply(@Sendable (Double) -> Double)
    case combine(@Sendable (Double, Double) -> Double)
  }

  /// The columns it reads, each with an index into an array column if it has one.
  private(set) var columns: [ColumnReference] = []
  private var steps: [Step] = []

  struct ColumnReference: Equatable, Sendable {
    var name: String
    var element: Int?
  }

  /// Parses an expression; `place` names the key it stands at.
  init(_ text: String, at place: String) throws(Failure) {
    var parser = ExpressionParser(text)
    do throws(ExpressionParser.Trouble) {
      (steps, columns) = try parser.parse()
    } catch {
      throw Failure(
        .badData, at: place, "\"\(text)\": \(error.text)",
        remedy: "write columns and + - * / % ( ) abs floor log10 exp")
    }
  }

  /// An expression that is one column.
  init(column: String) {
    columns = [ColumnReference(name: column)]
    steps = [.column(0)]
  }

  /// The value, where `lookup` gives the value of a column by its place in ``columns``.
  func value(_ lookup: (Int) -> Double) -> Double {
    if steps.count == 1, case .column(let index) = steps[0] { return lookup(index) }
    var stack: [Double] = []
    for step in steps {
      switch step {
      case .constant(let number): stack.append(number)
      case .column(let index): stack.append(lookup(index))
      case .apply(let function): stack.append(function(stack.removeLast()))
      case .combine(let function):
        let right = stack.removeLast()
        stack.append(function(stack.removeLast(), right))
      }
    }
    return stack[0]
  }
}

/// Recursive descent over an arithmetic expression.
private struct ExpressionParser {
  struct Trouble: Error { var text: String }

  private let characters: [Character]
  private var at = 0
  private var steps: [ColumnExpression.Step] = []
  private var columns: [ColumnExpression.ColumnReference] = []

  init(_ text: String) { characters = Array(text) }

  mutating func parse() throws(Trouble) -> (
    [ColumnExpression.Step], [ColumnExpression.ColumnReference]
  ) {
    try sum()
    skipSpace()
    guard at == characters.count else { throw Trouble(text: "unexpected \"\(characters[at])\"") }
    return (steps, columns)
  }

  private mutating func sum() throws(Trouble) {
    try product()
    while let sign = take("+-") {
      try product()
      let isSum = sign == "+"
      steps.append(.combine { isSum ? $0 + $1 : $0 - $1 })
    }
  }

  private mutating func product() throws(Trouble) {
    try factor()
    while let sign = take("*/%") {
      try factor()
      switch sign {
      case "*": steps.append(.combine { $0 * $1 })
      case "/": steps.append(.combine { $0 / $1 })
      default: steps.append(.combine { $0.truncatingRemainder(dividingBy: $1) })
      }
    }
  }

  private mutating func factor() throws(Trouble) {
    if take("-") != nil {
      try factor()
      steps.append(.apply { -$0 })
    } else if take("(") != nil {
      try sum()
      guard take(")") != nil else { throw Trouble(text: "a \")\" is missing") }
    } else {
      try operand()
    }
  }

  private mutating func operand() throws(Trouble) {
    skipSpace()
    let start = at
    while at < characters.count, isWord(characters[at]) || continuesExponent(from: start) {
      at += 1
    }
    let word = String(characters[start..<at])
    guard let first = word.first else { throw Trouble(text: "a column or number is missing") }
    if first.isNumber || first == "." {
      guard let number = Double(word) else { throw Trouble(text: "\"\(word)\" is no number") }
      steps.append(.constant(number))
    } else if let function = Self.functions[word], take("(") != nil {
      try sum()
      guard take(")") != nil else { throw Trouble(text: "a \")\" is missing") }
      steps.append(.apply(function))
    } else {
      let reference = ColumnExpression.ColumnReference(name: word, element: try element())
      if !columns.contains(reference) { columns.append(reference) }
      steps.append(.column(columns.firstIndex(of: reference) ?? 0))
    }
  }

  private mutating func element() throws(Trouble) -> Int? {
    guard take("[") != nil else { return nil }
    let start = at
    while at < characters.count, characters[at].isNumber { at += 1 }
    guard let index = Int(String(characters[start..<at])), take("]") != nil else {
      throw Trouble(text: "expected an index such as V[0]")
    }
    return index
  }

  private func isWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || "_.°".contains(character)
  }

  /// The sign in `1e-6`.
  private func continuesExponent(from start: Int) -> Bool {
    guard "+-".contains(characters[at]), at > start + 1, characters[start].isNumber else {
      return false
    }
    return characters[at - 1] == "e" || characters[at - 1] == "E"
  }

  private mutating func take(_ accepted: String) -> Character? {
    skipSpace()
    guard at < characters.count, accepted.contains(characters[at]) else { return nil }
    at += 1
    return characters[at - 1]
  }

  private mutating func skipSpace() {
    while at < characters.count, characters[at] == " " { at += 1 }
  }

  private static let functions: [String: @Sendable (Double) -> Double] = [
    "abs": { abs($0) }, "floor": { $0.rounded(.down) }, "log10": { log10($0) }, "exp": { exp($0) },
  ]
}
