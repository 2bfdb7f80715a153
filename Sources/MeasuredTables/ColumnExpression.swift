import Failures
import Foundation

/// Arithmetic over the columns of a table: `AV - BV`, `1 / R`, `V[0]`, `log10(t)`,
/// `"I (A)" / "V (V)"`, `previous(R)`.
///
/// Numbers, columns (quoted where the name has blanks or brackets; `V#2` for the second of that name,
/// `#3` for the third column), `+ - * / %`, parentheses, `abs`, `floor`, `log10`, `exp`, `previous`
/// of a column for the row before, and one element of an array column by its index.
struct ColumnExpression: Sendable {
  /// A step of a stack machine.
  enum Step: Sendable {
    case constant(Double)
    case column(Int)
    case apply(@Sendable (Double) -> Double)
    case combine(@Sendable (Double, Double) -> Double)
  }

  /// The columns it reads, each with an index into an array column if it has one.
  var columns: [ColumnReference] = []
  /// Numbers as they are written, for tables whose columns are called by numbers.
  private(set) var literals: [String] = []
  private var steps: [Step] = []

  /// The expression as it was written.
  private(set) var text: String

  /// Parses an expression; `place` names the key it stands at.
  init(_ text: String, at place: String) throws(Failure) {
    self.text = text
    var parser = ExpressionParser(text)
    do throws(ExpressionParser.Trouble) {
      try parser.parse()
      (steps, columns, literals) = (parser.steps, parser.columns, parser.literals)
    } catch {
      throw Failure(
        .badData, at: place, "\"\(text)\": \(error.text)",
        remedy: "write columns and + - * / % ( ) abs floor log10 exp previous")
    }
  }

  /// An expression that is one column.
  init(column: ColumnReference) {
    text = column.spelling
    columns = [column]
    steps = [.column(0)]
  }

  /// An expression that is the column of a name.
  init(column: String) { self.init(column: ColumnReference(name: column)) }

  /// The one column it is, if it is no more than that.
  var singleColumn: ColumnReference? {
    guard steps.count == 1, case .column = steps[0], !columns[0].isPrevious else { return nil }
    return columns[0]
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
  private var depth = 0
  private(set) var steps: [ColumnExpression.Step] = []
  private(set) var columns: [ColumnReference] = []
  private(set) var literals: [String] = []

  init(_ text: String) { characters = Array(text) }

  mutating func parse() throws(Trouble) {
    try sum()
    skipSpace()
    guard at == characters.count else { throw Trouble(text: "unexpected \"\(characters[at])\"") }
  }

  private mutating func sum() throws(Trouble) {
    depth += 1
    // Recursion is as deep as the parentheses, which a file could nest without end.
    guard depth <= 100 else { throw Trouble(text: "more than 100 parentheses deep") }
    try product()
    while let sign = take("+-") {
      try product()
      let isSum = sign == "+"
      steps.append(.combine { isSum ? $0 + $1 : $0 - $1 })
    }
    depth -= 1
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
    var isNegative = false
    while take("-") != nil { isNegative.toggle() }
    if take("(") != nil {
      try sum()
      guard take(")") != nil else { throw Trouble(text: "a \")\" is missing") }
    } else {
      try operand()
    }
    if isNegative { steps.append(.apply { -$0 }) }
  }

  private mutating func operand() throws(Trouble) {
    skipSpace()
    if at < characters.count, "\"'`".contains(characters[at]) || characters[at] == "#" {
      return append(try reference())
    }
    let start = at
    while at < characters.count, isWord(characters[at]) || continuesExponent(from: start) {
      at += 1
    }
    let word = String(characters[start..<at])
    guard let first = word.first else { throw Trouble(text: "a column or number is missing") }
    if first.isNumber || first == "." {
      guard let number = Double(word) else { throw Trouble(text: "\"\(word)\" is no number") }
      literals.append(word)
      steps.append(.constant(number))
    } else if word == "previous", take("(") != nil {
      var column = try reference()
      guard take(")") != nil else { throw Trouble(text: "previous takes one column") }
      column.isPrevious = true
      append(column)
    } else if let function = Self.functions[word], take("(") != nil {
      try sum()
      guard take(")") != nil else { throw Trouble(text: "a \")\" is missing") }
      steps.append(.apply(function))
    } else {
      at = start
      append(try reference())
    }
  }

  private mutating func append(_ reference: ColumnReference) {
    if !columns.contains(reference) { columns.append(reference) }
    steps.append(.column(columns.firstIndex(of: reference) ?? 0))
  }

  /// A column: its name, in quotes or not, or its number behind `#`.
  private mutating func reference() throws(Trouble) -> ColumnReference {
    skipSpace()
    var reference = ColumnReference(name: "")
    if at < characters.count, "\"'`".contains(characters[at]) {
      let quote = characters[at]
      guard let end = characters[(at + 1)...].firstIndex(of: quote) else {
        throw Trouble(text: "a closing \(quote) is missing")
      }
      reference.name = String(characters[(at + 1)..<end]).trimmingCharacters(in: .whitespaces)
      at = end + 1
    } else {
      let start = at
      while at < characters.count, isWord(characters[at]) { at += 1 }
      reference.name = String(characters[start..<at])
    }
    if take("#") != nil {
      guard let number = integer(), number >= 1 else {
        throw Trouble(text: "expected a number from 1 behind #")
      }
      if reference.name.isEmpty {
        reference.position = number
      } else {
        reference.occurrence = number
      }
    }
    guard reference.position != nil || !reference.name.isEmpty else {
      throw Trouble(text: "a column is missing")
    }
    if take("[") != nil {
      guard let index = integer(), take("]") != nil else {
        throw Trouble(text: "expected an index such as V[0]")
      }
      reference.element = index
    }
    return reference
  }

  private mutating func integer() -> Int? {
    let start = at
    while at < characters.count, characters[at].isNumber { at += 1 }
    return Int(String(characters[start..<at]))
  }

  private func isWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || "_.°{}".contains(character)
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
