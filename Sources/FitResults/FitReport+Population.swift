import Foundation
import Statistics

extension FitReport {
  /// R², the share of the squares around the mean that a fit explains; 0 when there are none.
  package static func explained(_ squares: Double, of total: Double) -> Double {
    total > 0 ? 1 - squares / total : 0
  }

  /// Values from which a distribution is chosen.
  static let leastPopulation = 8
  /// Values that a family is fitted to at most: more change no choice that a reader could check.
  static let mostPopulation = 5000

  /// Describes what varies from member to member of a population: every family by maximum
  /// likelihood, the best by Akaike's criterion drawn, and a normal Q–Q plot.
  ///
  /// Nothing happens for fewer than ``leastPopulation`` values or equal ones.
  package mutating func addPopulation(_ name: String, _ values: [Double], label: String) {
    let finite = values.filter(\.isFinite)
    let sample = Self.sample(finite)
    guard sample.count >= Self.leastPopulation,
      let fits = try? DistributionFit.all(of: sample, at: name), let best = fits.first
    else { return }
    distributions.append((name, fits))
    notes.append(
      String(
        format: "%@ of %d: %@ has the least AIC of %d families (KS %.3f, AD %.2f)", name,
        sample.count, best.family.rawValue, fits.count, best.kolmogorovSmirnov,
        best.andersonDarling))
    figures.append(.distribution(of: sample, fit: best, label: label))
    addNormalQuantiles(sample, label: label)
  }

  /// Draws residuals in units of their error as a histogram's cumulative shape and as quantiles,
  /// both against the normal distribution.
  package mutating func addResidualDistribution(_ values: [Double], label: String) {
    let sample = Self.sample(values.filter(\.isFinite))
    guard sample.count >= Self.leastPopulation,
      let normal = try? DistributionFit(.normal, to: sample, at: label)
    else { return }
    figures.append(.distribution(of: sample, fit: normal, label: label))
    figures.append(.quantiles(of: sample, fit: normal, label: label))
  }

  private mutating func addNormalQuantiles(_ sample: [Double], label: String) {
    guard let normal = try? DistributionFit(.normal, to: sample, at: label) else { return }
    figures.append(.quantiles(of: sample, fit: normal, label: label))
  }

  private static func sample(_ values: [Double]) -> [Double] {
    guard values.count > mostPopulation else { return values }
    let step = Double(values.count) / Double(mostPopulation)
    return (0..<mostPopulation).map { values[Int(Double($0) * step)] }
  }
}
