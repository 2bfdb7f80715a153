import Foundation

/// What the name of a column says: quantity, unit, and which device, cycle or terminal.
struct ColumnHeading: Sendable {
  /// What tells columns of one quantity apart.
  enum Key: Equatable, Hashable, Sendable {
    /// Nothing: the quantity's only column.
    case none
    /// A number, or a number with a word such as device or cycle.
    case label(MeasuredQuantity, String)
    /// An end of the device or a channel of the instrument.
    case terminal(String)
    /// A number alone, which may be a device or a channel.
    case number(String)
  }

  /// The name as the header has it, trimmed.
  var text: String
  var quantity: MeasuredQuantity?
  /// The unit as written; nil where the name has none.
  var unit: String?
  var scale = UnitScale.identity
  var key = Key.none
  /// Whether the column is the magnitude or the logarithm of another.
  var isMagnitude = false
  /// Whether the instrument applied the value, rather than measured it.
  var isForced = false
  var isMeasured = false
  /// Whether the format has the column for something that is no measurement.
  var isIgnored = false
  /// Why a column that looks like a quantity is none.
  var trouble: String?

  /// Reads a name, with the unit that a row below it may give.
  init(_ text: String, unitBelow: String = "") {
    self.text = text.trimmingCharacters(in: .whitespaces)
    let below = UnitScale.bare(unitBelow)
    if let acs = Self.acs(self.text) {
      (quantity, key) = (acs.quantity, acs.key)
      return
    }
    var (name, unit) = Self.parted(self.text)
    let run = Self.run(&name)
    self.unit = below.isEmpty ? unit : unitBelow.trimmingCharacters(in: .whitespaces)
    read(name)
    if quantity == nil, self.unit == nil, Self.isUnitInWords(name) { self.unit = name }
    if let run, quantity != nil { key = .label(.cycle, run) }
    settleUnit()
    if let unit, !below.isEmpty { settle(unit, against: unitBelow) }
  }

  /// A name that is no more than a unit: `hours`, `kOhm`; letters and `min` may be anything.
  private static func isUnitInWords(_ name: String) -> Bool {
    name.count > 2 && name.lowercased() != "min" && UnitDimension.of(name) != nil
  }

  /// A unit in the name and another one in the row below: neither is taken.
  private mutating func settle(_ own: String, against below: String) {
    guard let quantity, let first = UnitScale(own, for: quantity),
      let second = UnitScale(below, for: quantity), first != second
    else { return }
    trouble = "its name says \(own) and the row below \(UnitScale.bare(below))"
  }

  /// Takes the number of a repetition off a name: `AV(2)`, `DrainI #3`.
  private static func run(_ name: inout String) -> String? {
    guard let match = name.firstMatch(of: /[ _]*(?:\((\d+)\)|#(\d+))$/),
      match.range.lowerBound > name.startIndex, let number = match.1 ?? match.2
    else { return nil }
    name.removeSubrange(match.range)
    return String(number)
  }

  /// `Smu1.V[1][2]`: channel 1, voltage, second repetition, as ACS names it.
  private static func acs(_ text: String) -> (quantity: MeasuredQuantity, key: Key)? {
    let pattern = /(?i)smu(\w+)\.(V|I|Time|R)\[(\d+)\]\[(\d+)\]/
    guard let match = text.wholeMatch(of: pattern) else { return nil }
    let quantities: [String: MeasuredQuantity] = [
      "v": .voltage, "i": .current, "time": .time, "r": .resistance,
    ]
    guard let quantity = quantities[match.2.lowercased()] else { return nil }
    let number = match.4 == "1" ? String(match.3) : String(match.4)
    return (
      quantity, number == "1" ? .terminal("smu\(match.1)") : .label(.cycle, number)
    )
  }

  /// The name and the unit that stands in it in brackets, behind a slash, or as its last word.
  static func parted(_ text: String) -> (name: String, unit: String?) {
    for match in text.matches(of: /[ _]*[(\[{]([^()\[\]{}]+)[)\]}]/).reversed() {
      let inner = String(match.1)
      guard UnitDimension.of(inner) != nil || looksLikeUnit(inner) else { continue }
      var name = text
      name.removeSubrange(match.range)
      return (name, inner)
    }
    if let slash = text.lastIndex(of: "/") {
      let unit = String(text[text.index(after: slash)...])
      if slash > text.startIndex, UnitDimension.of(unit) != nil {
        return (String(text[..<slash]), unit)
      }
    }
    if let match = text.wholeMatch(of: /(.+?)(?:,? +in +|, *|[_ ]+)([^ _,]+)/) {
      let unit = String(match.2)
      let name = String(match.1)
      if let found = UnitDimension.of(unit) {
        let own = ColumnHeading(bare: name)
        // I_d is a drain current, not one in days; Drain V is a voltage.
        if own.quantity == nil || own.quantity.map({ UnitScale(unit, for: $0) != nil }) == true {
          if own.quantity != nil || found.scale.factor != 1 || name.count > 1 {
            return (name, unit)
          }
        }
      }
    }
    return (text, nil)
  }

  /// A name of which no unit is to be parted.
  private init(bare name: String) {
    text = name
    read(name)
  }

  /// Whether brackets hold a unit that is none of this program's: `A/cm2`, `a.u.`, `%`.
  private static func looksLikeUnit(_ text: String) -> Bool {
    let lower = text.lowercased()
    return ["a.u.", "arb. units", "%", "db", "hz", "khz", "mhz", "w", "mw", "f", "pf", "nf"]
      .contains(lower) || text.contains(/^M[VASs]$/) || text.contains("/") || text.contains("^")
      || text.contains("·")
  }

  /// Finds quantity and key among the words of a name.
  private mutating func read(_ name: String) {
    var name = name.trimmingCharacters(in: .whitespaces)
    let lower = name.lowercased()
    if lower.hasPrefix("|") || lower.hasPrefix("abs") || lower.hasPrefix("log") {
      isMagnitude = true
      let digits = lower.hasPrefix("log10") ? 5 : lower.hasPrefix("|") ? 1 : 3
      name = String(name.dropFirst(digits))
    }
    let joined = name.lowercased().filter { $0.isLetter || $0.isNumber }
    if let whole = HeadingWords.names[joined] {
      quantity = whole
      return
    }
    var words = Self.words(of: name)
    if words.count == 1
      || words.contains(where: { HeadingWords.quantities[$0.lowercased()] == nil })
    {
      words = words.flatMap { word -> [String] in
        HeadingWords.quantities[word.lowercased()] == nil
          ? HeadingWords.split(word.lowercased()) ?? [word] : [word]
      }
    }
    take(words)
  }

  private mutating func take(_ words: [String]) {
    let found = words.enumerated().compactMap { place, word in
      // Vg and Ig are those of a gate.
      isGate(place, words) ? nil : HeadingWords.quantities[word.lowercased()].map { (place, $0) }
    }
    // Device 1 voltage is a voltage: a word for a label gives way to one for a measurement.
    let numeric = found.filter { !$0.1.isLabel && $0.1 != .pulse && $0.1 != .level }
    guard let chosen = numeric.last ?? found.last else {
      takeKey(words.map { $0 })
      return
    }
    // Cell 1 (uS): the unit says what it is, the word whose it is.
    if chosen.1.isLabel, unit.flatMap({ UnitDimension.of($0) }) != nil { return takeKey(words) }
    if Set(numeric.map(\.1)).count > 1 {
      // Pulse width, read voltage time: the last word is the noun unless it is a letter.
      guard words[chosen.0].count > 1 else { return }
    }
    quantity = chosen.1
    var rest = words
    rest.remove(at: chosen.0)
    if numeric.count > 1 { rest.removeAll { HeadingWords.quantities[$0.lowercased()] != nil } }
    takeKey(rest)
  }

  /// Whether a word is the letter of a gate beside that of a voltage or a current.
  private func isGate(_ place: Int, _ words: [String]) -> Bool {
    guard words[place].lowercased() == "g" else { return false }
    return [place - 1, place + 1].contains { beside in
      words.indices.contains(beside) && ["v", "i", "u"].contains(words[beside].lowercased())
    }
  }

  private mutating func takeKey(_ words: [String]) {
    var left: [String] = []
    var label: MeasuredQuantity?
    var terminals: [String] = []
    // Dev A, dev B: a letter behind such a word is a name as good as a number.
    let isLettered = zip(words, words.dropFirst()).contains {
      HeadingWords.devices.contains($0.lowercased()) && $1.count == 1 && $1 == $1.uppercased()
    }
    let isNumbered = isLettered || words.contains { Int($0) != nil }
    let isLabelled = isNumbered && words.contains { HeadingWords.devices.contains($0.lowercased()) }
    for word in words {
      let lower = word.lowercased()
      if HeadingWords.forced.contains(lower) {
        isForced = true
      } else if HeadingWords.measured.contains(lower) {
        isMeasured = true
      } else if HeadingWords.labels[lower] == .operation {
        label = .operation
        left.append(lower)
      } else if let known = HeadingWords.labels[lower], isNumbered {
        label = known
        if lower.count == 1 { left.append(word) }
      } else if HeadingWords.terminals.contains(lower), !isLabelled {
        terminals.append(lower)
      } else if !HeadingWords.fillers.contains(lower) {
        left.append(word)
      }
    }
    let text = left.joined()
    if let label, !text.isEmpty {
      key = .label(label, text)
    } else if !terminals.isEmpty {
      key = .terminal((terminals + left).joined())
    } else if !text.isEmpty {
      key = text.allSatisfy(\.isNumber) ? .number(text) : .label(.device, text)
    }
  }

  /// Words of a name: at blanks and signs, between letters and digits, and before capitals.
  private static func words(of name: String) -> [String] {
    var words: [String] = []
    var last: Character?
    for character in name {
      guard character.isLetter || character.isNumber else {
        last = nil
        continue
      }
      let isNew =
        last == nil || character.isNumber != last?.isNumber
        || character.isUppercase && last?.isLowercase == true
      if isNew { words.append("") }
      words[words.count - 1].append(character)
      last = character
    }
    return words
  }

  /// Brings quantity and unit together.
  private mutating func settleUnit() {
    if text == "T", unit == nil {
      (quantity, trouble) = (nil, "it may be time or temperature")
      return
    }
    guard let unit else { return }
    if quantity == .time, UnitDimension.temperature.scale(of: UnitScale.bare(unit)) != nil {
      quantity = .temperature
    }
    guard let quantity else {
      guard let found = UnitDimension.of(unit) else { return }
      self.quantity = found.dimension.quantity
      scale = found.scale
      return
    }
    if let found = UnitScale(unit, for: quantity) {
      scale = found
      return
    }
    let isTwofold = unit.count == 2 && unit.hasPrefix("M")
    trouble =
      isTwofold
      ? "its unit \"\(unit)\" may be mega or milli"
      : "its unit \"\(unit)\" does not measure \(quantity.rawValue)"
  }
}
