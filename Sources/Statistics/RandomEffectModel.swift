/// Observations of a population of devices whose deviation from the mean is one number per device.
///
///     y = μ(θ) + z·w(θ) + ε,  z ~ N(0, 1) per device,  ε ~ N(0, σ²) per observation.
///
/// The marginal likelihood of a device's observations then has a covariance of rank one above a
/// diagonal, and everything a fit needs is a handful of sums per device (see ``RandomEffectFit``).
package protocol RandomEffectModel: Sendable {
  /// Number of parameters in all.
  var parameterCount: Int { get }
  /// Number of devices.
  var deviceCount: Int { get }
  /// Observations of a device.
  func observationCount(of device: Int) -> Int
  /// Most parameters that one observation depends on.
  var localParameterCount: Int { get }

  /// Prepares what all observations share, at a point.
  func prepared(_ parameters: [Double]) -> any RandomEffectEvaluation
}

/// A model at a point.
package protocol RandomEffectEvaluation: Sendable {
  /// One observation of a device.
  ///
  /// - Parameters:
  ///   - mean: receives ∂μ/∂θ for the parameters of its block.
  ///   - effect: receives ∂w/∂θ likewise.
  /// - Returns: nil for an observation that is set aside.
  func observation(
    _ index: Int, of device: Int, mean: UnsafeMutablePointer<Double>,
    effect: UnsafeMutablePointer<Double>
  ) -> RandomEffectObservation?
}

/// Value, prediction and place of one observation.
package struct RandomEffectObservation {
  /// y − μ.
  package var residual: Double
  /// w.
  package var effect: Double
  /// 1/σ².
  package var weight: Double
  /// The first of the parameters it depends on, and how many they are.
  package var firstParameter: Int
  package var parameters: Int

  package init(
    residual: Double, effect: Double, weight: Double, firstParameter: Int, parameters: Int
  ) {
    self.residual = residual
    self.effect = effect
    self.weight = weight
    self.firstParameter = firstParameter
    self.parameters = parameters
  }
}
