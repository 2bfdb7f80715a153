/// What the operation's name of a table's row says that it was for.
package enum OperationName: Equatable, Sendable {
  case set
  case reset
  /// Forming, reading, checking: neither.
  case apart
  /// A name that does not say it, such as `I-V sweep`; the side of zero volts does.
  case other

  private static let setWords: Set<String> = [
    "set", "on", "lrs", "ltp", "pot", "potentiate", "potentiation", "program", "programming",
    "write",
  ]
  private static let resetWords: Set<String> = [
    "reset", "off", "hrs", "ltd", "dep", "depress", "depression", "erase", "erasing",
  ]
  private static let apartWords: Set<String> = [
    "form", "forming", "electroforming", "read", "reading", "observe", "observed", "check",
    "verify",
    "retention", "initial", "pristine",
  ]

  /// Reads the words of a name, whatever numbers and signs stand between them; two that disagree say
  /// nothing.
  package init(_ name: String) {
    let words = Set(name.lowercased().split { !$0.isLetter }.map(String.init))
    let found: [(OperationName, Bool)] = [
      (.set, !words.isDisjoint(with: Self.setWords)),
      (.reset, !words.isDisjoint(with: Self.resetWords)),
      (.apart, !words.isDisjoint(with: Self.apartWords)),
    ]
    let said = found.filter(\.1)
    self = said.count == 1 ? said[0].0 : .other
  }

  /// `set` or `reset`, where the name says it.
  package var polarity: SwitchingPolarity? {
    switch self {
    case .set: .set
    case .reset: .reset
    case .apart, .other: nil
    }
  }
}
