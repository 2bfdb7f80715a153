import Foundation
import Mathematics

/// How the probability of switching rises with the amplitude.
///
/// m is the median threshold, s the scale; both in volts.
package enum SwitchingForm: String, Sendable, CaseIterable {
  /// P = Φ((V − m)/s): what the noise source uses.
  case probit
  /// P = 1/(1 + exp(−(V − m)/s)).
  case logistic
  /// P = 1 − exp(−ln 2 · (V/m)^(m/s)).
  case weibull
  /// P = 1 − exp(−t/τ), τ ∝ exp(−V/s): a rate that grows exponentially with the voltage. The median
  /// falls by s · ln 10 per decade of width.
  case exponential

  /// ln P and ln(1 − P).
  func logarithms(voltage: Double, median: Double, scale: Double) -> (yes: Double, no: Double) {
    let x = (voltage - median) / scale
    switch self {
    case .probit:
      return (
        log(max(Normal.cumulative(x), 1e-300)), log(max(Normal.cumulative(-x), 1e-300))
      )
    case .logistic:
      return (-Self.softPlus(-x), -Self.softPlus(x))
    case .weibull:
      guard median > 0, voltage > 0 else { return (-690, 0) }
      return Self.hazard(M_LN2 * exp(min(600, median / scale * log(voltage / median))))
    case .exponential:
      return Self.hazard(M_LN2 * exp(min(600, x)))
    }
  }

  private static func hazard(_ value: Double) -> (yes: Double, no: Double) {
    (log(max(-expm1(-value), 1e-300)), -value)
  }

  private static func softPlus(_ x: Double) -> Double {
    x > 30 ? x : log1p(exp(x))
  }
}
