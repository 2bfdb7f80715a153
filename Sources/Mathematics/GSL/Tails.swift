import CGSL

/// Tail probabilities of the distributions that tests of randomness refer to.
package enum Tails {
  /// P(X > x) of the χ² distribution with a number of degrees of freedom.
  package static func chiSquared(_ x: Double, degrees: Double) -> Double {
    _ = GSL.errorHandlerIsOff
    return gsl_cdf_chisq_Q(x, degrees)
  }

  /// P(|X| > |x|) of the standard normal distribution.
  package static func normalTwoSided(_ x: Double) -> Double {
    _ = GSL.errorHandlerIsOff
    return min(1, 2 * gsl_cdf_ugaussian_Q(abs(x)))
  }

  /// P(X ≥ count) of the binomial distribution: `trials` draws of probability p.
  package static func binomial(atLeast count: Int, probability p: Double, trials: Int) -> Double {
    _ = GSL.errorHandlerIsOff
    guard count > 0 else { return 1 }
    return gsl_cdf_binomial_Q(UInt32(clamping: count - 1), p, UInt32(clamping: trials))
  }

  /// P(X ≥ count) of the Poisson distribution with a mean.
  package static func poisson(atLeast count: Int, mean: Double) -> Double {
    _ = GSL.errorHandlerIsOff
    guard count > 0 else { return 1 }
    return gsl_cdf_poisson_Q(UInt32(clamping: count - 1), mean)
  }
}
