package import ArrayOperations
import Mathematics

/// The words of GSL's Mersenne Twister, the generator beneath `gaussian` and `uniform`.
package struct GeneratorBits: BitSource {
  package let name: String
  package private(set) var monitor: HealthMonitor
  private let seeds: RandomStream
  private let generator = GSLGenerator()

  init(name: String, seeds: RandomStream, tests: HealthTests) {
    self.name = name
    self.seeds = seeds
    monitor = HealthMonitor(tests)
    restart(at: 0)
  }

  package mutating func restart(at position: UInt64) {
    monitor = HealthMonitor(monitor.tests)
    generator.restart(seed: seeds.word(at: 0, substream: position))
  }

  package mutating func produce(into bits: inout BitQueue, ledger: inout EnergyLedger) {
    let word = UInt64(generator.next()) << 32 | UInt64(generator.next())
    monitor.observe(word)
    bits.append(word, count: 64)
  }
}

/// A short recording repeated for ever: the bits of the frozen table.
package struct FrozenBits: BitSource {
  package let name: String
  package let defect: String?
  package private(set) var monitor: HealthMonitor
  private let table: [UInt64]
  private var next = 0

  init(name: String, defect: String, words: Int, stream: RandomStream, tests: HealthTests) {
    self.name = name
    self.defect = defect
    monitor = HealthMonitor(tests)
    table = (0..<words).map {
      UInt64(stream.word(at: 2 * $0, substream: 1)) << 32
        | UInt64(stream.word(at: 2 * $0 + 1, substream: 1))
    }
  }

  /// Nothing is drawn after the table.
  package var trueEntropy: Double? { 0 }

  package mutating func restart(at position: UInt64) {
    monitor = HealthMonitor(monitor.tests)
    next = 0
  }

  package mutating func produce(into bits: inout BitQueue, ledger: inout EnergyLedger) {
    monitor.observe(table[next])
    bits.append(table[next], count: 64)
    next = (next + 1) % table.count
  }
}
