import Foundation

/// Counts over a stretch of one sequence, from which min-entropy is estimated.
///
/// Estimates beside the standard's are made over stretches of fixed length: over any longer ones their confidence bounds
/// would shrink below the slow wander of a controlled source, which they do not model.
package struct EntropySegment: Equatable, Sendable {
  /// Bits per stretch.
  static let length = 1 << 16

  var bits = 0
  var ones = 0
  /// Transitions that start at a one, end at a one, and both.
  var fromOne = 0
  var toOne = 0
  var oneToOne = 0

  /// p_u = min(1, p̂ + 2.576·√(p̂(1 − p̂)/(L − 1))) of SP 800-90B, section 6.3.1: the upper end of the 99 %
  /// confidence interval of a proportion.
  package static func upperBound(_ count: Int, of total: Int) -> Double {
    guard total > 1 else { return 1 }
    let share = Double(count) / Double(total)
    return min(1, share + 2.576 * (share * (1 - share) / Double(total - 1)).squareRoot())
  }

  var mostCommonValue: Double { Self.mostCommonValue(ones: ones, of: bits) }

  /// −log₂ of the bound on the more frequent value's probability (SP 800-90B, 6.3.1).
  package static func mostCommonValue(ones: Int, of bits: Int) -> Double {
    0 - log2(upperBound(max(ones, bits - ones), of: bits))
  }

  /// Min-entropy per bit of the likeliest 128 bits of a first-order Markov chain (SP 800-90B,
  /// 6.3.3), with the bounds of ``upperBound(_:of:)`` on every probability, so that it does not
  /// exceed the chain's own by chance.
  var markov: Double {
    let pairs = bits - 1
    let fromZero = pairs - fromOne
    let zeroToOne = toOne - oneToOne
    let p1 = Self.upperBound(ones, of: bits)
    let p0 = Self.upperBound(bits - ones, of: bits)
    let p11 = Self.upperBound(oneToOne, of: fromOne)
    let p10 = Self.upperBound(fromOne - oneToOne, of: fromOne)
    let p01 = Self.upperBound(zeroToOne, of: fromZero)
    let p00 = Self.upperBound(fromZero - zeroToOne, of: fromZero)
    let logarithms = [
      log2(p0) + 127 * log2(p00), log2(p0) + 64 * log2(p01) + 63 * log2(p10),
      log2(p0) + log2(p01) + 126 * log2(p11), log2(p1) + log2(p10) + 126 * log2(p00),
      log2(p1) + 64 * log2(p10) + 63 * log2(p01), log2(p1) + 127 * log2(p11),
    ]
    return max(0, min(1, 0 - (logarithms.max() ?? 0) / 128))
  }
}

/// Sums of estimates, weighted by bits.
struct EntropySums: Equatable, Sendable {
  private var bits = 0.0
  private var mostCommonValue = 0.0
  private var markov = 0.0

  mutating func add(_ segment: EntropySegment) {
    let weight = Double(segment.bits)
    bits += weight
    mostCommonValue += weight * segment.mostCommonValue
    markov += weight * segment.markov
  }

  var mean: (mostCommonValue: Double, markov: Double)? {
    guard bits > 0 else { return nil }
    return (mostCommonValue / bits, markov / bits)
  }
}

/// Min-entropy per raw bit by the estimates of SP 800-90B; lower bounds with 99.5 % confidence.
package struct EntropyEstimates: Equatable, Sendable {
  /// Section 6.3.1, each device's whole sequence as one, mean over devices: what the standard's own
  /// tool gives for a sequence of one device.
  package var mostCommonValue: Double
  /// The same formula over stretches of 65,536 bits, mean over stretches: lower, since a short
  /// stretch has a wide confidence bound, and not above a source that wanders slowly.
  package var mostCommonValueOfStretches: Double
  /// Section 6.3.3 over the same stretches, mean over them, with the bound of 6.3.1 on every
  /// probability, which the standard's final text leaves out.
  package var markovOfStretches: Double

  /// The lowest of the three.
  package var least: Double {
    min(mostCommonValue, mostCommonValueOfStretches, markovOfStretches)
  }
}
