package import Devices
package import Failures
import NoiseSources

extension TrainingPlan {
  /// The source of training's latent vectors.
  func trainingNoise(device: DeviceModel) throws(Failure) -> any NoiseSource {
    try noise.source.latentSource(
      noiseConditions(device, purpose: "training"), encoding: noise.encoding)
  }

  /// The source of latent vectors of samples; it never stops: samples show what was trained.
  func sampleNoise(seed: UInt64, device: DeviceModel) throws(Failure) -> any NoiseSource {
    var conditions = noiseConditions(device, purpose: "samples/\(seed)")
    conditions.isForSamples = true
    conditions.keepsGoing = true
    return try noise.source.latentSource(conditions, encoding: noise.encoding)
  }

  private func noiseConditions(_ device: DeviceModel, purpose: String) -> NoiseConditions {
    var conditions = NoiseConditions(
      device: device, seed: seed, deviceSeed: deviceSeed, purpose: purpose)
    conditions.read = read
    conditions.tests = noise.tests
    conditions.keepsGoing = noise.keepsGoing
    return conditions
  }

  /// Checks that training's noise source exists, is allowed and has what it needs.
  ///
  /// - Throws: ``Failure``: `internal` for a source that is unfit by design and may not keep going,
  ///   `badData` when the device lacks what it needs, `noInput` for a recording that is not there.
  package func validateNoise(device: DeviceModel) throws(Failure) {
    _ = try trainingNoise(device: device)
  }
}
