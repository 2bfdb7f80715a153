package import Failures
import Files
import Foundation

/// Rows of measurement files, in order, through one description.
///
/// Text files are streamed; memory does not grow with their size.
package struct TableReader {
  package let files: [String]
  let description: TableDescription

  package init(files: [String], description: TableDescription = .tidy) {
    self.files = files
    self.description = description
  }

  /// Hands every row to `body`.
  ///
  /// A row with a cell that is no number, or not finite, is left out and noted.
  ///
  /// - Throws: ``Failure``: `noInput` for an absent file, `badData` when no row of a file fits the
  ///   description, and what `body` throws.
  package func readRows(
    _ body: (MeasuredRow) throws(Failure) -> Void
  ) throws(Failure) -> ReadReport {
    guard !files.isEmpty else { throw Failure(.usage, at: "FILE", "no file was given") }
    var report = ReadReport()
    for path in files {
      report.sources.append(try Self.source(of: path))
      let before = report.rows
      if try JSONTable.isJSON(path: path) {
        var table = try JSONTable(path: path, description: description, report: report)
        try table.read(body)
        report = table.report
      } else {
        var table = try TextTable(path: path, description: description, report: report)
        try table.read(body)
        report = table.report
      }
      if report.rows == before { report.note("no usable row", at: path) }
    }
    guard report.rows > 0 else {
      throw Failure(
        .badData, at: files[0], "no row of it is a measurement",
        remedy: report.suspicions.first ?? "check the description with `fit inspect`")
    }
    return report
  }

  /// Whether the table gives a quantity, from the description or the first file's header.
  package func gives(_ quantity: MeasuredQuantity) throws(Failure) -> Bool {
    guard description.series.isEmpty, let first = files.first else {
      return description.series.contains { $0.quantities.keys.contains(quantity) }
    }
    let lines = try ByteLines(path: first)
    while let text = try lines.next({ line in String(decoding: line, as: UTF8.self) }) {
      if text.isEmpty || text.hasPrefix(description.comment) { continue }
      return text.contains(quantity.rawValue)
    }
    return false
  }

  /// The identity of a file, as in ``ReadReport/Source``.
  package static func digest(of path: String) throws(Failure) -> String {
    try source(of: path).digest
  }

  private static let hashLimit = 64 << 20

  private static func source(of path: String) throws(Failure) -> ReadReport.Source {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let bytes = (attributes?[.size] as? NSNumber)?.intValue else {
      throw Failure(.noInput, at: path, "no such file")
    }
    guard bytes > hashLimit else {
      return .init(
        path: path, bytes: bytes,
        digest: "sha256:" + Checksum.sha256(try InputFile.rawBytes(of: path)))
    }
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw Failure(.noInput, at: path, "cannot be read")
    }
    defer { try? handle.close() }
    // Chained checksums of pieces: the identity of a file too large to hold.
    var digest: UInt32 = 0
    while let piece = try? handle.read(upToCount: 8 << 20), !piece.isEmpty {
      digest = digest &* 31 &+ Checksum.crc32(piece)
    }
    return .init(path: path, bytes: bytes, digest: "crc32x31:" + String(digest, radix: 16))
  }
}

/// A series with its columns found in one file.
struct BoundSeries {
  /// A quantity with where its value is in this file.
  enum Value {
    case expression(ColumnExpression, [Int], UnitScale)
    case label(Int)
    /// The same in every row: a number or the number of a word.
    case fixed(Double)
    case alternating([Double])
    case sample(scale: Double)
  }

  var values: [(place: Int, value: Value)] = []
  var condition: (column: Int, test: RowTest)?

  init(
    _ series: SeriesDescription, columns: [String], path: String, pattern: FilePattern,
    report: inout ReadReport, description: String
  ) throws(Failure) {
    func column(_ reference: ColumnExpression.ColumnReference) throws(Failure) -> Int {
      guard let index = columns.firstIndex(of: reference.name), reference.element == nil else {
        throw Failure(
          .badData, at: path, "has no column \"\(reference.name)\" that \(description) asks for",
          remedy: "its columns are \(columns.joined(separator: ", "))")
      }
      return index
    }
    for (quantity, source) in series.quantities {
      let value: Value
      switch source {
      case .expression(let expression, let scale):
        var indices: [Int] = []
        for reference in expression.columns { indices.append(try column(reference)) }
        value = .expression(expression, indices, scale)
      case .label(let expression):
        value = .label(try column(expression.columns[0]))
      case .file(let group, let scale):
        value = .fixed(try pattern.value(of: group, for: quantity, scale, report: &report))
      case .constant(let text):
        value = .fixed(try Self.constant(text, quantity, &report, description))
      case .alternating(let words):
        value = .alternating(words.map { Double(report.label(quantity, $0)) })
      case .sample(let scale): value = .sample(scale: scale)
      case .block:
        throw Failure(
          .badData, at: description, "blocks are read from JSON only", remedy: "give a column")
      }
      values.append((quantity.index, value))
    }
    if let condition = series.condition {
      self.condition = (
        try column(.init(name: condition.column)), condition.test
      )
    }
    report.quantities.formUnion(series.quantities.keys)
  }

  static func constant(
    _ text: String, _ quantity: MeasuredQuantity, _ report: inout ReadReport, _ place: String
  ) throws(Failure) -> Double {
    if quantity.isLabel { return Double(report.label(quantity, text)) }
    guard let value = UnitScale.value(of: text, for: quantity) else {
      throw Failure(
        .badData, at: "\(place): \(quantity.rawValue)", "\"\(text)\" is no value with a unit",
        remedy: "write it as 2.5\(quantity.unit)")
    }
    return value
  }
}

/// What the name of a file says.
struct FilePattern {
  private let groups: [String: String]
  private let path: String

  /// Matches a file's name, without its folder.
  init(_ pattern: String?, path: String, description: String) throws(Failure) {
    self.path = path
    guard let pattern else {
      groups = [:]
      return
    }
    let expression = try BoundedPattern(pattern, at: "\(description): file.pattern")
    let name = (path as NSString).lastPathComponent
    guard let found = try expression.groups(in: name) else {
      throw Failure(
        .badData, at: path, "its name does not match file.pattern of \(description)",
        remedy: "correct the pattern or leave the file out")
    }
    groups = found
  }

  func value(
    of group: String, for quantity: MeasuredQuantity, _ scale: UnitScale,
    report: inout ReadReport
  ) throws(Failure) -> Double {
    guard let text = groups[group] else {
      throw Failure(
        .badData, at: path, "file.pattern has no group \"\(group)\"",
        remedy: "write it as (?<\(group)>...)")
    }
    if quantity.isLabel { return Double(report.label(quantity, text)) }
    if let bare = Double(text) { return scale(bare) }
    guard let value = UnitScale.value(of: text, for: quantity) else {
      throw Failure(.badData, at: path, "\"\(text)\" in its name is no \(quantity.rawValue)")
    }
    return value
  }
}
