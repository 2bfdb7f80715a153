import Foundation
package import Mathematics

/// Figures that follow from class probabilities alone.
package enum ClassStatistics {
  /// The most probable class of every column; the lower one when two are equal.
  package static func classes(of probabilities: Matrix) -> [Int] {
    (0..<probabilities.columns).map { column in
      (1..<max(1, probabilities.rows)).reduce(0) { best, row in
        probabilities[row, column] > probabilities[best, column] ? row : best
      }
    }
  }

  /// How many columns belong to each class.
  package static func histogram(of probabilities: Matrix) -> [Int] {
    classes(of: probabilities).reduce(into: [Int](repeating: 0, count: probabilities.rows)) {
      $0[$1] += 1
    }
  }

  /// Classifier score, exp E_x KL(p(y|x) ‖ p(y)), the inception score of this classifier.
  ///
  /// From 1 (one class, or no opinion) to the number of classes (Salimans et al. 2016).
  package static func score(of probabilities: Matrix) -> Double {
    let (rows, columns) = (probabilities.rows, probabilities.columns)
    guard columns > 0 else { return 1 }
    // E_x KL = Σ_y E_x p ln p − Σ_y p̄ ln p̄.
    var divergence = 0.0
    for row in 0..<rows {
      var mean = 0.0
      var negativeEntropy = 0.0
      for p in probabilities.elements[row * columns..<(row + 1) * columns] where p > 0 {
        mean += Double(p)
        negativeEntropy += Double(p) * log(Double(p))
      }
      mean /= Double(columns)
      divergence += negativeEntropy / Double(columns) - (mean > 0 ? mean * log(mean) : 0)
    }
    return exp(max(0, divergence))
  }

  /// Number of classes that hold at least one percent of all images.
  package static func classesOverOnePercent(_ histogram: [Int]) -> Int {
    let total = histogram.reduce(0, +)
    return histogram.count { $0 > 0 && $0 * 100 >= total }
  }

  /// KL(histogram ‖ prior) in nats, among the classes that the prior holds.
  ///
  /// Images called a class outside the prior would make it infinite, so both sides are conditioned
  /// on the prior's classes; the histogram itself shows what fell outside.
  ///
  /// - Returns: nil when no image, or no real one, is in the prior's classes.
  package static func divergence(of histogram: [Int], from prior: [Int]) -> Double? {
    let inside = zip(histogram, prior).filter { $0.1 > 0 }
    let total = inside.reduce(0) { $0 + $1.0 }
    let priorTotal = inside.reduce(0) { $0 + $1.1 }
    guard total > 0 else { return nil }
    let divergence = inside.reduce(0.0) { sum, pair in
      guard pair.0 > 0 else { return sum }
      let p = Double(pair.0) / Double(total)
      return sum + p * log(p * Double(priorTotal) / Double(pair.1))
    }
    return max(0, divergence)
  }
}

/// The "accuracy" of the published study: the share of all fakes so far that the classifier calls
/// the one trained digit.
///
/// It sees no collapse (a single good image repeated scores one) and forgives no early step; kept
/// under its own name for comparison. Undefined, nil, unless exactly one class is trained.
package struct PublishedAccuracy: Equatable, Sendable {
  /// The trained digit, nil when there are several.
  package let digit: Int?
  /// Fakes called the trained digit so far; with ``total`` the state of a checkpoint.
  package var hits = 0
  /// Fakes counted so far, zero when no single digit is trained.
  package var total = 0

  /// A count from the start of a run on the chosen classes.
  package init(classes: [Int]) { digit = classes.count == 1 ? classes[0] : nil }

  /// Counts fakes by their class probabilities, 10 × count.
  package mutating func record(_ probabilities: Matrix) {
    guard let digit else { return }
    hits += ClassStatistics.classes(of: probabilities).count { $0 == digit }
    total += probabilities.columns
  }

  /// Share of hits; nil for several classes or before the first fake.
  package var value: Double? {
    digit == nil || total == 0 ? nil : Double(hits) / Double(total)
  }
}
