import Mathematics

/// Mean and spread of repeated measurements.
package struct SampleSummary: Equatable, Sendable {
  /// Number of values, n ≥ 1.
  package let count: Int
  /// Arithmetic mean, in the unit of the values.
  package let mean: Double
  /// Of the population, estimated with n − 1; nil for one value.
  package let standardDeviation: Double?
  /// Half the width of the 95 % interval of the mean, t₀.₉₇₅(n − 1)·s/√n; nil for one value.
  package let halfWidth: Double?

  /// A summary, or nil of no values.
  package init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    count = values.count
    self.mean = mean
    guard count > 1 else {
      standardDeviation = nil
      halfWidth = nil
      return
    }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / (n - 1)).squareRoot()
    standardDeviation = deviation
    halfWidth = StudentT.quantile(0.975, degrees: n - 1) * deviation / n.squareRoot()
  }
}

/// Student's paired test of whether two conditions differ on the same seeds.
package struct PairedTest: Equatable, Sendable {
  /// Of the differences, second minus first.
  package let difference: SampleSummary
  /// Mean difference over its standard error; infinite when all differences are equal.
  package let t: Double
  /// Probability of a larger |t| when the conditions are equal, normal differences assumed.
  package let p: Double

  /// A test, or nil of fewer than two pairs.
  package init?(_ pairs: [(first: Double, second: Double)]) {
    guard let difference = SampleSummary(pairs.map { $0.second - $0.first }),
      let deviation = difference.standardDeviation
    else { return nil }
    self.difference = difference
    let error = deviation / Double(difference.count).squareRoot()
    if difference.mean == 0 {
      t = 0
      p = 1
    } else if error == 0 {
      t = difference.mean > 0 ? .infinity : -.infinity
      p = 0
    } else {
      t = difference.mean / error
      p = StudentT.twoSidedTail(t, degrees: Double(difference.count - 1))
    }
  }

  /// Probabilities adjusted for testing many pairs at once (Holm 1979), in the order given.
  ///
  /// The chance that any of the equal pairs falls below α is at most α.
  package static func holm(_ probabilities: [Double]) -> [Double] {
    let order = probabilities.indices.sorted { probabilities[$0] < probabilities[$1] }
    var adjusted = probabilities
    var largest = 0.0
    for (rank, index) in order.enumerated() {
      let factor = Double(probabilities.count - rank)
      largest = max(largest, min(1, factor * probabilities[index]))
      adjusted[index] = largest
    }
    return adjusted
  }
}

/// Which of several points no other beats in both coordinates.
package enum ParetoFront {
  /// Indices of the points that are not dominated when less is better in both, by rising x.
  ///
  /// A point is dominated by one that is at most equal in both and less in at least one.
  package static func indices(_ points: [(x: Double, y: Double)]) -> [Int] {
    points.indices.filter { index in
      !points.contains { other in
        other.x <= points[index].x && other.y <= points[index].y
          && (other.x < points[index].x || other.y < points[index].y)
      }
    }.sorted { (points[$0].x, $0) < (points[$1].x, $1) }
  }
}
