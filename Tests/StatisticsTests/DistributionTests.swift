import Failures
import Foundation
import Mathematics
import Statistics
import Testing

@Suite("Distributions by maximum likelihood")
struct DistributionTests {
  static let truths: [(DistributionFamily, [Double])] = [
    (.normal, [2, 0.5]), (.logNormal, [-1, 0.4]), (.weibull, [3, 1.8]), (.gamma, [2.5, 1.2]),
    (.logistic, [1, 0.3]), (.studentT, [0.5, 2, 4]),
  ]

  private func sample(_ family: DistributionFamily, _ p: [Double], _ n: Int, seed: UInt64)
    -> [Double]
  {
    let stream = RandomStream(seed: seed, name: "sample")
    return (0..<n).map { family.quantile(stream.preciseUniform(at: $0, substream: 0), p) }
  }

  @Test(arguments: truths)
  func `Intervals cover the truth as often as they say`(
    family: DistributionFamily, truth: [Double]
  ) throws {
    var covered = [Int](repeating: 0, count: truth.count)
    let seeds = 60
    for seed in 0..<seeds {
      let fit = try DistributionFit(
        family, to: sample(family, truth, 300, seed: UInt64(seed)), at: "test")
      for k in truth.indices where fit.intervals[k].contains(truth[k]) { covered[k] += 1 }
    }
    // Binomial(60, 0.95): fewer than 49 has a probability below 1e-4.
    for count in covered { #expect(count >= 49, "\(family): \(count) of \(seeds)") }
  }

  @Test(arguments: truths)
  func `Akaike's criterion finds the family`(family: DistributionFamily, truth: [Double]) throws {
    let fits = try DistributionFit.all(of: sample(family, truth, 3000, seed: 7), at: "test")
    #expect(fits[0].family == family || fits[1].family == family && fits[1].aic < fits[0].aic + 4)
    let own = try #require(fits.first { $0.family == family })
    #expect(own.kolmogorovSmirnov < 0.03)
    #expect(own.andersonDarling > 0 && own.andersonDarling < 2.5)
  }

  @Test func `Density integrates to the cumulative function`() {
    for (family, p) in Self.truths {
      let (low, high) = (family.quantile(0.2, p), family.quantile(0.9, p))
      let steps = 4000
      let sum = (0..<steps).reduce(0.0) { sum, k in
        sum + exp(family.logDensity(low + (high - low) * (Double(k) + 0.5) / Double(steps), p))
      }
      #expect(abs(sum * (high - low) / Double(steps) - 0.7) < 1e-6, "\(family)")
    }
  }

  @Test(arguments: [
    [1.0, 2, 3], [1, 1, 1, 1, 1, 1], [1, 2, 3, .nan, 5, 6], [1, 2, 3, .infinity, 5, 6],
  ])
  func `Samples that say nothing are refused`(sample: [Double]) {
    let failure = #expect(throws: Failure.self) {
      try DistributionFit(.normal, to: sample, at: "test")
    }
    #expect(failure?.kind == .badData)
  }
}
