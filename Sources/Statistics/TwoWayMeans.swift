import Foundation

/// Two-way decomposition by means once outliers are gone: efficient where medians were robust.
package struct TwoWayMeans {
  package private(set) var centre = 0.0
  package private(set) var rowEffects: [(value: Double, error: Double)] = []
  package private(set) var columnEffects: [(value: Double, error: Double)] = []
  package private(set) var residuals: [Double]
  /// The values with what row and column lead to expect at gaps.
  package private(set) var filled: [Double]

  package init(_ values: [Double], rows: Int, columns: Int) {
    var row = [Double](repeating: 0, count: rows)
    var column = [Double](repeating: 0, count: columns)
    let present = values.filter { !$0.isNaN }
    let mean = present.reduce(0, +) / Double(max(1, present.count))
    for _ in 0..<20 {
      var moved = 0.0
      for i in 0..<rows {
        let cells = (0..<columns).filter { !values[i * columns + $0].isNaN }
        let sum = cells.reduce(0.0) { $0 + values[i * columns + $1] - mean - column[$1] }
        let effect = cells.isEmpty ? 0 : sum / Double(cells.count)
        moved = max(moved, abs(effect - row[i]))
        row[i] = effect
      }
      for j in 0..<columns {
        let cells = (0..<rows).filter { !values[$0 * columns + j].isNaN }
        let sum = cells.reduce(0.0) { $0 + values[$1 * columns + j] - mean - row[$1] }
        column[j] = cells.isEmpty ? 0 : sum / Double(cells.count)
      }
      if moved < 1e-12 { break }
    }
    centre = mean
    residuals = values
    filled = values
    for i in 0..<rows {
      for j in 0..<columns {
        let expected = mean + row[i] + column[j]
        residuals[i * columns + j] -= expected
        if values[i * columns + j].isNaN { filled[i * columns + j] = expected }
      }
    }
    let freedom = Double(max(1, present.count - rows - columns + 1))
    let square = residuals.reduce(0) { $0 + ($1.isNaN ? 0 : $1 * $1) }
    let spread = (square / freedom).squareRoot()
    let share = Double(present.count) / Double(rows * columns)
    rowEffects = row.map { ($0, spread / (share * Double(columns)).squareRoot()) }
    columnEffects = column.map { ($0, spread / (share * Double(rows)).squareRoot()) }
  }
}

/// Empirical autocorrelation of a field.
package enum SpatialCorrelation {
  /// Mean over both axes of the products at each lag, relative to the variance.
  package static func along(
    _ field: [Double], rows: Int, columns: Int, lags: Int
  ) -> [(x: Double, y: Double)] {
    let present = field.filter { !$0.isNaN }
    let variance = present.reduce(0) { $0 + $1 * $1 } / Double(max(1, present.count))
    guard variance > 0 else { return [] }
    return (1...lags).map { lag in
      var sum = 0.0
      var count = 0.0
      for i in 0..<rows {
        for j in 0..<columns {
          let value = field[i * columns + j]
          guard !value.isNaN else { continue }
          if i + lag < rows, !field[(i + lag) * columns + j].isNaN {
            sum += value * field[(i + lag) * columns + j]
            count += 1
          }
          if j + lag < columns, !field[i * columns + j + lag].isNaN {
            sum += value * field[i * columns + j + lag]
            count += 1
          }
        }
      }
      return (Double(lag), count > 0 ? sum / count / variance : 0)
    }
  }
}
