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
  package static func gammaQuantile(_ p: Double, shape: Double, scale: Double) -> Double {
    _ = GSL.errorHandlerIsOff
    return gsl_cdf_gamma_Pinv(p, shape, scale)
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
