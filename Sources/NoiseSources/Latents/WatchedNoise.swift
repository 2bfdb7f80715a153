package import ArrayOperations
package import Failures
package import Mathematics

/// A source of numbers under the health tests of sources of bits, which its signs go through.
package struct WatchedNoise: NoiseSource {
  package private(set) var source: any NoiseSource
  private let defect: String?
  private let keepsGoing: Bool
  private var monitor: HealthMonitor
  private var word: UInt64 = 0
  private var filled = 0

  package init(
    _ source: any NoiseSource, defect: String? = nil, tests: HealthTests, keepsGoing: Bool
  ) {
    self.source = source
    self.defect = defect
    self.keepsGoing = keepsGoing
    monitor = HealthMonitor(tests)
  }

  package var name: String { source.name }

  package var statistics: NoiseStatistics? {
    NoiseStatistics(
      name: name, tested: "signs", defect: defect, monitor: monitor, trueEntropy: nil, wear: nil)
  }

  package mutating func restart(at position: UInt64) {
    source.restart(at: position)
    monitor = HealthMonitor(monitor.tests)
    (word, filled) = (0, 0)
  }

  package mutating func fill(
    _ latent: inout Matrix, ledger: inout EnergyLedger
  ) throws(Failure) {
    try source.fill(&latent, ledger: &ledger)
    for value in latent.elements {
      word = word &<< 1 | (value > 0 ? 1 : 0)
      filled &+= 1
      guard filled == 64 else { continue }
      monitor.observe(word)
      filled = 0
    }
    if !keepsGoing { try monitor.check(name) }
  }
}
