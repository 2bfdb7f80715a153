import CGSL

/// The standard normal distribution.
package enum Normal {
  /// Φ(x), the probability of a draw below x.
  package static func cumulative(_ x: Double) -> Double {
    _ = GSL.errorHandlerIsOff
    return gsl_cdf_ugaussian_P(x)
  }

  /// Φ⁻¹(p) for p in (0, 1).
  package static func quantile(_ p: Double) -> Double {
    _ = GSL.errorHandlerIsOff
    return gsl_cdf_ugaussian_Pinv(p)
  }

  /// Independent standard normal numbers by inversion, one draw per element: for what is drawn once.
  ///
  /// Element i depends on (stream, substream, i) alone.
  package static func draws(
    _ count: Int, from stream: RandomStream, substream: UInt64 = 0
  ) -> [Double] {
    (0..<count).map { quantile(stream.preciseUniform(at: $0, substream: substream)) }
  }
}
