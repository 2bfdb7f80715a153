import CGSL
import Foundation

/// Cumulative distribution functions and quantiles that GSL computes.
package enum CumulativeFunctions {
  package static func weibull(_ x: Double, scale: Double, shape: Double) -> Double {
    gsl_cdf_weibull_P(x, scale, shape)
  }
  package static func weibullQuantile(_ p: Double, scale: Double, shape: Double) -> Double {
    gsl_cdf_weibull_Pinv(p, scale, shape)
  }
  package static func gamma(_ x: Double, shape: Double, scale: Double) -> Double {
    _ = GSL.errorHandlerIsOff
    return gsl_cdf_gamma_P(x, shape, scale)
  }

  /// The value below which a share p of the gamma distribution lies.
  ///
  /// GSL 2.7.1 has no answer (NaN) at some shapes from 17,000 on. From a shape k of 5,000 on it is
  /// Wilson and Hilferty's k·θ·(1 − 1/9k + z/3√k)³ (1931), within 1e-6 of exact between
  /// p = 0.001 and 0.999; z is the normal quantile of p.
  package static func gammaQuantile(_ p: Double, shape: Double, scale: Double) -> Double {
    _ = GSL.errorHandlerIsOff
    guard shape >= 5000 else { return gsl_cdf_gamma_Pinv(p, shape, scale) }
    let root = 1 - 1 / (9 * shape) + gsl_cdf_ugaussian_Pinv(p) / (3 * shape.squareRoot())
    return shape * scale * root * root * root
  }

  package static func logistic(_ x: Double, scale: Double) -> Double {
    gsl_cdf_logistic_P(x, scale)
  }
  package static func logisticQuantile(_ p: Double, scale: Double) -> Double {
    gsl_cdf_logistic_Pinv(p, scale)
  }
  package static func studentT(_ x: Double, freedom: Double) -> Double {
    _ = GSL.errorHandlerIsOff
    return gsl_cdf_tdist_P(x, freedom)
  }
  package static func studentTQuantile(_ p: Double, freedom: Double) -> Double {
    _ = GSL.errorHandlerIsOff
    return gsl_cdf_tdist_Pinv(p, freedom)
  }
}
