import Mathematics

/// Robust two-way decomposition: value = centre + row + column + residual by medians in turn.
///
/// J. W. Tukey, Exploratory Data Analysis, 1977, chapter 11.
package struct MedianPolish: Sendable {
  package var centre = 0.0
  package var rowEffects: [Double]
  package var columnEffects: [Double]
  /// Row by row, NaN where the value is.
  package var residuals: [Double]

  /// - Parameter values: row by row; NaN is left out.
  package init(_ values: [Double], rows: Int, columns: Int, sweeps: Int = 8) {
    rowEffects = Array(repeating: 0, count: rows)
    columnEffects = Array(repeating: 0, count: columns)
    residuals = values
    for _ in 0..<sweeps {
      var moved = 0.0
      for i in 0..<rows {
        let shift = (0..<columns).map { residuals[i * columns + $0] }.median ?? 0
        for j in 0..<columns { residuals[i * columns + j] -= shift }
        rowEffects[i] += shift
        moved = max(moved, abs(shift))
      }
      for j in 0..<columns {
        let shift = (0..<rows).map { residuals[$0 * columns + j] }.median ?? 0
        for i in 0..<rows { residuals[i * columns + j] -= shift }
        columnEffects[j] += shift
        moved = max(moved, abs(shift))
      }
      for part in [\Self.rowEffects, \Self.columnEffects] {
        let shift = self[keyPath: part].median ?? 0
        self[keyPath: part] = self[keyPath: part].map { $0 - shift }
        centre += shift
      }
      if moved < 1e-9 { break }
    }
  }

  /// 1.4826 times the median magnitude of the residuals.
  package var robustSpread: Double {
    residuals.medianDeviation() ?? 0
  }
}
