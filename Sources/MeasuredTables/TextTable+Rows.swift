import Failures
import Foundation

/// Rows.
extension TextTable {
  mutating func take(
    _ line: UnsafeBufferPointer<UInt8>, _ body: (MeasuredRow) throws(Failure) -> Void
  ) throws(Failure) {
    if delimiter == 0 { delimiter = Self.likelyDelimiter(Array(line)) }
    guard line.contains(where: { $0 != delimiter && $0 != 0x20 && $0 != 0x09 }) else {
      return takeEmptyLine()
    }
    if try takeBlockLine(line, body) { return }
    if !description.comment.isEmpty, line.starts(with: description.comment.utf8) { return }
    guard state == .rows else {
      output.note("a line outside the table", at: place)
      return
    }
    split(line)
    rowsSeen += 1
    rowsInBlock += 1
    defer { keepPrevious(line) }
    guard description.layout == .rows else { return try takeSamples(line, body) }
    dropEmptyEnd(line)
    guard description.isRagged || cells.count == columns.count else {
      return try leaveOut(line)
    }
    for (index, one) in series.enumerated() where try matches(one, line) {
      try emit(one, index, line, sample: 0, body)
    }
  }

  private mutating func takeEmptyLine() {
    guard rowsInBlock > 0, let blocks = description.blocks else { return }
    if blocks.isParted { isBlockPending = true }
    if blocks.isRepeated { state = .between }
  }

  /// Cells behind the last column that hold nothing.
  private mutating func dropEmptyEnd(_ line: UnsafeBufferPointer<UInt8>) {
    while cells.count > columns.count, let last = cells.last,
      CellText.trimmed(UnsafeBufferPointer(rebasing: line[last])).isEmpty
    {
      cells.removeLast()
    }
  }

  /// A row of another shape than the header's.
  private mutating func leaveOut(_ line: UnsafeBufferPointer<UInt8>) throws(Failure) {
    let isText = binder != nil && cells.count > 1 && isText(line)
    if description.blocks?.isRepeated == true || isText {
      if isText { try refuseSecondTable(line) } else { state = .between }
      rowsSeen -= 1
      output.note("a line outside the table", at: place)
      return
    }
    output.note(
      "a row of \(cells.count) cells among rows of \(columns.count) (mixed delimiters?)",
      at: place)
  }

  /// Whether no cell of a line is a number.
  private func isText(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    cells.allSatisfy { cell in
      if case .word = text.value(UnsafeBufferPointer(rebasing: line[cell])) { return true }
      return false
    }
  }

  private func matches(
    _ series: BoundSeries, _ line: UnsafeBufferPointer<UInt8>
  ) throws(Failure) -> Bool {
    for condition in series.conditions {
      guard condition.columns.allSatisfy({ $0.index < cells.count }) else { return false }
      var number: Double?
      for test in condition.tests {
        if case .equals(let values, let isNegated) = test {
          let isFound: Bool
          if condition.expression.singleColumn != nil {
            let cell = UnsafeBufferPointer(rebasing: line[cells[condition.columns[0].index]])
            isFound = values.contains { $0.matches(cell, text) }
          } else {
            let found = value(condition.expression, condition.columns, line)
            isFound = values.contains { $0.number == found }
          }
          if isFound == isNegated { return false }
          continue
        }
        if number == nil { number = value(condition.expression, condition.columns, line) ?? .nan }
        guard let number, test.holds(number) else { return false }
      }
    }
    return true
  }

  /// The value of an expression; nil where a cell is no number.
  ///
  /// True and false count as 1 and 0.
  private func value(
    _ expression: ColumnExpression, _ columns: [BoundSeries.Column],
    _ line: UnsafeBufferPointer<UInt8>
  ) -> Double? {
    var isNumeric = true
    let value = expression.value { index in
      let column = columns[index]
      if column.isPrevious { return previous[column.index] ?? .nan }
      let cell = UnsafeBufferPointer(rebasing: line[cells[column.index]])
      if case .number(let number) = text.value(cell) { return number }
      if let truth = CellText.truth(cell) { return truth }
      isNumeric = false
      return .nan
    }
    return isNumeric ? value : nil
  }

  private mutating func keepPrevious(_ line: UnsafeBufferPointer<UInt8>) {
    for index in previous.keys {
      previous[index] = .nan
      guard index < cells.count else { continue }
      if case .number(let number) = text.value(UnsafeBufferPointer(rebasing: line[cells[index]])) {
        previous[index] = number
      }
    }
  }

  /// A line of samples: the last named column stands for every cell from its place on.
  private mutating func takeSamples(
    _ line: UnsafeBufferPointer<UInt8>, _ body: (MeasuredRow) throws(Failure) -> Void
  ) throws(Failure) {
    let all = cells
    let leading = columns.count - 1
    guard all.count > leading else {
      output.note("a line without samples", at: place)
      return
    }
    for sample in 0..<all.count - leading {
      cells = Array(all[..<leading]) + [all[leading + sample]]
      for (index, one) in series.enumerated() where try matches(one, line) {
        try emit(one, index, line, sample: sample, body)
      }
    }
  }

  private mutating func emit(
    _ series: BoundSeries, _ index: Int, _ line: UnsafeBufferPointer<UInt8>, sample: Int,
    _ body: (MeasuredRow) throws(Failure) -> Void
  ) throws(Failure) {
    if self.series.count > 1 {
      for place in output.values.indices { output.values[place] = .nan }
    }
    for (target, value) in series.values {
      guard let number = try number(value, target, line, sample) else { return }
      output.values[target] = number
    }
    try output.emit(
      series: index, isHeld: isHeld, at: { [lines] in "\(lines.path):\(lines.number)" }, body)
  }

  /// The value of a quantity in a row; nil when the row is to be left out, which is noted.
  private mutating func number(
    _ value: BoundSeries.Value, _ target: Int, _ line: UnsafeBufferPointer<UInt8>, _ sample: Int
  ) throws(Failure) -> Double? {
    switch value {
    case .fixed(let fixed): return fixed
    case .alternating(let words): return words[(rowsSeen - 1) % words.count]
    case .sample(let scale, let start):
      return counted(start + Double(sample) * scale, target)
    case .rowNumber(let scale, let start):
      return counted(start + Double(rowsInBlock - 1) * scale, target)
    case .label(let column):
      guard column < cells.count else { return note("a missing cell") }
      return label(UnsafeBufferPointer(rebasing: line[cells[column]]), target)
    case .joined(let columns):
      guard columns.allSatisfy({ $0 < cells.count }) else { return note("a missing cell") }
      let name = columns.map {
        CellText.string(CellText.trimmed(UnsafeBufferPointer(rebasing: line[cells[$0]])))
      }.joined(separator: ",")
      return label(name, target)
    case .computed(let expression, let columns):
      guard let found = try numeric(expression, columns, line, target) else { return nil }
      return label(Self.text(found), target)
    case .expression(let expression, let columns, let scale):
      return try numeric(expression, columns, line, target, scale)
    }
  }

  /// A number that a position gives: a word for a label.
  private mutating func counted(_ value: Double, _ target: Int) -> Double {
    MeasuredQuantity.allCases[target].isLabel ? label(Self.text(value), target) : value
  }

  /// A number as the text of a label: `3`, not `3.0`.
  static func text(_ number: Double) -> String {
    Int(exactly: number).map { "\($0)" } ?? "\(number)"
  }

  private mutating func numeric(
    _ expression: ColumnExpression, _ columns: [BoundSeries.Column],
    _ line: UnsafeBufferPointer<UInt8>, _ target: Int, _ scale: UnitScale = .identity
  ) throws(Failure) -> Double? {
    guard columns.allSatisfy({ $0.index < cells.count }) else { return note("a missing cell") }
    var trouble: String?
    let takesTruth =
      target == MeasuredQuantity.switched.index || expression.singleColumn == nil
    var isScaled = true
    let raw = expression.value { index in
      let column = columns[index]
      if column.isPrevious {
        let value = previous[column.index] ?? .nan
        if value.isNaN { trouble = "a first row, which has no row before" }
        return value
      }
      let cell = UnsafeBufferPointer(rebasing: line[cells[column.index]])
      switch text.value(cell) {
      case .number(let number): return number
      case .noValue: trouble = "a cell with an instrument's \"no value\""
      case .notFinite: trouble = "a value that is not finite"
      case .empty: trouble = "an empty cell"
      case .word:
        if takesTruth, let truth = CellText.truth(cell) { return truth }
        if expression.singleColumn != nil,
          let own = UnitScale.value(
            of: CellText.string(CellText.trimmed(cell)),
            for: MeasuredQuantity.allCases[target])
        {
          isScaled = false
          return own
        }
        trouble = Self.noNumber
      }
      return .nan
    }
    if let trouble {
      if trouble == Self.noNumber { try refuseSecondTable(line) }
      // A cycle that did not switch has no threshold, and its other one all the same.
      if MeasuredQuantity.allCases[target].mayBeAbsent, trouble != Self.noNumber { return .nan }
      return note(trouble)
    }
    let value = isScaled ? scale(raw) : raw
    return value.isFinite ? value : note("a value that is not finite")
  }

  private static let noNumber = "a cell that is no number"

  /// Names of quantities among the rows of a table that is read by itself: another table begins.
  private func refuseSecondTable(_ line: UnsafeBufferPointer<UInt8>) throws(Failure) {
    guard binder != nil, isText(line) else { return }
    let names = cells.map { CellText.string(UnsafeBufferPointer(rebasing: line[$0])) }
    let known = names.filter { ColumnHeading($0).quantity.map { !$0.isLabel } ?? false }
    guard 2 * known.count >= names.count, names.count > 1 else { return }
    throw Failure(
      .badData, at: place,
      "a second table seems to begin: \(names.joined(separator: ", ")); its rows could be read as"
        + " \(columns.joined(separator: ", ")), or by their own names",
      remedy: "split the file, or describe the first table with where")
  }

  @discardableResult
  private mutating func note(_ trouble: String) -> Double? {
    output.note(trouble, at: place)
    return nil
  }

  private mutating func label(_ name: String, _ target: Int) -> Double {
    Double(output.report.label(MeasuredQuantity.allCases[target], name))
  }

  /// The number of a word; rows in a row mostly repeat it.
  private mutating func label(_ bytes: UnsafeBufferPointer<UInt8>, _ target: Int) -> Double {
    let word = CellText.trimmed(bytes)
    if let last = lastLabels[target], last.text.elementsEqual(word) { return last.number }
    let number = label(CellText.string(word), target)
    lastLabels[target] = (Array(word), number)
    return number
  }
}

/// Blocks.
extension TextTable {
  /// Takes a line that belongs to the frame of blocks; false for a line that may be a row.
  private mutating func takeBlockLine(
    _ line: UnsafeBufferPointer<UInt8>, _ body: (MeasuredRow) throws(Failure) -> Void
  ) throws(Failure) -> Bool {
    guard let blocks = description.blocks else { return try refuseSecondHeader(line) }
    if blocks.header != nil { return try takeKeyedLine(line, blocks, body) }
    if blocks.isRepeated, isHeaderAgain(line) {
      try begin(body)
      return true
    }
    if isBlockPending {
      isBlockPending = false
      try begin(body)
    }
    return false
  }

  /// A header that stands again where no blocks were told of: lines before it may be anything.
  private func refuseSecondHeader(_ line: UnsafeBufferPointer<UInt8>) throws(Failure) -> Bool {
    guard rowsSeen > 0, series.contains(where: { $0.conditions.isEmpty }) else { return false }
    guard isHeaderAgain(line) else { return false }
    throw Failure(
      .badData, at: place,
      "the header stands again: as one table, the lines above it would be rows; as blocks, every"
        + " header begins one",
      remedy: "add [blocks] with repeated_header = true, or with header and rows, to"
        + " \(description.name)")
  }

  private func isHeaderAgain(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    guard !header.isEmpty, let first = header.utf8.first, line.first == first else { return false }
    let text = CellText.string(CellText.trimmed(line))
    return text == header.trimmingCharacters(in: .whitespaces)
      || description.header == .match && text.contains(description.headerMatch)
  }

  /// A line of a file whose lines say by their first cell what they are.
  private mutating func takeKeyedLine(
    _ line: UnsafeBufferPointer<UInt8>, _ blocks: TableBlocks,
    _ body: (MeasuredRow) throws(Failure) -> Void
  ) throws(Failure) -> Bool {
    split(line)
    let first = cell(0, line)
    if first == blocks.header {
      setColumns(of: CellText.string(line))
      for _ in 0..<description.linesUnderHeader { _ = try lines.next { _ in } }
      try begin(body)
      return true
    }
    if state == .rows, let rows = blocks.rows {
      if first == rows { return false }
    } else if state == .rows {
      if first.isEmpty || Double(first.replacingOccurrences(of: ",", with: ".")) != nil {
        return false
      }
    }
    if first == blocks.title {
      context.title = cell(1, line)
      context.keys = [:]
    }
    if cells.count > 1 { context.keys[first] = cell(1, line) }
    if cells.count > 2 {
      context.keys[cell(1, line)] = (2..<cells.count).map { cell($0, line) }
        .joined(separator: ", ")
    }
    state = .between
    return true
  }

  private func cell(_ index: Int, _ line: UnsafeBufferPointer<UInt8>) -> String {
    guard index < cells.count else { return "" }
    return CellText.string(CellText.trimmed(UnsafeBufferPointer(rebasing: line[cells[index]])))
  }

  /// The line above a block that says its device, if there is one.
  private var deviceKey: String? {
    let sources =
      [binder?.shared[.device]].compactMap { $0 }
      + description.series.compactMap { $0.quantities[.device] }
    for source in sources { if case .key(let key) = source { return key } }
    return nil
  }

  /// Begins a block: its number is that among the blocks of its title and its device.
  private mutating func begin(
    _ body: (MeasuredRow) throws(Failure) -> Void
  ) throws(Failure) {
    try output.flush(body)
    if blocks.isEmpty, description.blocks?.header == nil { blocks[context.title] = 1 }
    let kind = context.title + (deviceKey.flatMap { context.keys[$0] }.map { "\u{1F}" + $0 } ?? "")
    context.block = blocks[kind] ?? 0
    blocks[kind, default: 0] += 1
    state = .rows
    rowsInBlock = 0
    try bind()
  }
}
