import Failures
package import Files

extension RunConfiguration {
  /// Keys of earlier versions: files, study files and manifests of run folders may hold them.
  ///
  /// The only list of former names; a key that is renamed gets a line here.
  package static let formerKeys: [FormerKey] = [
    FormerKey("read", "curvature_tolerance", "nonlinearity_tolerance"),
    FormerKey("weights", "clip_S", "conductance_bounds_S"),
    FormerKey("weights", "zero_shift_turns", "zero_shift_pulse_pairs"),
    FormerKey("update", "method", "rule"),
    FormerKey(
      "update", "rule", "granularity", words: ["batch": "batch", "per-sample": "per-sample"]),
    FormerKey(
      "update", "selection", "sampling",
      words: ["random": "random", "proportional": "significance"]),
    FormerKey("update", "share_first", "update_probability_first"),
    FormerKey("update", "share_last", "update_probability_last"),
    FormerKey(
      "update", "discriminator_share_first", "discriminator_update_probability_first"),
    FormerKey("update", "discriminator_share_last", "discriminator_update_probability_last"),
    FormerKey("update", "generator_pace", "generator_update_ratio"),
  ]
}
