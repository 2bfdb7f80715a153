import Failures
import Files
import Foundation
import MeasuredTables
import _TestSupport

/// A file of a test, and what is read from it.
struct TableCase {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func file(_ name: String, _ text: String) throws -> String {
    try file(name, Data(text.utf8))
  }

  func file(_ name: String, _ bytes: Data) throws -> String {
    try bytes.write(to: URL(fileURLWithPath: folder.file(name)))
    return folder.file(name)
  }

  /// All rows of files: the quantities asked for, labels as their words.
  func rows(
    _ files: [String], _ quantities: [MeasuredQuantity], description: String? = nil,
    format: TableFormat? = nil, dataset: String? = nil, strict: Bool = false,
    deriving derived: Set<MeasuredQuantity> = []
  ) throws -> (rows: [[String]], report: ReadReport) {
    var table = TableDescription.tidy
    if let description {
      table = try TableDescription(document: TOMLDocument(text: description, name: "d.toml"))
    }
    let reader = TableReader(
      files: files, description: table, format: format, dataset: dataset, isStrict: strict)
    var numbers: [[Double]] = []
    let report = try reader.readRows(deriving: derived) { row in
      numbers.append(quantities.map { row[$0] })
    }
    let rows = numbers.map { row in
      zip(row, quantities).map { value, quantity in
        quantity.isLabel ? Self.word(value, quantity, report) : Self.text(value)
      }
    }
    return (rows, report)
  }

  /// A number to nine digits, so that powers of ten can be compared as text.
  static func text(_ value: Double) -> String {
    value.isNaN ? "-" : String(format: "%.9g", value)
  }

  private static func word(
    _ value: Double, _ quantity: MeasuredQuantity, _ report: ReadReport
  ) -> String {
    guard !value.isNaN else { return "-" }
    let pool =
      switch quantity {
      case .cycle: report.cycles
      case .operation: report.operations
      default: report.devices
      }
    return pool.name(Int(value))
  }
}
