import Foundation
import Mathematics

/// The families of distributions that are fitted.
package enum DistributionFamily: String, Sendable, CaseIterable {
  /// μ, σ.
  case normal
  /// μ, σ of ln x.
  case logNormal = "log-normal"
  /// Scale λ, shape k.
  case weibull
  /// Shape k, scale θ.
  case gamma
  /// Location μ, scale s.
  case logistic
  /// Location μ, scale σ, degrees of freedom ν.
  case studentT = "t"

  package var parameterNames: [String] {
    switch self {
    case .normal, .logNormal: ["mu", "sigma"]
    case .weibull: ["scale", "shape"]
    case .gamma: ["shape", "scale"]
    case .logistic: ["mu", "scale"]
    case .studentT: ["mu", "sigma", "freedom"]
    }
  }

  /// Whether every value must be positive.
  package var needsPositive: Bool { self == .logNormal || self == .weibull || self == .gamma }

  /// Which parameters are positive, and estimated through their logarithm.
  var isPositive: [Bool] {
    switch self {
    case .normal, .logNormal, .logistic: [false, true]
    case .weibull, .gamma: [true, true]
    case .studentT: [false, true, true]
    }
  }

  /// Parameters whose scale is no less than the grid that the values lie on.
  ///
  /// Equal values on a grid say nothing of a width below it, yet would let the likelihood grow without
  /// limit. Of Weibull and gamma, which have no scale of their own about the mode, it is the standard
  /// deviation for large shapes.
  ///
  /// - Parameter grid: in units of the values; 0 holds nothing.
  func held(_ p: [Double], to grid: Double) -> [Double] {
    guard grid > 0 else { return p }
    switch self {
    case .normal: return [p[0], max(p[1], grid)]
    // Of standard deviation π/√3 times the scale.
    case .logistic: return [p[0], max(p[1], grid * 3.squareRoot() / Double.pi)]
    case .logNormal: return [p[0], max(p[1], grid * exp(-p[0]))]
    case .studentT: return [p[0], max(p[1], grid), p[2]]
    case .weibull: return [p[0], min(p[1], max(1, 1.28 * p[0] / grid))]
    case .gamma:
      // Mean k·θ and standard deviation θ·√k.
      let most = max(1, pow(p[0] * p[1] / grid, 2))
      return p[0] > most ? [most, p[0] * p[1] / most] : p
    }
  }

  /// ln f(x).
  package func logDensity(_ x: Double, _ p: [Double]) -> Double {
    switch self {
    case .normal: Self.logNormalDensity(x, p[0], p[1])
    case .logNormal: Self.logNormalDensity(log(x), p[0], p[1]) - log(x)
    case .weibull:
      log(p[1] / p[0]) + (p[1] - 1) * log(x / p[0]) - pow(x / p[0], p[1])
    case .gamma: (p[0] - 1) * log(x) - x / p[1] - lgamma(p[0]) - p[0] * log(p[1])
    case .logistic:
      -abs((x - p[0]) / p[1]) - 2 * log1p(exp(-abs((x - p[0]) / p[1]))) - log(p[1])
    case .studentT:
      lgamma((p[2] + 1) / 2) - lgamma(p[2] / 2) - log(p[2] * Double.pi) / 2 - log(p[1])
        - (p[2] + 1) / 2 * log1p(pow((x - p[0]) / p[1], 2) / p[2])
    }
  }

  private static func logNormalDensity(_ x: Double, _ mu: Double, _ sigma: Double) -> Double {
    let z = (x - mu) / sigma
    return -z * z / 2 - log(sigma) - log(2 * Double.pi) / 2
  }

  /// Probability of a value below x.
  package func cumulative(_ x: Double, _ p: [Double]) -> Double {
    switch self {
    case .normal: Normal.cumulative((x - p[0]) / p[1])
    case .logNormal: x > 0 ? Normal.cumulative((log(x) - p[0]) / p[1]) : 0
    case .weibull: CumulativeFunctions.weibull(max(0, x), scale: p[0], shape: p[1])
    case .gamma: CumulativeFunctions.gamma(max(0, x), shape: p[0], scale: p[1])
    case .logistic: CumulativeFunctions.logistic(x - p[0], scale: p[1])
    case .studentT: CumulativeFunctions.studentT((x - p[0]) / p[1], freedom: p[2])
    }
  }

  /// The value below which a draw falls with probability q.
  package func quantile(_ q: Double, _ p: [Double]) -> Double {
    switch self {
    case .normal: p[0] + p[1] * Normal.quantile(q)
    case .logNormal: exp(p[0] + p[1] * Normal.quantile(q))
    case .weibull: CumulativeFunctions.weibullQuantile(q, scale: p[0], shape: p[1])
    case .gamma: CumulativeFunctions.gammaQuantile(q, shape: p[0], scale: p[1])
    case .logistic: p[0] + CumulativeFunctions.logisticQuantile(q, scale: p[1])
    case .studentT: p[0] + p[1] * CumulativeFunctions.studentTQuantile(q, freedom: p[2])
    }
  }
}
