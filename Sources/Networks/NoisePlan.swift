public import NoiseSources

/// The generator's noise: where it comes from and how much of it is used.
public struct NoisePlan: Equatable, Sendable {
  public var source = NoiseSpecification.gaussian
  /// How bits become latent entries; sources that deliver numbers do not use it.
  public var encoding = LatentEncoding()
  /// Latent batches per step: 1 trains both networks on one, 2 draws a fresh one for the generator.
  public var latentsPerStep = 1
  /// Steps that a latent batch serves before the next is drawn.
  public var reuse = 1
  /// Continuous health tests of the bits.
  public var tests = HealthTests.standard
  /// Whether a run goes on with a source that fails its tests or is unfit by design.
  public var keepsGoing = false

  public init() {}
}
