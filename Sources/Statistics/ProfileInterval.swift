package import Failures
import Foundation
package import Mathematics

/// A maximum of a likelihood with intervals from its profile.
///
/// The profile interval holds the values at which the likelihood, maximised over all other
/// parameters, stays within χ²₁(0.95)/2 = 1.92 of its maximum (Venzon and Moolgavkar 1988). Unlike a
/// standard error it is right where the likelihood is lopsided, as near separation.
package struct LikelihoodMaximum {
  /// Half the 95 % quantile of χ² with one degree of freedom.
  package static let drop = 1.920729

  /// The drop of an interval of a spread that is known from few degrees of freedom.
  ///
  /// Twice the drop of a variance's likelihood has a mean of ν(ln ν/2 − ψ(ν/2)) ≈ 1 + 1/(3ν) instead of
  /// 1 (Bartlett 1937).
  package static func drop(ofVarianceWith freedom: Double) -> Double {
    drop * (1 + 1 / (3 * freedom))
  }

  /// The drop of an interval of the mean of so many members whose spread is estimated as well.
  ///
  /// A normal sample's profile falls by ½ n ln(1 + t²/(n − 1)) at t standard errors from its mean.
  package static func drop(ofMeanOf members: Double) -> Double {
    let t = StudentT.quantile(0.975, degrees: members - 1)
    return members / 2 * log1p(t * t / (members - 1))
  }

  package let point: [Double]
  package let cost: Double
  private let steps: [Double]
  private let function: ([Double]) -> Double
  private let place: String

  /// Minimises −ln L.
  ///
  /// - Parameter steps: about the uncertainty of each coordinate.
  package init(
    from start: [Double], steps: [Double], at place: String,
    _ function: @escaping ([Double]) -> Double
  ) throws(Failure) {
    var point = try SimplexMinimum.find(from: start, steps: steps, at: place, function)
    // A second start guards against a collapsed simplex.
    point = try SimplexMinimum.find(from: point, steps: steps.map { $0 / 4 }, at: place, function)
    self.point = point
    cost = function(point)
    self.steps = steps
    self.function = function
    self.place = place
  }

  /// −ln L minimised over all coordinates but one.
  private func profile(_ index: Int, at value: Double, from start: [Double]) -> (Double, [Double]) {
    var full = start
    full[index] = value
    let others = point.indices.filter { $0 != index }
    guard !others.isEmpty else { return (function(full), full) }
    let fixed = full
    let best = try? SimplexMinimum.find(
      from: others.map { fixed[$0] }, steps: others.map { steps[$0] / 4 }, tolerance: 1e-3,
      at: place
    ) { part in
      var trial = fixed
      for (k, other) in others.enumerated() { trial[other] = part[k] }
      return function(trial)
    }
    for (k, other) in others.enumerated() { full[other] = best?[k] ?? full[other] }
    return (function(full), full)
  }

  /// Where the profile has fallen by ``drop`` on one side; infinite when it never does.
  private func bound(_ index: Int, towards sign: Double, drop: Double) -> Double {
    var inside = point
    var reach = standardStep(index)
    var outside: Double?
    for _ in 0..<12 {
      let value = point[index] + sign * reach
      let (found, full) = profile(index, at: value, from: inside)
      if found - cost > drop {
        outside = value
        break
      }
      inside = full
      reach *= 1.6
    }
    guard var outside else { return sign * .infinity }
    var low = inside[index]
    for _ in 0..<7 {
      let middle = (low + outside) / 2
      let (found, full) = profile(index, at: middle, from: inside)
      if found - cost > drop {
        outside = middle
      } else {
        low = middle
        inside = full
      }
    }
    return (low + outside) / 2
  }

  /// 1.5 standard errors of the other coordinates held fixed: a first step outwards.
  private func standardStep(_ index: Int) -> Double {
    let h = steps[index] / 20
    var (above, below) = (point, point)
    above[index] += h
    below[index] -= h
    let curvature = (function(above) - 2 * cost + function(below)) / (h * h)
    guard curvature.isFinite, curvature > 0 else { return steps[index] }
    return min(1.5 / curvature.squareRoot(), 4 * steps[index])
  }

  /// Correlations of the coordinates from the curvature at the maximum; a logarithm correlates as
  /// what it is of.
  package func correlations(_ names: [String]) -> [ParameterCorrelation] {
    let known = curvature
    return ParameterCorrelation.all(
      names, covariance: known.inverse, without: known.undetermined)
  }

  /// Information and its inverse by second differences over half a standard error.
  package var curvature: InformationMatrix {
    let n = point.count
    let h = (0..<n).map { standardStep($0) / 3 }
    var information = [Double](repeating: 0, count: n * n)
    func value(_ i: Int, _ a: Double, _ j: Int, _ b: Double) -> Double {
      var shifted = point
      shifted[i] += a * h[i]
      shifted[j] += b * h[j]
      return function(shifted)
    }
    for i in 0..<n {
      for j in 0...i {
        let mixed =
          value(i, 1, j, 1) - value(i, 1, j, -1) - value(i, -1, j, 1) + value(i, -1, j, -1)
        information[i * n + j] = mixed / (4 * h[i] * h[j])
        information[j * n + i] = information[i * n + j]
      }
    }
    return InformationMatrix(information, size: n)
  }

  /// The 95 % interval of a coordinate.
  ///
  /// - Parameter drop: by how much the profile falls at its ends.
  package func interval(_ index: Int, drop: Double = Self.drop) -> ClosedRange<Double> {
    bound(index, towards: -1, drop: drop)...bound(index, towards: 1, drop: drop)
  }
}

extension FittedParameter {
  /// A parameter from a profile; `isLogarithm` when the coordinate is its logarithm.
  package init(
    _ name: String, of maximum: LikelihoodMaximum, _ index: Int, unit: String,
    isLogarithm: Bool = false, drop: Double = LikelihoodMaximum.drop
  ) {
    let range = maximum.interval(index, drop: drop)
    let ends = [range.lowerBound, range.upperBound].map { isLogarithm ? exp($0) : $0 }
    let value = isLogarithm ? exp(maximum.point[index]) : maximum.point[index]
    self.init(
      name, value, unit: unit, standardError: (ends[1] - ends[0]) / 3.92,
      interval: ends[0]...ends[1])
  }
}
