import ArrayOperations
import Foundation
import NoiseSources
import Testing

@Suite("Entropy") struct EntropyTests {
  private func source(_ text: String, bits count: Int) throws -> any BitSource {
    var stream = try bitStream(text)
    var ledger = EnergyLedger()
    _ = try stream.bytes(count, ledger: &ledger)
    return stream.source
  }

  @Test(arguments: [
    "biased:p=0.3", "biased:p=0.5", "biased:p=0.6", "biased:p=0.7", "biased:p=0.5,lag=0.3",
    "biased:p=0.5,lag=-0.3", "biased:p=0.6,lag=0.1", "biased:p=0.99", "thermal",
    "switching:raw", "switching:raw,c2c=0.1", "switching:raw,control=column",
    "switching:raw,control=none", "switching:raw,drift=5e-8",
  ])
  func `Estimates do not exceed what the model knows, and come near it`(text: String) throws {
    for count in [40_000, 3_000_000] {
      let source = try source(text, bits: count)
      let entropy = try #require(source.trueEntropy)
      let estimates = try #require(source.monitor.entropy)
      let estimate = estimates.least
      #expect(estimate <= entropy)
      if !text.hasPrefix("switching"), count > 1_000_000 { #expect(estimate > entropy - 0.05) }
    }
  }

  @Test func `True entropies are those of the chain`() throws {
    let chain = try bitSource("biased:p=0.6,lag=0.1")
    #expect(abs(try #require(chain.trueEntropy) + log2(0.64)) < 1e-12)
    let alternating = try bitSource("biased:p=0.5,lag=-0.5")
    #expect(abs(try #require(alternating.trueEntropy) + log2(0.75)) < 1e-12)
    #expect(try bitSource("frozen").trueEntropy == 0)
    #expect(try bitSource("lfsr32").trueEntropy == nil)
  }

  @Test func `Correlation shows in the Markov estimate alone`() throws {
    let estimates = try #require(
      try source("biased:p=0.5,lag=0.3", bits: 2_000_000).monitor.entropy)
    #expect(estimates.mostCommonValue > 0.95)
    #expect(estimates.markovOfStretches < 0.65)
  }

  /// The example of SP 800-90B, section 6.3.1: the most common of 20 samples occurs 8 times.
  @Test func `The most common value is bounded as in the standard's example`() {
    let bound = EntropySegment.upperBound(8, of: 20)
    #expect(abs(bound - 0.6895) < 5e-5)
    #expect(abs(-log2(bound) - 0.5363) < 5e-5)
  }

  /// Words with a known share of ones, over 80 stretches: the bound is that of the whole sequence.
  @Test(arguments: [0xAAAA_AAAA_AAAA_AAAA, 0xEEEE_EEEE_0F0F_1111, 0xFFFF_FFFF_FFFF_FFFE as UInt64])
  func `The most common value is that of the whole sequence`(word: UInt64) throws {
    var monitor = HealthMonitor(.standard)
    let words = 80 * 65536 / 64
    for _ in 0..<words { monitor.observe(word) }
    let total = Double(words * 64)
    let ones = Double(word.nonzeroBitCount) / 64
    let share = max(ones, 1 - ones)
    let bound = min(1, share + 2.576 * (share * (1 - share) / (total - 1)).squareRoot())
    let estimates = try #require(monitor.entropy)
    #expect(abs(estimates.mostCommonValue + log2(bound)) < 1e-12)
    #expect(estimates.mostCommonValueOfStretches < estimates.mostCommonValue)
  }

  /// Devices biased to either side are sequences of their own: pooled they would look fair.
  @Test func `Devices of opposite bias are not pooled`() throws {
    var monitor = HealthMonitor(.standard, lanes: 2)
    for _ in 0..<4096 {
      monitor.observe(0x0101_0101_0101_0101, lane: 0)
      monitor.observe(0xFEFE_FEFE_FEFE_FEFE, lane: 1)
    }
    #expect(try #require(monitor.entropy).mostCommonValue < 0.25)
  }

  @Test func `One amplitude per column leaves 0.1 to 0.3 bit`() throws {
    for spread in ["0.03", "0.05", "0.1"] {
      let source = try source("switching:raw,control=column,c2c=\(spread)", bits: 2_000_000)
      let entropy = try #require(source.trueEntropy)
      #expect((0.05...0.35).contains(entropy))
    }
  }

  @Test func `The chain has its mean and its correlation`() throws {
    var stream = try bitStream("biased:p=0.3,lag=0.2")
    let sequence = try bits(400_000, of: &stream)
    let ones = sequence.count(where: \.self)
    // Correlation raises the variance of the mean by (1 + lag)/(1 − lag) = 1.5.
    let deviation = (0.21 * 1.5 / 400_000).squareRoot()
    #expect(abs(Double(ones) / 400_000 - 0.3) < 3.9 * deviation)
    let pairs = zip(sequence, sequence.dropFirst())
    let afterOne = pairs.count { $0.0 }
    let both = pairs.count { $0.0 && $0.1 }
    #expect(isPlausible(both, of: afterOne, probability: 0.3 + 0.2 * 0.7))
  }
}
