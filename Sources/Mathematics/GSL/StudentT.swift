import CGSL

/// Student's t distribution, for means of small samples.
package enum StudentT {
  /// The probability of a draw below `t` with so many degrees of freedom (> 0).
  package static func cumulative(_ t: Double, degrees: Double) -> Double {
    _ = GSL.errorHandlerIsOff
    return gsl_cdf_tdist_P(t, degrees)
  }

  /// The probability of a draw further from zero than `t`, in either direction.
  ///
  /// The upper tail is computed as such, so that small probabilities keep their digits.
  package static func twoSidedTail(_ t: Double, degrees: Double) -> Double {
    _ = GSL.errorHandlerIsOff
    return min(1, 2 * gsl_cdf_tdist_Q(abs(t), degrees))
  }

  /// The t below which a draw falls with probability p in (0, 1).
  package static func quantile(_ p: Double, degrees: Double) -> Double {
    _ = GSL.errorHandlerIsOff
    return gsl_cdf_tdist_Pinv(p, degrees)
  }
}
