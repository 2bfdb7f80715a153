import Foundation
import Mathematics

/// Count, mean and standard deviation of a sample.
package enum SampleMoments {
  package static func of(_ values: [Double]) -> (count: Double, mean: Double, deviation: Double) {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let sum = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (n, mean, (sum / max(1, n - 1)).squareRoot())
  }
}
