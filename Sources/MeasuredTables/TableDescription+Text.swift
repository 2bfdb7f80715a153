import Files
import Foundation

/// A description as TOML, which ``TableDescription/init(document:)`` reads back.
extension TableDescription {
  var toml: String {
    var lines: [String] = ["", "[table]"]
    if let format { lines.append("format = \(quoted(format.rawValue))") }
    if let dataset { lines.append("dataset = \(quoted(dataset))") }
    if format?.holdsArrays != true { lines += textLines }
    if !noValues.isEmpty {
      lines.append("no_value = [\(noValues.map { "\($0)" }.joined(separator: ", "))]")
    }
    if let blocks { lines += blockLines(blocks) }
    if let filePattern { lines += ["", "[file]", "pattern = \(quoted(filePattern))"] }
    let packed = Self.packed(series)
    for one in packed {
      lines += ["", "[[series]]"]
      lines += one.lines
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var textLines: [String] {
    var lines: [String] = []
    if blocks?.header == nil {
      switch header {
      case .line
      where headerLine == 1 && !headerMatch.hasPrefix(comment)
        && LayoutFinder.uncommented(headerMatch) == nil:
        lines.append("header = \"first\"")
      case .line where !headerMatch.isEmpty:
        lines += ["header = \"match\"", "header_match = \(quoted(headerMatch))"]
      case .line: lines += ["header = \"line\"", "header_line = \(headerLine)"]
      case .match: lines += ["header = \"match\"", "header_match = \(quoted(headerMatch))"]
      case .none:
        lines += [
          "header = \"none\"", "columns = [\(columns.map(quoted).joined(separator: ", "))]",
        ]
      case .first: break
      }
    }
    if hasOwnColumns {
      lines.append("columns = [\(columns.map(quoted).joined(separator: ", "))]")
    }
    if linesUnderHeader > 0 { lines.append("lines_under_header = \(linesUnderHeader)") }
    if let delimiter { lines.append("delimiter = \(quoted(Self.text(delimiter)))") }
    if let decimal, decimal != 0x2E { lines.append("decimal = \(quoted(Self.text(decimal)))") }
    if isRagged { lines.append("ragged = true") }
    if layout == .samples { lines.append("layout = \"samples\"") }
    if comment != "#" { lines.append("comment = \(quoted(comment))") }
    return lines
  }

  private func blockLines(_ blocks: TableBlocks) -> [String] {
    var lines = ["", "[blocks]"]
    for (key, value) in [
      ("title", blocks.title), ("header", blocks.header), ("rows", blocks.rows),
    ] {
      if let value { lines.append("\(key) = \(quoted(value))") }
    }
    if blocks.isParted { lines.append("empty_lines = true") }
    if blocks.isRepeated { lines.append("repeated_header = true") }
    return lines
  }

  private static func text(_ byte: UInt8) -> String { String(Unicode.Scalar(byte)) }

  /// Series of numbered columns, as one entry that stands for all of them.
  private static func packed(_ series: [SeriesDescription]) -> [SeriesDescription] {
    guard series.count > 2, let first = series.first else { return series }
    for label in [MeasuredQuantity.device, .cycle, .operation] {
      guard case .constant(let text)? = first.quantities[label] else { continue }
      guard let template = first.template(of: text, label) else { continue }
      let names = series.flatMap(\.columnNames)
      let expanded = template.expanded(
        over: names.reduce(into: []) { all, name in
          if !all.contains(name) { all.append(name) }
        })
      if expanded.map(\.lines) == series.map(\.lines) { return [template] }
    }
    return series
  }
}

private func quoted(_ text: String) -> String { QuotedText.spelling(of: text) }

extension SeriesDescription {
  /// The keys of the series.
  fileprivate var lines: [String] {
    var lines = each.map { ["each = \(quoted($0))"] } ?? []
    for (quantity, source) in quantities.sorted(by: { $0.key.index < $1.key.index }) {
      lines.append("\(quantity.rawValue) = { \(Self.spelling(source, quantity)) }")
    }
    return lines
  }

  private static func spelling(_ source: Source, _ quantity: MeasuredQuantity) -> String {
    switch source {
    case .expression(let expression, let scale):
      let unit = quantity.unit.isEmpty ? "" : ", unit = \(quoted(unit(scale, quantity)))"
      return self.spelling(expression) + unit
    case .label(let expression): return self.spelling(expression)
    case .joined(let columns):
      return "columns = [\(columns.map { quoted($0.spelling) }.joined(separator: ", "))]"
    case .file(let group, _): return "file = \(quoted(group))"
    case .folder(let depth): return "folder = \(depth)"
    case .fileName: return "file_name = true"
    case .constant(let text): return "constant = \(quoted(text))"
    case .block: return "block = true"
    case .title: return "title = true"
    case .key(let key): return "key = \(quoted(key))"
    case .alternating(let words):
      return "alternating = [\(words.map(quoted).joined(separator: ", "))]"
    case .sample(let scale, let start): return "sample = \(scale), start = \(start)"
    case .rowNumber(let scale, let start): return "row_number = \(scale), start = \(start)"
    case .each: return "each = true"
    }
  }

  private static func spelling(_ expression: ColumnExpression) -> String {
    guard let column = expression.singleColumn else {
      return "expression = \(quoted(expression.text))"
    }
    if let position = column.position { return "column = \(position)" }
    return "column = \(quoted(column.spelling))"
  }

  /// A unit whose scale is this one.
  private static func unit(_ scale: UnitScale, _ quantity: MeasuredQuantity) -> String {
    if quantity == .temperature { return scale.offset == 0 ? "°C" : "K" }
    let prefixes = ["", "m", "u", "n", "p", "f", "k", "M", "G"]
    let others = ["min", "h", "d", "G0"]
    return (prefixes.map { $0 + quantity.unit } + others).first {
      UnitScale($0, for: quantity) == scale
    } ?? quantity.unit
  }

  /// The columns that are read by name.
  fileprivate var columnNames: [String] {
    quantities.sorted { $0.key.index < $1.key.index }.flatMap { entry -> [String] in
      switch entry.value {
      case .expression(let expression, _), .label(let expression):
        expression.columns.map(\.spelling)
      default: []
      }
    }
  }

  /// The series with `{n}` for a text that names of columns hold, if all that hold it do so once.
  fileprivate func template(of text: String, _ label: MeasuredQuantity) -> SeriesDescription? {
    var template = self
    var each: String?
    for (quantity, source) in quantities.sorted(by: { $0.key.index < $1.key.index }) {
      guard case .expression(var expression, let scale) = source,
        let column = expression.singleColumn, column.position == nil
      else { continue }
      let name = column.spelling
      guard let range = name.range(of: text, options: .backwards) else { continue }
      let marked = name.replacingCharacters(in: range, with: Self.placeholder)
      expression = ColumnExpression(column: marked)
      template.quantities[quantity] = .expression(expression, scale)
      each = each ?? marked
    }
    guard let each else { return nil }
    template.each = each
    template.quantities[label] = .each
    return template
  }
}
