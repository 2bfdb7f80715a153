import Crossbars
import Failures

extension TrainingPlan {
  /// Checks that the published procedure is asked for where it makes sense.
  ///
  /// - Throws: ``Failure`` of kind `usage` that names the configuration key.
  func validatePublished() throws(Failure) {
    guard backend == .crossbar, published.isInUse else { return }
    func require(_ holds: Bool, _ key: String, _ cause: String) throws(Failure) {
      guard holds else { throw Failure(.usage, at: key, cause) }
    }
    try require(
      networks.generator.sizes != nil && networks.discriminator.sizes != nil, "networks",
      "must be of dense layers with the departures of [as_published]")
    try require(
      program.rule == .manhattan, "update.rule",
      "must be sign-only with the departures of [as_published]")
    try require(
      program.granularity == .batch, "update.granularity",
      "must be \"batch\" with the departures of [as_published]")
    try require(
      !published.resetsAtZero || everyDeviceHasAGradient,
      "as_published.resets_at_zero",
      "needs update.update_probability_first, update_probability_last and"
        + " generator_update_ratio of 1: a device left out has no"
        + " gradient")
    try require(
      program.sampling == .random, "update.sampling",
      "must be \"random\" with a published procedure, which pulses whatever the gradient's size")
    try require(
      !published.onePass || networks.discriminator.layers.count == 2, "as_published.one_pass",
      "needs a discriminator of two layers")
    try require(
      !published.onePass || noise.latentsPerStep == 1, "as_published.one_pass",
      "trains both networks on one latent batch: noise.latents must be 1")
    try require(
      !published.losesSigns || program.pairing == .singleWithSign, "as_published.loses_signs",
      "needs weights.pairing \"single\"")
  }

  /// Whether every step takes the sign of one batch's gradient for every device.
  private var everyDeviceHasAGradient: Bool {
    let all = Schedule(first: 1, last: 1)
    return program.updateProbability == all
      && (program.discriminatorUpdateProbability ?? all) == all
      && program.generatorUpdateRatio == 1
      && program.gradientThreshold == 0 && program.sampling == .random
  }
}
