package import Failures
import Files
import Foundation

/// Rows of measurement files, in order, through one description.
///
/// Text files are streamed; memory does not grow with their size, the later columns of a wide table
/// aside.
package struct TableReader {
  package let files: [String]
  let description: TableDescription
  /// Format to read as; nil takes each file's marks.
  let format: TableFormat?
  /// Path of the table in a file that holds several.
  let dataset: String?
  /// Whether a file that cannot be read is an error even when others can.
  let isStrict: Bool

  package init(
    files: [String], description: TableDescription = .tidy, format: TableFormat? = nil,
    dataset: String? = nil, isStrict: Bool = false
  ) {
    self.files = files
    self.description = description
    self.format = format
    self.dataset = dataset
    self.isStrict = isStrict
  }

  /// Hands every row to `body`.
  ///
  /// A row with a cell that is no number, not finite or "no value" is left out and noted. A file
  /// that cannot be read is left out and named where others can.
  ///
  /// - Parameter derived: conductances that are made of resistances, or of currents and voltages,
  ///   where the table does not give them; a row for which that is not possible is left out and noted.
  /// - Throws: ``Failure``: `noInput` for an absent file, `badData` when no row of a file fits the
  ///   description, and what `body` throws.
  package func readRows(
    deriving derived: Set<MeasuredQuantity> = [],
    _ body: (MeasuredRow) throws(Failure) -> Void
  ) throws(Failure) -> ReadReport {
    guard !files.isEmpty else { throw Failure(.usage, at: "FILE", "no file was given") }
    var output = RowOutput(report: ReadReport(), deriving: derived)
    var firstFailure: Failure?
    for path in files {
      let before = output.report.rows
      do throws(Failure) {
        if files.count > 1, !isStrict { try rehearse(path, derived) }
      } catch {
        firstFailure = firstFailure ?? error
        output.report.leftOut.append((path, error))
        continue
      }
      output.report.sources.append(try Self.source(of: path))
      try read(path, &output, body)
      if output.report.rows == before { output.note("no usable row", at: path) }
    }
    guard output.report.rows > 0 else {
      throw firstFailure
        ?? Failure(
          .badData, at: files[0], "no row of it is a measurement",
          remedy: output.report.troubleLines.first ?? "check the description with `fit inspect`")
    }
    return output.report
  }

  /// Reads a file without handing its rows on, so that a damaged one leaves none behind.
  private func rehearse(_ path: String, _ derived: Set<MeasuredQuantity>) throws(Failure) {
    var output = RowOutput(report: ReadReport(), deriving: derived)
    _ = try Self.source(of: path)
    try read(path, &output) { _ in }
  }

  private func read(
    _ path: String, _ output: inout RowOutput, _ body: (MeasuredRow) throws(Failure) -> Void
  ) throws(Failure) {
    let understanding = try understanding(of: path)
    output.report.understandings.append(understanding)
    if understanding.format.holdsArrays {
      var table = try ArrayTable(
        try ArrayFile.read(
          path, format: understanding.format, dataset: understanding.description.dataset),
        description: understanding.description, output: output)
      try table.read(body)
      output = table.output
    } else {
      var table = try TextTable(
        path: path, description: understanding.description,
        binder: description.isAutomatic ? understanding.binder : nil, output: output)
      try table.read(body)
      output = table.output
    }
  }

  /// What is understood of a file before its rows are read.
  package func understanding(of path: String) throws(Failure) -> TableUnderstanding {
    var understanding = try TableUnderstanding.of(
      path, description: description, format: format, dataset: dataset)
    guard description.isAutomatic, files.count > 1 else { return understanding }
    let series = understanding.description.series
    let isNamed = series.contains {
      $0.quantities[.device] != nil
        || $0.quantities[.row] != nil && $0.quantities[.column] != nil
    }
    guard !isNamed else { return understanding }
    for place in understanding.description.series.indices {
      understanding.description.series[place].quantities[.device] = .fileName
    }
    understanding.binder.shared[.device] = .fileName
    if !understanding.binder.fixed.isEmpty {
      understanding.binder.fixed = understanding.description.series
    }
    understanding.notes.append("no column says the device: the file's name does")
    return understanding
  }

  /// Whether the table gives a quantity, from the description or the first file that can be read.
  ///
  /// A conductance is given by a resistance, or by a current over a read voltage, too.
  package func gives(_ quantity: MeasuredQuantity) throws(Failure) -> Bool {
    func isGiven(by series: SeriesDescription) -> Bool {
      let given = series.quantities
      guard given[quantity] == nil, let substitutes = quantity.substitutes else {
        return given[quantity] != nil
      }
      return given[substitutes.resistance] != nil
        || given[substitutes.current] != nil && given[.readVoltage] != nil
    }
    guard description.isAutomatic else { return description.series.contains(where: isGiven) }
    var firstFailure: Failure?
    for path in files {
      do throws(Failure) {
        return try understanding(of: path).description.series.contains(where: isGiven)
      } catch {
        if isStrict { throw error }
        firstFailure = firstFailure ?? error
      }
    }
    throw firstFailure ?? Failure(.usage, at: "FILE", "no file was given")
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
