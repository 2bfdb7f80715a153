import Foundation

/// Forms of the step in a run of equal pulses, in the share u of the range that is left:
/// du/dn = −rate·uⁿ.
public enum StepForm: String, Sendable, CaseIterable {
  /// n = 1: exponential saturation.
  case softBounds = "soft-bounds"
  /// n = 0.
  case linear = "linear-step"
  case power = "power-step"

  /// u after n pulses.
  static func share(_ start: Double, rate: Double, exponent: Double, pulses n: Double) -> Double {
    guard start > 0 else { return start }
    if abs(exponent - 1) < 1e-6 { return start * exp(-rate * n) }
    let inner = pow(start, 1 - exponent) - (1 - exponent) * rate * n
    // Below zero the bound is reached (n < 1); above, u falls for ever.
    return inner > 0 ? pow(inner, 1 / (1 - exponent)) : 0
  }
}
