package import NoiseSources

/// The generator's noise: where it comes from and how much of it is used.
package struct NoisePlan: Equatable, Sendable {
  /// What draws the numbers or bits.
  package var source = NoiseSpecification.gaussian
  /// How bits become latent entries; sources that deliver numbers do not use it.
  package var encoding = LatentEncoding()
  /// Latent batches per step: 1 trains both networks on one, 2 draws a fresh one for the generator.
  package var latentsPerStep = 1
  /// Steps that a latent batch serves before the next is drawn.
  package var reuse = 1
  /// Continuous health tests of the bits.
  package var tests = HealthTests.standard
  /// Whether a run goes on with a source that fails its tests or is unfit by design.
  package var keepsGoing = false

  /// Gaussian numbers from software, a fresh batch per step.
  package init() {}
}
