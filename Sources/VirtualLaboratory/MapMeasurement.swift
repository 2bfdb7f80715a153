package import Calibration
package import Failures
import Foundation
import Mathematics
package import MeasuredTables
import Statistics

/// `measure map`: a virtual array with rows, columns, gradients, a correlated residual and faults.
package struct MapMeasurement: Sendable {
  package var rows = 64
  package var columns = 64
  /// What ln G consists of; shares of dead and stuck cells.
  package var variation: SpatialVariation
  /// Standard deviation of a reading relative to it.
  package var noise = 1e-3
  package var seed: UInt64 = 0

  package init(variation: SpatialVariation) { self.variation = variation }

  package static let columnNames = ["row", "column", "conductance_S"]
  /// A dead cell conducts this share of the mean, a stuck one so many times the mean.
  package static let deadFactor = 1e-3
  package static let stuckFactor = 100.0

  /// The array, row by row, in siemens.
  package func conductances() -> [Double] {
    func draws(_ count: Int, _ name: String) -> [Double] {
      Normal.draws(count, from: RandomStream(seed: seed, name: name))
    }
    let cells = rows * columns
    let rowEffects = draws(rows, "map rows")
    let columnEffects = draws(columns, "map columns")
    let white = draws(cells, "map cells")
    let readings = draws(cells, "map readings")
    let faults = RandomStream(seed: seed, name: "map faults")
    let share = variation.correlatedShare
    let field = share > 0 ? correlatedField() : Array(repeating: 0, count: cells)
    return (0..<cells).map { cell in
      let (i, j) = (cell / columns, cell % columns)
      let fault = faults.preciseUniform(at: cell, substream: 0)
      let residual =
        variation.residualSpread
        * (share.squareRoot() * field[cell] + (1 - share).squareRoot() * white[cell])
      let logarithm =
        variation.rowGradient * (Double(i) - Double(rows - 1) / 2)
        + variation.columnGradient * (Double(j) - Double(columns - 1) / 2)
        + variation.rowSpread * rowEffects[i] + variation.columnSpread * columnEffects[j] + residual
      let mean = variation.meanConductance
      var value = mean * exp(logarithm)
      if fault < variation.deadShare {
        value = mean * Self.deadFactor
      } else if fault < variation.deadShare + variation.stuckShare {
        value = mean * Self.stuckFactor
      }
      return value * (1 + noise * readings[cell])
    }
  }

  /// Writes the table.
  package func write(to path: String, as format: TableFormat = .table) throws(Failure) {
    var file = try MeasurementFile(path: path, columns: Self.columnNames, format: format)
    for (cell, value) in conductances().enumerated() {
      file.append(["\(cell / columns)", "\(cell % columns)"], [value])
    }
    try file.finish()
  }

  /// A field of unit variance with correlation exp(−|d|/ℓ), by embedding in a torus twice as large.
  ///
  /// After C. R. Dietrich, G. N. Newsam, SIAM J. Sci. Comput. 18, 1088, 1997.
  /// The eigenvectors of the torus are products of cas functions, cas x = cos x + sin x. Negative
  /// eigenvalues, small while ℓ is small against the array, count as zero.
  private func correlatedField() -> [Double] {
    let (n, m) = (2 * rows, 2 * columns)
    func table(_ count: Int, _ function: (Double) -> Double) -> [Double] {
      let values = (0..<count).map { function(2 * Double.pi * Double($0) / Double(count)) }
      return (0..<count * count).map { values[($0 / count) * ($0 % count) % count] }
    }
    let length = max(variation.correlationLength, 1e-6)
    let covariance = (0..<n * m).map { index in
      let (i, j) = (min(index / m, n - index / m), min(index % m, m - index % m))
      return exp(-Double(i * i + j * j).squareRoot() / length)
    }
    let eigenvalues = CosineBasis.sandwich(
      table(n) { cos($0) }, covariance, table(m) { cos($0) }, rows: n, columns: m)
    let normals = Normal.draws(n * m, from: RandomStream(seed: seed, name: "map field"))
    let weighted = zip(eigenvalues, normals).map { max(0, $0).squareRoot() * $1 }
    let scale = 1 / Double(n * m).squareRoot()
    let field = CosineBasis.sandwich(
      table(n) { cos($0) + sin($0) }, weighted, table(m) { cos($0) + sin($0) }, rows: n,
      columns: m)
    return (0..<rows * columns).map { field[($0 / columns) * m + $0 % columns] * scale }
  }
}
