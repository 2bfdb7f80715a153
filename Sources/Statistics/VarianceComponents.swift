package import Failures
import Foundation
import Mathematics

/// Spread between groups and within them, from one or more values per group, as far as the number of
/// groups and of values per group determines it.
///
/// Values are μ + a_group + e with a ~ N(0, between²) and e ~ N(0, within²); restricted maximum
/// likelihood (Patterson and Thompson 1971), so that few groups do not bias the spread between them.
/// The mean has the degrees of freedom that the groups allow (Satterthwaite 1946): few groups with
/// many values each know it no better than their own scatter.
package struct VarianceComponents {
  package private(set) var mean: FittedParameter
  /// nil below three groups, or without a group of two values.
  package private(set) var between: FittedParameter?
  /// nil where every group has one value.
  package private(set) var within: FittedParameter?
  /// Of all values; nil where the parts are known.
  package private(set) var total: FittedParameter?
  /// Of the two spreads; the mean is independent of both.
  package private(set) var correlations: [ParameterCorrelation] = []
  /// Standard deviation of the groups' means, which holds a share of the spread within them.
  package let deviationOfMeans: Double
  /// What the values do not determine, and why, as a note says it.
  package private(set) var undetermined: [String] = []

  /// Groups from which on a spread between them is fitted.
  package static let fewestGroups = 3

  /// Standard deviation of all values: of the parts where they are known.
  package var totalSpread: Double {
    if let total { return total.value }
    return hypot(between?.value ?? .nan, within?.value ?? .nan)
  }

  /// - Parameters:
  ///   - groups: values of each device, none of them empty.
  ///   - resolution: step between neighbouring values that the measurement tells apart; 0 takes that of
  ///     the values.
  /// - Throws: ``Failure`` of kind `badData` for fewer than two values.
  package init(
    _ groups: [[Double]], unit: String, resolution: Double = 0, at place: String
  ) throws(Failure) {
    let count = groups.reduce(0) { $0 + $1.count }
    guard count >= 2 else {
      throw Failure(
        .badData, at: place, "one value determines no spread",
        remedy: "measure again, or more devices")
    }
    let sums = GroupSums(groups, resolution: resolution)
    deviationOfMeans = sums.deviationOfMeans
    let repeated = count > groups.count
    if repeated, groups.count >= Self.fewestGroups {
      let fit = sums.mean(unit: unit)
      mean = fit
      try fitParts(sums, unit: unit, at: place)
    } else if repeated {
      let freedom = Double(count - groups.count)
      let pooled = (sums.squares / freedom).squareRoot()
      within = FittedParameter("cycle_spread", ofDeviation: pooled, freedom: freedom, unit: unit)
      mean = sums.meanOfFew(unit: unit, within: pooled)
      undetermined.append(
        groups.count == 1
          ? "one device: the mean is its own, and the spread between devices is not determined"
            + " (three devices are needed)"
          : "two devices: the spread between devices is not determined (three are needed), and the"
            + " mean hardly")
    } else {
      let freedom = Double(count - 1)
      mean = FittedParameter(
        "mean", sums.centre, unit: unit,
        standardError: sums.deviationOfMeans / Double(count).squareRoot(),
        quantile: StudentT.quantile(0.975, degrees: freedom))
      total = FittedParameter(
        "total_spread", ofDeviation: sums.deviationOfMeans, freedom: freedom, unit: unit)
      undetermined.append(
        "one value per device: how the spread divides between devices and cycles is not determined")
    }
    if sums.isUnresolved { holdToResolution(sums.grid, unit: unit) }
  }

  /// Values that are equal to within their resolution bound a spread, and know a mean to their step.
  private mutating func holdToResolution(_ grid: Double, unit: String) {
    func bound(_ name: String) -> FittedParameter {
      FittedParameter(name, grid, unit: unit, standardError: grid / 3.92, interval: 0...grid)
    }
    if within != nil { within = bound("cycle_spread") }
    if total != nil { total = bound("total_spread") }
    let ends = (mean.interval.lowerBound, mean.interval.upperBound)
    mean.interval = min(ends.0, mean.value - grid)...max(ends.1, mean.value + grid)
    undetermined.append(
      grid > 0
        ? String(
          format:
            "the values are equal to within their step of %.3g \(unit), which bounds the spread",
          grid)
        : "all values are equal: the spread is below their resolution, which they do not show")
  }

  private mutating func fitParts(_ sums: GroupSums, unit: String, at place: String) throws(Failure)
  {
    let maximum = try LikelihoodMaximum(
      from: sums.start, steps: [0.3, 0.1], at: place
    ) { sums.restrictedCost($0) }
    let freedom = (Double(sums.sizes.count - 1), sums.freedom)
    between = FittedParameter(
      "device_spread", of: maximum, 0, unit: unit, isLogarithm: true,
      drop: LikelihoodMaximum.drop(ofVarianceWith: freedom.0))
    within = FittedParameter(
      "cycle_spread", of: maximum, 1, unit: unit, isLogarithm: true,
      drop: LikelihoodMaximum.drop(ofVarianceWith: freedom.1))
    correlations = maximum.correlations(["device_spread", "cycle_spread"])
  }
}

/// What a random-effect model needs of grouped values.
private struct GroupSums {
  let sizes: [Double]
  let means: [Double]
  /// Squares about the groups' means, no less than the resolution leaves.
  let squares: Double
  /// Degrees of freedom within groups.
  let freedom: Double
  let centre: Double
  let deviationOfMeans: Double
  /// Whether the values within groups are equal to within the resolution.
  let isUnresolved: Bool
  /// The resolution that was given, or that of the values; 0 where they do not show any.
  let grid: Double

  init(_ groups: [[Double]], resolution: Double) {
    sizes = groups.map { Double($0.count) }
    let means = groups.map { $0.reduce(0, +) / Double($0.count) }
    self.means = means
    let bare = zip(groups, means).reduce(0) { sum, pair in
      sum + pair.0.reduce(0) { $0 + ($1 - pair.1) * ($1 - pair.1) }
    }
    freedom = sizes.reduce(0, +) - Double(groups.count)
    let centre = means.reduce(0, +) / Double(means.count)
    self.centre = centre
    let grid = resolution > 0 ? resolution : ValueGrid(groups.flatMap { $0 }).width
    self.grid = grid
    // What rounding to a grid leaves of equal values.
    let least = max(grid * grid / 12, centre * centre * 1e-24)
    let scatter =
      means.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(max(1, means.count - 1))
    isUnresolved = freedom > 0 ? bare < freedom * least : scatter < least
    squares = max(bare, freedom * least)
    deviationOfMeans = freedom > 0 ? scatter.squareRoot() : max(scatter, least).squareRoot()
  }

  private var pooled: Double { (squares / freedom).squareRoot() }

  /// Logarithms of both spreads.
  var start: [Double] { [log(max(deviationOfMeans, pooled / 10)), log(pooled)] }

  /// −ln of the restricted likelihood at the logarithms of both spreads.
  func restrictedCost(_ point: [Double]) -> Double {
    let (b, w) = (exp(2 * point[0]), exp(2 * point[1]))
    let weights = sizes.map { 1 / (b + w / $0) }
    let total = weights.reduce(0, +)
    let mean = zip(weights, means).reduce(0) { $0 + $1.0 * $1.1 } / total
    var sum = freedom * point[1] + squares / (2 * w) + log(total) / 2
    for k in means.indices {
      sum += weights[k] * (means[k] - mean) * (means[k] - mean) / 2 - log(weights[k]) / 2
    }
    return sum
  }

  /// The mean of three groups or more.
  ///
  /// Its variance is that of a model whose spread between groups may come out below zero, as the
  /// classical analysis of variance has it: a spread that is held at zero by chance would promise
  /// too much of the mean.
  func mean(unit: String) -> FittedParameter {
    let most = sizes.max() ?? 1
    /// Of the logarithm of between²/within² + 1/n of the largest group.
    func solution(_ logarithm: Double) -> (cost: Double, within: Double, variances: [Double]) {
      let ratio = exp(logarithm) - 1 / most
      let shares = sizes.map { ratio + 1 / $0 }
      let total = shares.reduce(0) { $0 + 1 / $1 }
      let mean = zip(shares, means).reduce(0) { $0 + $1.1 / $1.0 } / total
      let sum = squares + zip(shares, means).reduce(0) { $0 + ($1.1 - mean) * ($1.1 - mean) / $1.0 }
      let count = sizes.reduce(0, +)
      let within = sum / (count - 1)
      let cost = (count - 1) * log(within) + shares.reduce(0) { $0 + log($1) } + log(total)
      return (cost, within, shares.map { within * $0 })
    }
    let best = Self.minimum(from: -25, to: 60) { solution($0).cost }
    let found = solution(best)
    let weights = found.variances.map { 1 / $0 }
    let total = weights.reduce(0, +)
    return FittedParameter(
      "mean", zip(weights, means).reduce(0) { $0 + $1.0 * $1.1 } / total, unit: unit,
      standardError: 1 / total.squareRoot(),
      quantile: StudentT.quantile(
        0.975, degrees: satterthwaite(weights, total, within: found.within)))
  }

  /// Degrees of freedom of the variance of the mean, 1/Σw, from the information on both spreads.
  private func satterthwaite(_ weights: [Double], _ total: Double, within: Double) -> Double {
    /// Of diagonal matrices: ½ tr(P·A·P·B), P = W − W·1·1ᵀ·W/Σw.
    func information(_ a: [Double], _ b: [Double]) -> Double {
      var (square, cube, first, second) = (0.0, 0.0, 0.0, 0.0)
      for k in weights.indices {
        let w = weights[k]
        square += w * w * a[k] * b[k]
        cube += w * w * w * a[k] * b[k]
        first += w * w * a[k]
        second += w * w * b[k]
      }
      return (square - 2 * cube / total + first * second / (total * total)) / 2
    }
    let (ones, inverse) = (sizes.map { _ in 1.0 }, sizes.map { 1 / $0 })
    let (bb, bw) = (information(ones, ones), information(ones, inverse))
    let ww = information(inverse, inverse) + freedom / (2 * within * within)
    let determinant = bb * ww - bw * bw
    let gradient = [ones, inverse].map { part in
      zip(weights, part).reduce(0) { $0 + $1.0 * $1.0 * $1.1 } / (total * total)
    }
    let variance =
      (gradient[0] * gradient[0] * ww - 2 * gradient[0] * gradient[1] * bw
        + gradient[1] * gradient[1] * bb) / determinant
    let found = 2 / (total * total * variance)
    let limits = (1.0, max(1, sizes.reduce(0, +) - 1))
    return found.isFinite ? min(max(found, limits.0), limits.1) : Double(sizes.count - 1)
  }

  /// The mean of one group or two, each with repeated values.
  func meanOfFew(unit: String, within: Double) -> FittedParameter {
    guard means.count > 1 else {
      return FittedParameter(
        "mean", means[0], unit: unit, standardError: within / sizes[0].squareRoot(),
        quantile: StudentT.quantile(0.975, degrees: freedom))
    }
    // Equal means by chance say no more of other devices than the values of each allow.
    let own = within * within * sizes.reduce(0) { $0 + 1 / $1 } / Double(means.count)
    let variance = max(deviationOfMeans * deviationOfMeans, own) / Double(means.count)
    return FittedParameter(
      "mean", centre, unit: unit, standardError: variance.squareRoot(),
      quantile: StudentT.quantile(0.975, degrees: Double(means.count - 1)))
  }

  /// The place of the least of a function of one variable: a coarse search, then golden sections.
  private static func minimum(
    from low: Double, to high: Double, _ function: (Double) -> Double
  ) -> Double {
    let steps = 170
    let width = (high - low) / Double(steps)
    let values = (0...steps).map { function(low + width * Double($0)) }
    let best = values.indices.min { values[$0] < values[$1] } ?? 0
    var (a, b) = (low + width * Double(best - 1), low + width * Double(best + 1))
    let golden = (5.0.squareRoot() - 1) / 2
    for _ in 0..<50 {
      let (left, right) = (b - golden * (b - a), a + golden * (b - a))
      if function(left) < function(right) { b = right } else { a = left }
    }
    return (a + b) / 2
  }
}
