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

  /// Bits tested; the health tests take whole words of 64 of them.
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
  /// - Parameter count: bits that count; nil for all of the bytes.
  /// - Throws: ``Failure`` of kind `badData` for fewer than 4096 bits.
  package init(
    _ bytes: some Collection<UInt8>, count: Int? = nil, place: String, tests: HealthTests
  ) throws(Failure) {
    let count = min(count ?? bytes.count * 8, bytes.count * 8)
    guard count >= 4096 else {
      throw Failure(.badData, at: place, "holds \(count) bits, the tests need at least 4096")
    }
    bits = count
    let words = Self.words(bytes, count: count)
    var monitor = HealthMonitor(tests)
    for word in words[..<(count / 64)] { monitor.observe(word) }
    self.monitor = monitor
    results =
      [
        Self.monobit(words, count), Self.runs(words, count),
        Self.blocks(Array(words[..<(count / 64)])),
      ] + [4, 8].map { Self.poker(words, count, size: $0) }
      + [1, 2, 3, 4, 8, 16, 32].map { Self.autocorrelation(words, count, lag: $0) }
  }

  /// The bits in words of 64, the first the most significant; those behind the last one are 0.
  private static func words(_ bytes: some Collection<UInt8>, count: Int) -> [UInt64] {
    var words = [UInt64](repeating: 0, count: (count + 63) / 64)
    for (place, byte) in bytes.prefix((count + 7) / 8).enumerated() {
      words[place / 8] |= UInt64(byte) << UInt64(56 - 8 * (place % 8))
    }
    if count % 64 > 0, let last = words.indices.last {
      words[last] &= ~(UInt64.max >> UInt64(count % 64))
    }
    return words
  }
}

extension QuickBattery {
  private static func ones(_ words: [UInt64]) -> Int {
    words.reduce(0) { $0 + $1.nonzeroBitCount }
  }

  /// As many ones as zeros (SP 800-22, 2.1).
  private static func monobit(_ words: [UInt64], _ count: Int) -> Result {
    let n = Double(count)
    let z = (2 * Double(ones(words)) - n) / n.squareRoot()
    return Result(name: "monobit", statistic: z, probability: Tails.normalTwoSided(z))
  }

  /// As many runs as the share of ones lets expect (SP 800-22, 2.3).
  private static func runs(_ words: [UInt64], _ count: Int) -> Result {
    let n = Double(count)
    let share = Double(ones(words)) / n
    var changes = 0
    for (index, word) in words.enumerated() {
      let previous = index == 0 ? word >> 63 : words[index - 1] & 1
      changes += (word ^ (word >> 1 | previous << 63)).nonzeroBitCount
    }
    // Behind a last bit of 1 the padding looks like one change more.
    if count % 64 > 0, let last = words.last, last >> UInt64(64 - count % 64) & 1 == 1 {
      changes -= 1
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
  private static func poker(_ words: [UInt64], _ count: Int, size: Int) -> Result {
    var counts = [Int](repeating: 0, count: 1 << size)
    for (place, word) in words.enumerated() {
      for part in 0..<min(64, count - 64 * place) / size {
        counts[Int(word >> UInt64(64 - size * (part + 1)) & UInt64(counts.count - 1))] += 1
      }
    }
    let expected = Double(counts.reduce(0, +)) / Double(counts.count)
    let sum = counts.reduce(0.0) {
      let excess = Double($1) - expected
      return $0 + excess * excess / expected
    }
    return Result(
      name: "poker, \(size) bits", statistic: sum,
      probability: Tails.chiSquared(sum, degrees: Double(counts.count - 1)))
  }

  /// Bits that equal the one `lag` < 64 places later.
  private static func autocorrelation(_ words: [UInt64], _ count: Int, lag: Int) -> Result {
    var differences = 0
    for index in words.indices {
      let next = index + 1 < words.count ? words[index + 1] : 0
      let later = words[index] << UInt64(lag) | next >> UInt64(64 - lag)
      // Only bits whose partner is one of the recording.
      let pairs = min(64, max(0, count - lag - 64 * index))
      let mask = pairs == 64 ? UInt64.max : ~(UInt64.max >> UInt64(pairs))
      differences += ((words[index] ^ later) & mask).nonzeroBitCount
    }
    let n = Double(count - lag)
    let z = (n - 2 * Double(differences)) / n.squareRoot()
    return Result(
      name: "autocorrelation, lag \(lag)", statistic: z, probability: Tails.normalTwoSided(z))
  }
}
