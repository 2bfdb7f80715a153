package import Failures
import Foundation
import Mathematics

/// A quick look at recorded bits: a dozen classical tests and the entropy estimates.
///
/// Passing says that a generator and its correction have no gross defect; it cannot show that bits
/// are random, least of all simulated ones, which a seed reproduces.
package struct QuickBattery: Sendable {
  /// One test with the probability of a result at least as extreme for ideal bits.
  package struct Result: Equatable, Sendable {
    package var name: String
    package var statistic: Double
    package var probability: Double
  }

  /// Below this probability a test has failed; over ten tests one in 10⁵ good files fails.
  package static let level = 1e-6

  /// Bits tested: whole words of 64.
  package let bits: Int
  package let results: [Result]
  /// Health tests and estimates over the same bits.
  package let monitor: HealthMonitor

  /// The tests that failed, and what the health tests found.
  package var findings: [String] {
    results.filter { $0.probability < Self.level }.map {
      "\($0.name), p = \(String(format: "%.2g", $0.probability))"
    } + (monitor.finding.map { [$0] } ?? [])
  }

  /// Tests packed bits, the first the most significant of the first byte.
  ///
  /// - Throws: ``Failure`` of kind `badData` for fewer than 4096 bits.
  package init(_ bytes: some Collection<UInt8>, place: String, tests: HealthTests) throws(Failure) {
    let words = Self.words(bytes)
    guard words.count >= 64 else {
      throw Failure(
        .badData, at: place, "holds \(bytes.count * 8) bits, the tests need at least 4096")
    }
    bits = words.count * 64
    var monitor = HealthMonitor(tests)
    for word in words { monitor.observe(word) }
    self.monitor = monitor
    results =
      [Self.monobit(words), Self.runs(words), Self.blocks(words)]
      + [4, 8].map { Self.poker(words, size: $0) }
      + [1, 2, 3, 4, 8, 16, 32].map { Self.autocorrelation(words, lag: $0) }
  }

  private static func words(_ bytes: some Collection<UInt8>) -> [UInt64] {
    var words: [UInt64] = []
    words.reserveCapacity(bytes.count / 8)
    var (word, count): (UInt64, Int) = (0, 0)
    for byte in bytes {
      word = word << 8 | UInt64(byte)
      count += 1
      if count % 8 == 0 { words.append(word) }
    }
    return words
  }
}

extension QuickBattery {
  private static func ones(_ words: [UInt64]) -> Int {
    words.reduce(0) { $0 + $1.nonzeroBitCount }
  }

  /// As many ones as zeros (SP 800-22, 2.1).
  private static func monobit(_ words: [UInt64]) -> Result {
    let n = Double(words.count * 64)
    let z = (2 * Double(ones(words)) - n) / n.squareRoot()
    return Result(name: "monobit", statistic: z, probability: Tails.normalTwoSided(z))
  }

  /// As many runs as the share of ones lets expect (SP 800-22, 2.3).
  private static func runs(_ words: [UInt64]) -> Result {
    let n = Double(words.count * 64)
    let share = Double(ones(words)) / n
    var changes = 0
    for (index, word) in words.enumerated() {
      let previous = index == 0 ? word >> 63 : words[index - 1] & 1
      changes += (word ^ (word >> 1 | previous << 63)).nonzeroBitCount
    }
    let scale = share * (1 - share)
    guard scale > 0 else { return Result(name: "runs", statistic: .infinity, probability: 0) }
    let z = (Double(changes + 1) - 2 * n * scale) / (2 * n.squareRoot() * scale)
    return Result(name: "runs", statistic: z, probability: Tails.normalTwoSided(z))
  }

  /// Ones in blocks of 1024 bits (SP 800-22, 2.2).
  private static func blocks(_ words: [UInt64]) -> Result {
    let blocks = words.count / 16
    let sum = (0..<blocks).reduce(0.0) { sum, block in
      let excess = Double(ones(Array(words[16 * block..<16 * block + 16])) - 512)
      return sum + excess * excess / 256
    }
    return Result(
      name: "block frequency, 1024 bits", statistic: sum,
      probability: Tails.chiSquared(sum, degrees: Double(blocks)))
  }

  /// Frequencies of the patterns of `size` bits side by side (Knuth's poker test).
  private static func poker(_ words: [UInt64], size: Int) -> Result {
    var counts = [Int](repeating: 0, count: 1 << size)
    for word in words {
      for part in 0..<64 / size {
        counts[Int(word >> UInt64(part * size) & UInt64(counts.count - 1))] += 1
      }
    }
    let expected = Double(words.count * 64 / size) / Double(counts.count)
    let sum = counts.reduce(0.0) {
      let excess = Double($1) - expected
      return $0 + excess * excess / expected
    }
    return Result(
      name: "poker, \(size) bits", statistic: sum,
      probability: Tails.chiSquared(sum, degrees: Double(counts.count - 1)))
  }

  /// Bits that equal the one `lag` < 64 places later.
  private static func autocorrelation(_ words: [UInt64], lag: Int) -> Result {
    var differences = 0
    for index in 0..<words.count - 1 {
      let later = words[index] << UInt64(lag) | words[index + 1] >> UInt64(64 - lag)
      differences += (words[index] ^ later).nonzeroBitCount
    }
    let n = Double((words.count - 1) * 64)
    let z = (n - 2 * Double(differences)) / n.squareRoot()
    return Result(
      name: "autocorrelation, lag \(lag)", statistic: z, probability: Tails.normalTwoSided(z))
  }
}
