import Foundation

/// A mixture of normal distributions of one number, their count chosen by Schwarz's criterion (BIC).
///
/// Expectation–maximisation (Dempster, Laird and Rubin 1977) from cuts at the widest gaps and at equal
/// shares; a component no narrower than the values' grid.
package struct GaussianMixture: Sendable, Equatable {
  package struct Component: Sendable, Equatable {
    package var weight: Double
    package var mean: Double
    package var deviation: Double

    /// ln of weight times density.
    package func logDensity(_ x: Double) -> Double {
      let z = (x - mean) / deviation
      return log(weight) - z * z / 2 - log(deviation) - 0.5 * log(2 * Double.pi)
    }
  }

  /// By rising mean.
  package private(set) var components: [Component]
  package private(set) var logLikelihood: Double
  package let count: Int
  /// BIC of one component, two, and so on, as far as they were tried.
  package private(set) var criteria: [Double] = []

  /// −2 ln L + (3k − 1)·ln n.
  package var bic: Double {
    -2 * logLikelihood + Double(3 * components.count - 1) * log(Double(count))
  }

  /// Components tried at most.
  package static let mostComponents = 16
  /// Values of a component, at least.
  package static let leastValues = 4.0
  /// Values that are fitted at most; more change no count that a reader could check.
  private static let mostValues = 20_000
  /// Components in a row that may bring nothing before the search ends.
  private static let patience = 2

  /// Fits one component after the other.
  ///
  /// - Parameters:
  ///   - values: finite numbers, at least ``leastValues``.
  ///   - floor: the least deviation of a component, such as the grid of the values.
  package init?(_ values: [Double], floor: Double) {
    let stride = max(1, values.count / Self.mostValues)
    let sorted = values.enumerated().filter { $0.offset % stride == 0 }.map(\.element).sorted()
    guard Double(sorted.count) >= Self.leastValues, let low = sorted.first, let high = sorted.last,
      sorted.allSatisfy(\.isFinite)
    else { return nil }
    let floor = max(floor, 1e-9 * max(1, abs(low), abs(high)))
    count = sorted.count
    var best = Self.refined([Self.part(sorted[...], of: sorted.count, floor)], sorted, floor)
    func criterion(_ fit: ([Component], Double)) -> Double {
      -2 * fit.1 + Double(3 * fit.0.count - 1) * log(Double(sorted.count))
    }
    var found = [criterion(best)]
    var stale = 0
    let most = min(Self.mostComponents, Int(Double(sorted.count) / Self.leastValues))
    for k in 1..<max(2, most + 1) where k > 1 && stale <= Self.patience {
      let starts = [Self.cutAtGaps(sorted, k, floor), Self.cutAtShares(sorted, k, floor)]
      let fits = starts.compactMap { $0 }.map { Self.refined($0, sorted, floor) }
      guard let fit = fits.max(by: { $0.1 < $1.1 }) else { break }
      found.append(criterion(fit))
      // A component of a value or two is an outlier, not a population.
      let isSupported = fit.0.allSatisfy { $0.weight * Double(sorted.count) >= Self.leastValues }
      if isSupported, criterion(fit) < criterion(best) - 1e-9 {
        best = fit
        stale = 0
      } else {
        stale += 1
      }
    }
    components = best.0.sorted { $0.mean < $1.mean }
    logLikelihood = best.1
    criteria = found
  }

  // MARK: - Starts

  private static func part(_ values: ArraySlice<Double>, of count: Int, _ floor: Double)
    -> Component
  {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / max(1, n)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, n)
    return Component(
      weight: n / Double(count), mean: mean, deviation: max(variance.squareRoot(), floor))
  }

  private static func cut(_ sorted: [Double], at places: [Int], _ floor: Double) -> [Component] {
    let starts: [Int] = [0] + places
    let ends: [Int] = places + [sorted.count]
    return starts.indices.map { part(sorted[starts[$0]..<ends[$0]], of: sorted.count, floor) }
  }

  /// Cuts at the k − 1 widest gaps that leave enough values between them.
  private static func cutAtGaps(_ sorted: [Double], _ k: Int, _ floor: Double) -> [Component]? {
    let least = Int(leastValues)
    let widths: [Double] = zip(sorted.dropFirst(), sorted).map { $0 - $1 }
    // A gap is named by the value above it.
    let gaps: [Int] = widths.indices.sorted { widths[$0] > widths[$1] }.map { $0 + 1 }
    var places: [Int] = []
    for gap in gaps where places.count < k - 1 {
      let taken: [Int] = places + [0, sorted.count]
      if taken.allSatisfy({ abs($0 - gap) >= least }) { places.append(gap) }
    }
    return places.count == k - 1 ? cut(sorted, at: places.sorted(), floor) : nil
  }

  private static func cutAtShares(_ sorted: [Double], _ k: Int, _ floor: Double) -> [Component]? {
    let places = (1..<k).map { $0 * sorted.count / k }
    return cut(sorted, at: places, floor)
  }

  // MARK: - Expectation and maximisation

  private static func refined(
    _ start: [Component], _ values: [Double], _ floor: Double
  ) -> ([Component], Double) {
    var components = start
    var last = -Double.infinity
    for _ in 0..<300 {
      var sums = components.map { _ in (weight: 0.0, first: 0.0, second: 0.0) }
      var likelihood = 0.0
      for x in values {
        let logs = components.map { $0.logDensity(x) }
        let top = logs.max() ?? 0
        let total = logs.reduce(0) { $0 + exp($1 - top) }
        likelihood += top + log(total)
        for (k, value) in logs.enumerated() {
          let share = exp(value - top) / total
          let distance = x - components[k].mean
          sums[k].weight += share
          sums[k].first += share * distance
          sums[k].second += share * distance * distance
        }
      }
      if likelihood - last < 1e-8 * Double(values.count) { return (components, likelihood) }
      last = likelihood
      for (k, sum) in sums.enumerated() where sum.weight > 1e-9 {
        let shift = sum.first / sum.weight
        let variance = max(0, sum.second / sum.weight - shift * shift)
        components[k] = Component(
          weight: sum.weight / Double(values.count), mean: components[k].mean + shift,
          deviation: max(variance.squareRoot(), floor))
      }
    }
    return (components, last)
  }
}

extension GaussianMixture {
  /// Groups of components that leave a valley between them: what a reader of conductances can tell apart.
  ///
  /// Skewed states need several components and are one level.
  package var levels: [[Component]] {
    var groups: [[Component]] = []
    for component in components {
      if let last = groups.last, !isParted(last, component) {
        groups[groups.count - 1].append(component)
      } else {
        groups.append([component])
      }
    }
    return groups
  }

  /// The density between the groups' centres falls to less than this of the lower peak.
  private static let valley = 0.5

  private func isParted(_ group: [Component], _ next: Component) -> Bool {
    func density(_ x: Double) -> Double {
      components.reduce(0) { $0 + exp($1.logDensity(x)) }
    }
    guard let centre = group.max(by: { density($0.mean) < density($1.mean) }) else { return true }
    let lower = min(density(centre.mean), density(next.mean))
    return (1..<40).contains { step in
      let x = centre.mean + (next.mean - centre.mean) * Double(step) / 40
      return density(x) < Self.valley * lower
    }
  }

  /// The border between two neighbouring levels: where either is as likely.
  package func border(above level: Int) -> Double? {
    let groups = levels
    guard groups.indices.contains(level + 1), let low = groups[level].last,
      let high = groups[level + 1].first
    else { return nil }
    func difference(_ x: Double) -> Double {
      groups[level].reduce(0) { $0 + exp($1.logDensity(x)) }
        - groups[level + 1].reduce(0) { $0 + exp($1.logDensity(x)) }
    }
    var (a, b) = (low.mean, high.mean)
    for _ in 0..<60 {
      let middle = (a + b) / 2
      if difference(middle) > 0 { a = middle } else { b = middle }
    }
    return (a + b) / 2
  }
}
