import Foundation
package import Mathematics

/// The losses of the published code, in double precision: logarithms of probabilities plus 10⁻⁸.
///
/// With a(x) = 1 / (1 + e^−x): real images and the generator have −ln(a + ε), fakes −ln(1 − a + ε).
/// Where a ≪ ε the derivative by x is near −a/ε: samples weigh by their probability, which a loss of
/// logits would not show.
package enum PublishedLoss {
  private static let epsilon = 1e-8

  /// Sums over samples, and the derivatives by the logits.
  package struct Result {
    package var loss = 0.0
    package var probability = 0.0
    package var slopes: [Double] = []
  }

  /// - Parameters:
  ///   - logits: 1 × B.
  ///   - isReal: whether the samples shall pass for real.
  ///   - single: whether probabilities are computed in single precision.
  package static func evaluate(
    _ logits: Matrix, columns: Range<Int>, isReal: Bool, single: Bool = false
  ) -> Result {
    var result = Result()
    for sample in columns {
      let logit = logits[0, sample]
      let a = single ? Double(1 / (1 + exp(-logit))) : 1 / (1 + exp(-Double(logit)))
      result.probability += a
      let argument = (isReal ? a : 1 - a) + epsilon
      result.loss -= log(argument)
      result.slopes.append((isReal ? -1 : 1) * a * (1 - a) / argument)
    }
    return result
  }

  /// Writes slopes over their largest magnitude: pulses follow signs only, and single precision
  /// would lose probabilities below 10⁻³⁸.
  package static func write(_ slopes: [Double], into delta: inout Matrix) {
    let largest = slopes.reduce(0) { max($0, abs($1)) }
    for (sample, slope) in slopes.enumerated() {
      delta[0, sample] = largest > 0 ? Float(slope / largest) : 0
    }
  }
}
