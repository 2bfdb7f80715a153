package import MeasuredTables

extension FitReport {
  /// Takes over what the reading of the files left out and how they were understood.
  package mutating func add(_ read: ReadReport) {
    leftOut += LeftOut.rules(of: read)
    notes += read.suspicions
  }
}

extension LeftOut {
  /// What a reader left out: files, and rows by rule.
  ///
  /// A file that cannot be read is no reason to refuse what the others hold; `--strict` is.
  package static func rules(of read: ReadReport) -> [LeftOut] {
    let files = LeftOut(
      "cannot be read", "files", count: read.leftOut.count,
      of: read.leftOut.count + read.sources.count, isLoss: false)
    return (files.count > 0 ? [files] : [])
      + read.droppedRows.map {
        LeftOut($0.rule, "rows of the files", count: $0.count, of: $0.of, isLoss: $0.isLoss)
      }
  }
}
