import CGSL

/// GSL's Mersenne Twister with GSL's distributions: one sequence, for draws in order.
///
/// For what is drawn by position (devices, outputs, steps) use ``RandomStream``; this is the
/// reference against which noise sources are compared.
package final class GSLGenerator {
  private let generator: UnsafeMutablePointer<gsl_rng>?

  /// A generator in its initial state; `seed` may be 0.
  package init(seed: UInt32 = 1) {
    _ = GSL.errorHandlerIsOff
    generator = gsl_rng_alloc(cgsl_rng_mt19937())
    restart(seed: seed)
  }

  deinit { gsl_rng_free(generator) }

  /// Goes back to the state that belongs to a seed.
  package func restart(seed: UInt32) { gsl_rng_set(generator, UInt(seed)) }

  /// Fills with standard normal numbers (ziggurat, Marsaglia and Tsang 2000).
  package func fillGaussian(_ target: UnsafeMutableBufferPointer<Float>) {
    for index in 0..<target.count {
      target[index] = Float(gsl_ran_gaussian_ziggurat(generator, 1))
    }
  }

  /// Fills with numbers uniform between two bounds.
  package func fillUniform(_ target: UnsafeMutableBufferPointer<Float>, in bounds: (Double, Double))
  {
    for index in 0..<target.count {
      target[index] = Float(gsl_ran_flat(generator, bounds.0, bounds.1))
    }
  }

  /// The next raw 32-bit number.
  package func next() -> UInt32 { UInt32(truncatingIfNeeded: gsl_rng_get(generator)) }
}
