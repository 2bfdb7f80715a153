package import ArrayOperations
import Foundation
import Mathematics

/// Bits of a two-state Markov chain: biased or correlated switching, a telegraph signal, the sign of
/// thermal noise.
///
/// With P(1) = p and lag-1 correlation c a one follows a one with p + c·(1 − p) and a zero with
/// p·(1 − c).
package struct MarkovBits: BitSource {
  package let name: String
  package let defect: String?
  package private(set) var monitor: HealthMonitor
  /// Probability of a one after a one, and after a zero.
  package let oneAfterOne: Double
  package let oneAfterZero: Double
  private let corrector: BitCorrector
  private let cost: BitCost
  private let stream: RandomStream
  private let words = Storage<UInt32>(count: 256, repeating: 0)
  private var position: UInt64 = 0
  private var group = 0
  private var last = false

  init(
    name: String, probability: Double, correlation: Double, correction: BitCorrection = .none,
    cost: BitCost, defect: String? = nil, stream: RandomStream, tests: HealthTests
  ) {
    self.name = name
    self.defect = defect
    self.cost = cost
    self.stream = stream
    oneAfterOne = probability + correlation * (1 - probability)
    oneAfterZero = probability * (1 - correlation)
    corrector = BitCorrector(correction)
    monitor = HealthMonitor(tests)
    restart(at: 0)
  }

  /// Entropy rate of the likeliest infinite sequence: constant, or alternating.
  package var trueEntropy: Double? {
    let alternating = ((1 - oneAfterOne) * oneAfterZero).squareRoot()
    return 0 - log2(max(oneAfterOne, 1 - oneAfterZero, alternating))
  }

  package mutating func restart(at position: UInt64) {
    self.position = position
    group = 0
    monitor = HealthMonitor(monitor.tests)
    let stationary = oneAfterZero / max(1e-300, 1 - oneAfterOne + oneAfterZero)
    last = stream.preciseUniform(at: 0, substream: 2 * position + 1) < stationary
  }

  package mutating func produce(into bits: inout BitQueue, ledger: inout EnergyLedger) {
    stream.fillWords(words.buffer, from: group * 256, substream: 2 * position)
    group += 1
    for part in 0..<4 {
      let raw = next(words.base + 64 * part)
      monitor.observe(raw)
      cost.book(ones: raw.nonzeroBitCount, bits: 64, in: &ledger)
      let (corrected, count) = corrector.apply(raw)
      bits.append(corrected, count: count)
    }
  }

  private mutating func next(_ words: UnsafePointer<UInt32>) -> UInt64 {
    let after = (one: Self.threshold(oneAfterOne), zero: Self.threshold(oneAfterZero))
    var bits: UInt64 = 0
    for index in 0..<64 {
      last = UInt64(words[index]) < (last ? after.one : after.zero)
      bits = bits &<< 1 | (last ? 1 : 0)
    }
    return bits
  }

  private static func threshold(_ probability: Double) -> UInt64 {
    UInt64(min(max(0, probability), 1) * 0x1p32)
  }
}

/// What a raw bit costs.
struct BitCost: Sendable {
  /// Joules for a one and for a zero.
  var one = 0.0
  var zero = 0.0
  var seconds = 0.0
  /// Switching cycles.
  var cycles = 0

  static let nothing = BitCost()

  func book(ones: Int, bits: Int, in ledger: inout EnergyLedger) {
    ledger.noise += Double(ones) * one + Double(bits - ones) * zero
    ledger.seconds += Double(bits) * seconds
    ledger.noiseCycles += bits * cycles
  }
}
