import Failures

/// What the first rows of a column hold.
struct ColumnSample: Sendable {
  var numbers = 0
  var low = Double.infinity
  var high = -Double.infinity
  /// Cells that are no numbers, empty ones and "no value" aside.
  var words = 0

  var varies: Bool { low < high }

  mutating func take(_ value: Double) {
    numbers += 1
    low = min(low, value)
    high = max(high, value)
  }
}

/// Which column is which quantity, from the names and the first rows.
///
/// Columns that several readings fit are told apart by what they belong to (device, cycle, SET and
/// RESET) or by which of them moves; where neither decides, both readings are shown and none is taken.
struct ColumnAssignment {
  /// A column with what its name says.
  struct Candidate {
    var index: Int
    var heading: ColumnHeading
    var sample: ColumnSample
    /// How a description refers to it.
    var reference: ColumnReference
  }

  private(set) var series: [SeriesDescription] = []
  /// What was decided, one line each.
  private(set) var notes: [String] = []
  /// Whether columns stand for devices, cycles or repetitions.
  private(set) var isWide = false
  /// The quantity of each column, by index.
  private(set) var quantities: [Int: MeasuredQuantity] = [:]

  private let place: String
  private var byQuantity: [MeasuredQuantity: [Candidate]] = [:]

  /// - Parameters:
  ///   - groups: words above the names, one per column, where names repeat; else empty.
  ///   - numbersAreTerminals: V1 and V2 are channels of one instrument, not devices.
  init(
    headings: [ColumnHeading], samples: [ColumnSample], groups: [String],
    numbersAreTerminals: Bool, place: String
  ) throws(Failure) {
    self.place = place
    collect(headings, samples, groups, numbersAreTerminals)
    dropMagnitudes()
    preferMeasured()
    try settleTerminals()
    try settleLabels()
    try makeSeries(headings)
    noteUnread(headings)
    noteAssumedUnits()
  }

  // MARK: Collecting

  private mutating func collect(
    _ headings: [ColumnHeading], _ samples: [ColumnSample], _ groups: [String],
    _ numbersAreTerminals: Bool
  ) {
    let counts = Dictionary(grouping: headings.indices) { headings[$0].text }
    var seen: [String: Int] = [:]
    for (index, heading) in headings.enumerated() {
      var heading = heading
      seen[heading.text, default: 0] += 1
      let occurrence = seen[heading.text] ?? 1
      var reference = ColumnReference(name: heading.text)
      if heading.text.isEmpty { reference = ColumnReference(position: index + 1) }
      if let all = counts[heading.text], all.count > 1, !heading.text.isEmpty {
        reference.occurrence = occurrence
        if heading.key == .none || groups.indices.contains(index) {
          heading.key = Self.key(of: groups, index, occurrence)
        }
      }
      if numbersAreTerminals, case .number(let number) = heading.key {
        heading.key = .terminal(number)
      }
      let sample = samples.indices.contains(index) ? samples[index] : ColumnSample()
      guard let quantity = heading.quantity, heading.trouble == nil else { continue }
      guard quantity.isLabel || sample.numbers > 0 || quantity == .switched || sample.words == 0
      else {
        notes.append("\"\(heading.text)\" holds no numbers and is not read")
        continue
      }
      byQuantity[quantity, default: []].append(
        Candidate(index: index, heading: heading, sample: sample, reference: reference))
    }
    numberFirstRuns()
    settleThresholds()
  }

  /// Repetitions are numbered from the second on: `AV`, `AV(1)`, `AV(2)`.
  private mutating func numberFirstRuns() {
    for quantity in MeasuredQuantity.allCases {
      guard let all = byQuantity[quantity], all.count > 1 else { continue }
      let bare = all.indices.filter {
        if case .label(.cycle, _) = all[$0].heading.key { false } else { true }
      }
      guard bare.count == 1 else { continue }
      byQuantity[quantity]?[bare[0]].heading.key = .label(.cycle, "0")
    }
  }

  /// What tells a repeated name apart: the word above it, or its place among the equal ones.
  private static func key(of groups: [String], _ index: Int, _ occurrence: Int)
    -> ColumnHeading.Key
  {
    guard groups.indices.contains(index), !groups[index].isEmpty else {
      return .number("\(occurrence)")
    }
    let above = ColumnHeading(groups[index] + " V")
    switch above.key {
    case .label(let label, let text): return .label(label, text)
    case .number(let text): return .number(text)
    default: return .label(.device, groups[index])
    }
  }

  /// V_set beside a current is what the source was set to; else it is a threshold.
  private mutating func settleThresholds() {
    guard byQuantity[.current] != nil, byQuantity[.voltage] == nil,
      let set = byQuantity[.setVoltage]
    else { return }
    func voltage(_ candidate: Candidate, _ operation: String?) -> Candidate {
      var one = candidate
      one.heading.quantity = .voltage
      one.heading.isForced = operation == nil
      if let operation { one.heading.key = .label(.operation, operation) }
      return one
    }
    guard let reset = byQuantity[.resetVoltage] else {
      byQuantity[.voltage] = set.map { voltage($0, nil) }
      byQuantity[.setVoltage] = nil
      return
    }
    // V_set, I_set, V_reset, I_reset: ramps side by side.
    let currents = byQuantity[.current]?.map(\.heading.key) ?? []
    guard Set(currents) == [.label(.operation, "set"), .label(.operation, "reset")],
      set.count == 1, reset.count == 1
    else { return }
    byQuantity[.voltage] = [voltage(set[0], "set"), voltage(reset[0], "reset")]
    byQuantity[.setVoltage] = nil
    byQuantity[.resetVoltage] = nil
  }

  private mutating func dropMagnitudes() {
    for quantity in MeasuredQuantity.allCases {
      guard let all = byQuantity[quantity], all.contains(where: \.heading.isMagnitude) else {
        continue
      }
      let plain = all.filter { !$0.heading.isMagnitude }
      let names = all.filter(\.heading.isMagnitude).map { "\"\($0.heading.text)\"" }
      guard !plain.isEmpty else {
        notes.append(
          "\(names.joined(separator: ", ")) is a magnitude or a logarithm and is not read as"
            + " \(quantity.rawValue): describe it")
        byQuantity[quantity] = nil
        continue
      }
      byQuantity[quantity] = plain
      notes.append("\(names.joined(separator: ", ")): a magnitude of another column, not read")
    }
  }

  /// A measured value is taken before the one that was applied.
  private mutating func preferMeasured() {
    for quantity in MeasuredQuantity.allCases {
      guard let all = byQuantity[quantity], all.count > 1 else { continue }
      let measured = all.filter { !$0.heading.isForced }
      guard !measured.isEmpty, measured.count < all.count else { continue }
      let applied = all.filter(\.heading.isForced)
      // Only where each applied column has a measured twin.
      guard applied.allSatisfy({ a in measured.contains { $0.heading.key == a.heading.key } })
      else {
        continue
      }
      byQuantity[quantity] = measured
      let names = applied.map { "\"\($0.heading.text)\"" }.joined(separator: ", ")
      notes.append("\(names): what was applied, not read beside the measured \(quantity.rawValue)")
    }
  }
}

/// Channels and ends of a device.
extension ColumnAssignment {
  private func terminal(_ candidate: Candidate) -> String? {
    if case .terminal(let name) = candidate.heading.key { return name }
    return nil
  }

  /// Chooses among columns of several terminals: the voltage that moves and the current beside it.
  private mutating func settleTerminals() throws(Failure) {
    var chosen: String?
    for quantity in [MeasuredQuantity.voltage, .current, .time, .resistance, .conductance] {
      guard let all = byQuantity[quantity], all.count > 1,
        all.contains(where: { terminal($0) != nil })
      else {
        if quantity == .voltage, let only = byQuantity[quantity]?.first, chosen == nil {
          chosen = terminal(only)
        }
        continue
      }
      let best = try choice(among: all, of: quantity, beside: chosen)
      if quantity == .voltage { chosen = terminal(best) }
      let others = all.filter { $0.index != best.index && terminal($0) != nil }
      byQuantity[quantity] = all.filter { terminal($0) == nil && $0.index != best.index } + [best]
      if byQuantity[quantity]?.count ?? 0 > 1 { byQuantity[quantity]?.removeLast() }
      let names = others.map { "\"\($0.heading.text)\" (\(Self.range($0)))" }
      if let kept = byQuantity[quantity]?.first {
        notes.append(
          "\(quantity.rawValue) is \"\(kept.heading.text)\"; \(names.joined(separator: ", "))"
            + " \(names.count == 1 ? "is" : "are") not read")
      }
    }
  }

  private func choice(
    among all: [Candidate], of quantity: MeasuredQuantity, beside chosen: String?
  ) throws(Failure) -> Candidate {
    let plain = all.filter { terminal($0) == nil }
    if let first = plain.first, plain.count == 1 || plain.allSatisfy({ $0.heading.key != .none }) {
      return first
    }
    if let chosen, let twin = all.first(where: { terminal($0) == chosen }) { return twin }
    let moving = all.filter(\.sample.varies)
    if moving.count == 1 { return moving[0] }
    if quantity == .time, let first = all.first { return first }
    throw ambiguous(quantity, all)
  }

  private func ambiguous(_ quantity: MeasuredQuantity, _ all: [Candidate]) -> Failure {
    let listed = all.map { "\"\($0.heading.text)\" (column \($0.index + 1), \(Self.range($0)))" }
    return Failure(
      .badData, at: place,
      "\(all.count) columns may be the \(quantity.rawValue): \(listed.joined(separator: ", "))",
      remedy: "say which in a description, such as \(quantity.rawValue) = { column ="
        + " \(all[0].index + 1), unit = \"\(quantity.unit)\" }")
  }

  static func range(_ candidate: Candidate) -> String {
    guard candidate.sample.numbers > 0 else { return "no numbers" }
    let (low, high) = (candidate.sample.low, candidate.sample.high)
    let unit = candidate.heading.unit.map { " \($0)" } ?? ""
    return low == high ? "always \(low)\(unit)" : "\(low) … \(high)\(unit)"
  }

  /// Several columns that say device or cycle are one label together.
  private mutating func settleLabels() throws(Failure) {
    for quantity in [MeasuredQuantity.device, .cycle, .operation] {
      guard let all = byQuantity[quantity], all.count > 1 else { continue }
      let names = all.map { "\"\($0.heading.text)\"" }.joined(separator: " and ")
      notes.append("\(names) together are the \(quantity.rawValue)")
    }
  }
}

/// Series.
extension ColumnAssignment {
  /// What a column belongs to in a wide table; nil for a column that all share.
  private func label(_ candidate: Candidate) -> (label: MeasuredQuantity, text: String)? {
    switch candidate.heading.key {
    case .label(let label, let text): (label, text)
    case .number(let text): (.device, text)
    default: nil
    }
  }

  private mutating func makeSeries(_ headings: [ColumnHeading]) throws(Failure) {
    var shared: [MeasuredQuantity: SeriesDescription.Source] = [:]
    var repeated: [MeasuredQuantity: [Candidate]] = [:]
    for quantity in MeasuredQuantity.allCases {
      guard let all = byQuantity[quantity] else { continue }
      if quantity.isLabel {
        shared[quantity] =
          all.count == 1
          ? .label(ColumnExpression(column: all[0].reference)) : .joined(all.map(\.reference))
        for one in all { quantities[one.index] = quantity }
      } else if all.count == 1 {
        shared[quantity] = source(all[0])
        quantities[all[0].index] = quantity
      } else {
        guard all.allSatisfy({ label($0) != nil }),
          Set(all.compactMap { label($0)?.text }).count == all.count
        else {
          let bare = all.filter { label($0) == nil }
          guard bare.count == 1 else { throw ambiguous(quantity, all) }
          shared[quantity] = source(bare[0])
          quantities[bare[0].index] = quantity
          let names = all.filter { $0.index != bare[0].index }.map { "\"\($0.heading.text)\"" }
          notes.append(
            "\(quantity.rawValue) is \"\(bare[0].heading.text)\";"
              + " \(names.joined(separator: ", ")) not read")
          continue
        }
        repeated[quantity] = all
      }
    }
    let lists = MeasuredQuantity.allCases.compactMap { repeated[$0] }
    guard let first = lists.max(by: { $0.count < $1.count }) else {
      if !shared.isEmpty { series = [SeriesDescription(quantities: shared)] }
      return
    }
    try makeWide(first, repeated, shared)
  }

  private func source(_ candidate: Candidate) -> SeriesDescription.Source {
    .expression(ColumnExpression(column: candidate.reference), candidate.heading.scale)
  }

  /// A series for each device, cycle or operation that columns stand for.
  private mutating func makeWide(
    _ first: [Candidate], _ repeated: [MeasuredQuantity: [Candidate]],
    _ shared: [MeasuredQuantity: SeriesDescription.Source]
  ) throws(Failure) {
    isWide = true
    let keys = first.compactMap { label($0) }
    var kind = keys[0].label
    // A table that already says the device has its repetitions side by side.
    if shared[kind] != nil, kind == .device { kind = .cycle }
    guard shared[kind] == nil else {
      throw Failure(
        .badData, at: place,
        "a column says the \(kind.rawValue), and so do the names"
          + " \(first.prefix(3).map { "\"\($0.heading.text)\"" }.joined(separator: ", "))",
        remedy: "say which in a description")
    }
    for key in keys {
      var own = shared
      own[kind] = .constant(key.text)
      for (quantity, all) in repeated {
        guard let candidate = all.first(where: { label($0)?.text == key.text }) else {
          throw Failure(
            .badData, at: place,
            "\(kind.rawValue) \(key.text) has no \(quantity.rawValue) among"
              + " \(all.map { "\"\($0.heading.text)\"" }.joined(separator: ", "))",
            remedy: "describe the columns with --description FILE.toml")
        }
        own[quantity] = source(candidate)
        quantities[candidate.index] = quantity
      }
      series.append(SeriesDescription(quantities: own))
    }
    let names = keys.prefix(6).map(\.text).joined(separator: ", ") + (keys.count > 6 ? ", …" : "")
    notes.append(
      "wide table: \(repeated.keys.map(\.rawValue).sorted().joined(separator: " and ")) of"
        + " \(keys.count) \(kind.rawValue)s side by side (\(names))")
  }
}

/// What was left alone.
extension ColumnAssignment {
  private mutating func noteUnread(_ headings: [ColumnHeading]) {
    for heading in headings {
      guard let trouble = heading.trouble else { continue }
      notes.append("\"\(heading.text)\" is not read: \(trouble)")
    }
    let unread = headings.enumerated().filter {
      quantities[$0.offset] == nil && $0.element.quantity == nil && !$0.element.text.isEmpty
        && !$0.element.isIgnored
    }.map { "\"\($0.element.text)\"" }
    guard !unread.isEmpty else { return }
    notes.append(
      "not read: \(unread.prefix(20).joined(separator: ", "))\(unread.count > 20 ? ", …" : "")")
  }

  private mutating func noteAssumedUnits() {
    var assumed: [String] = []
    for (quantity, all) in byQuantity.sorted(by: { $0.key.index < $1.key.index })
    where !quantity.unit.isEmpty {
      let bare = all.filter { $0.heading.unit == nil }.map { "\"\($0.heading.text)\"" }
      guard !bare.isEmpty else { continue }
      assumed.append(
        bare.prefix(4).joined(separator: ", ") + (bare.count > 4 ? ", …" : "")
          + " in \(quantity.unit)")
    }
    guard !assumed.isEmpty else { return }
    notes.append("no unit is given: taken as \(assumed.joined(separator: "; "))")
  }
}
