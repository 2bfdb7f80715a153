import Foundation
import Mathematics
import Statistics
import Testing

@Suite("Few values, equal values")
struct FewValuesTests {
  @Test func `Ties hold a scale to the grid of the values`() throws {
    let sample = [Double](repeating: 1.6, count: 25) + [0.7, 0.8, 1.1, 1.2, 1.5, 1.5, 1.7, 1.8]
    for fit in try DistributionFit.all(of: sample, at: "test") {
      #expect(fit.aic > -200, "\(fit.family): \(fit.aic)")
      if fit.family == .studentT || fit.family == .normal {
        #expect(fit.parameters[1] >= 0.099, "\(fit.family): \(fit.parameters)")
      }
    }
    #expect(abs(ValueGrid(sample).width - 0.1) < 1e-9)
    // No two values equal: no grid; one value: none that shows.
    #expect(ValueGrid([1, 1.5, 1.75]).width == 0)
    #expect(ValueGrid([2, 2, 2]).width == 0)
    #expect(ValueGrid([0.1 + 0.2, 0.3, 0.4]).width - 0.1 < 1e-9)
  }

  @Test(arguments: [(3, 20), (4, 2), (6, 5), (30, 1), (1, 12)])
  func `Parts of a spread are covered from few groups`(groups: Int, values: Int) throws {
    let (device, cycle) = (0.3, 0.1)
    var hits = (mean: 0, between: 0, within: 0, total: 0)
    let seeds = 60
    for seed in 0..<seeds {
      let draws = Normal.draws(
        groups * (values + 1), from: RandomStream(seed: UInt64(seed), name: "groups"))
      let data = (0..<groups).map { group in
        (0..<values).map { value in
          1 + (groups > 1 ? device * draws[group] : 0)
            + cycle * draws[groups + group * values + value]
        }
      }
      let parts = try VarianceComponents(data, unit: "V", at: "test")
      if parts.mean.interval.contains(1) { hits.mean += 1 }
      if parts.between?.interval.contains(device) ?? true { hits.between += 1 }
      if parts.within?.interval.contains(cycle) ?? true { hits.within += 1 }
      if parts.total?.interval.contains(hypot(device, cycle)) ?? true { hits.total += 1 }
    }
    // Binomial(60, 0.95): fewer than 49 has a probability below 1e-4.
    for count in [hits.mean, hits.between, hits.within, hits.total] {
      #expect(count >= 49, "\(hits)")
    }
  }

  @Test func `Unequal groups are covered, and equal ones agree with the analysis of variance`()
    throws
  {
    let sizes = [2, 3, 25, 4, 9]
    var covered = 0
    for seed in 0..<60 {
      let draws = Normal.draws(100, from: RandomStream(seed: UInt64(seed), name: "unequal"))
      var next = 5
      let data = sizes.enumerated().map { group, size in
        (0..<size).map { _ -> Double in
          next += 1
          return 0.3 * draws[group] + 0.2 * draws[next]
        }
      }
      let parts = try VarianceComponents(data, unit: "V", at: "test")
      if parts.mean.interval.contains(0) { covered += 1 }
    }
    #expect(covered >= 49, "\(covered) of 60")
    let equal = [[1.0, 1.2, 1.1], [1.5, 1.4, 1.6], [0.9, 0.8, 1.0], [1.3, 1.2, 1.4]]
    let parts = try VarianceComponents(equal, unit: "V", at: "test")
    let means = equal.map { $0.reduce(0, +) / 3 }
    let centre = means.reduce(0, +) / 4
    let deviation = (means.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / 3).squareRoot()
    let half = StudentT.quantile(0.975, degrees: 3) * deviation / 2
    #expect(abs(parts.mean.interval.upperBound - centre - half) < 1e-3 * half)
  }

  @Test func `A pooled mean and its spread are covered`() throws {
    var hits = (mean: 0, spread: 0)
    for seed in 0..<60 {
      let draws = Normal.draws(24, from: RandomStream(seed: UInt64(seed), name: "pool"))
      let errors = (0..<6).map { 0.1 + 0.05 * Double($0) }
      let values = (0..<6).map { 2 + 0.3 * draws[$0] + errors[$0] * draws[6 + $0] }
      let pooled = PooledEstimate(values, errors: errors)
      if pooled.interval.contains(2) { hits.mean += 1 }
      if pooled.spreadInterval.contains(0.3) { hits.spread += 1 }
    }
    #expect(hits.mean >= 49 && hits.spread >= 49, "\(hits)")
  }
}
