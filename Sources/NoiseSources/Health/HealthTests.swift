package import Failures
import Foundation
import Mathematics

/// The continuous health tests of NIST SP 800-90B, section 4.4, for binary samples.
package struct HealthTests: Equatable, Sendable {
  /// Assumed min-entropy per raw bit, H.
  package let entropy: Double
  /// Probability α with which a source of that entropy trips a test, per sample or window.
  package let falseAlarm: Double
  /// Samples per window of the adaptive proportion test; a multiple of 64.
  package let window: Int
  /// Equal samples in a row that raise an alarm: 1 + ⌈−log₂ α / H⌉.
  package let repetitionCutoff: Int
  /// Samples equal to the window's first that raise an alarm, the first counted: the smallest c with
  /// P(X ≥ c) ≤ α for X ~ binomial(window, 2^−H), plus none; 589 for 1024, 1 and 2⁻²⁰.
  package let proportionCutoff: Int

  /// H = 1, α = 2⁻²⁰, 1024 samples.
  package static let standard = HealthTests(checkedEntropy: 1, falseAlarm: 0x1p-20, window: 1024)

  /// Tests with cutoffs for the given numbers.
  ///
  /// - Throws: ``Failure`` of kind `usage` when a number is out of its range: H in 0.01…1, α in
  ///   2⁻⁶⁰…0.5, a window of 64…65536 samples that is a multiple of 64.
  package init(entropy: Double, falseAlarm: Double, window: Int) throws(Failure) {
    func require(_ holds: Bool, _ name: String, _ expected: String) throws(Failure) {
      guard holds else { throw Failure(.usage, at: name, "must be \(expected)") }
    }
    try require((0.01...1).contains(entropy), "health entropy", "between 0.01 and 1")
    try require((0x1p-60...0.5).contains(falseAlarm), "health alpha", "between 2^-60 and 0.5")
    try require(
      (64...65_536).contains(window) && window % 64 == 0, "health window",
      "a multiple of 64 from 64 to 65536")
    self.init(checkedEntropy: entropy, falseAlarm: falseAlarm, window: window)
  }

  private init(checkedEntropy entropy: Double, falseAlarm: Double, window: Int) {
    self.entropy = entropy
    self.falseAlarm = falseAlarm
    self.window = window
    repetitionCutoff = 1 + Int(clamping: -log2(falseAlarm) / entropy, rule: .up, to: 1...1 << 40)
    let probability = exp2(-entropy)
    var (low, high) = (1, window + 1)
    while low < high {
      let middle = (low + high) / 2
      if Tails.binomial(atLeast: middle, probability: probability, trials: window) <= falseAlarm {
        high = middle
      } else {
        low = middle + 1
      }
    }
    proportionCutoff = low
  }

  /// Fewest alarms of one test that chance does not explain after a number of trials.
  ///
  /// One alarm proves nothing in a long run: α times the number of windows is what an ideal source
  /// raises. A source fails when that many or more have a Poisson probability below 2⁻⁴⁰.
  package func isBeyondChance(alarms: Int, trials: Int) -> Bool {
    guard alarms > 0 else { return false }
    return Tails.poisson(atLeast: alarms, mean: Double(trials) * falseAlarm) < 0x1p-40
  }
}
