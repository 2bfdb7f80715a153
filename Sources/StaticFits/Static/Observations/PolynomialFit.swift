import Foundation

/// A least-squares sum of powers through one sweep; small systems, solved by elimination.
struct PolynomialFit {
  var powers: [Int]
  var coefficients: [Double]

  /// Fits Σ cₖ·V^pₖ; nil when the voltages do not determine it.
  init?(_ sweep: Sweep, powers: [Int]) {
    let n = powers.count
    let scale = sweep.voltages.map { abs($0) }.max() ?? 0
    guard sweep.voltages.count > n, scale > 0 else { return nil }
    var system = [[Double]](repeating: Array(repeating: 0, count: n + 1), count: n)
    for (v, (i, weight)) in zip(sweep.voltages, zip(sweep.currents, sweep.counts)) {
      let terms = powers.map { pow(v / scale, Double($0)) }
      for a in 0..<n {
        for b in 0..<n { system[a][b] += weight * terms[a] * terms[b] }
        system[a][n] += weight * terms[a] * i
      }
    }
    guard let solved = Elimination.solve(system) else { return nil }
    self.powers = powers
    coefficients = zip(solved, powers).map { $0 / pow(scale, Double($1)) }
  }

  func value(_ v: Double) -> Double {
    zip(coefficients, powers).reduce(0) { $0 + $1.0 * pow(v, Double($1.1)) }
  }
}

/// Gaussian elimination with row pivoting for systems of a few unknowns.
enum Elimination {
  /// Solves rows of [A | b]; nil when A is singular to rounding.
  static func solve(_ augmented: [[Double]]) -> [Double]? {
    var rows = augmented
    let n = rows.count
    for column in 0..<n {
      let pivot = (column..<n).max { abs(rows[$0][column]) < abs(rows[$1][column]) } ?? column
      let largest = augmented[pivot].dropLast().map { abs($0) }.max() ?? 0
      guard abs(rows[pivot][column]) > 1e-13 * largest, largest > 0 else { return nil }
      rows.swapAt(column, pivot)
      for row in 0..<n where row != column {
        let factor = rows[row][column] / rows[column][column]
        for k in column...n { rows[row][k] -= factor * rows[column][k] }
      }
    }
    return (0..<n).map { rows[$0][n] / rows[$0][$0] }
  }
}
