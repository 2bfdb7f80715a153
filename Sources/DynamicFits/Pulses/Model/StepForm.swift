import Foundation

/// Forms of the step in a run of equal pulses, in the share u of the range that is left:
/// du/dn = −rate·uⁿ, or a line from node to node.
package enum StepForm: String, Sendable, CaseIterable {
  /// n = 1: exponential saturation.
  case softBounds = "soft-bounds"
  /// n = 0.
  case linear = "linear-step"
  case power = "power-step"
  /// Steps at nodes of the conductance, linear between them.
  case piecewise = "piecewise-step"

  /// Parameters of a device's two curves.
  var parameterCount: Int {
    switch self {
    case .softBounds, .linear: 6
    case .power: 8
    case .piecewise: 2 + 2 * PiecewiseWalk.nodeCount
    }
  }

  /// u after n pulses.
  package static func share(
    _ start: Double, rate: Double, exponent: Double, pulses n: Double
  ) -> Double {
    guard start > 0 else { return start }
    // u₀·(1 − e·rate·n·u₀^−e)^(1/e) with e = 1 − n; smooth through e = 0, the exponential.
    let rest = 1 - exponent
    if abs(rest) < 1e-12 { return start * exp(-rate * n) }
    let inner = rest * rate * n * pow(start, -rest)
    // At one the bound is reached (n < 1); beyond n = 1, u falls for ever.
    return inner < 1 ? start * exp(log1p(-inner) / rest) : 0
  }
}
