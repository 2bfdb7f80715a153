import Calibration
import DigitalNetworks
import Failures
import Files
import Networks
import Reports

/// Departures of the code published with Satyam, Nikam and Sahay 2021, arXiv:2111.14484.
extension Setting {
  static let asPublished: [Setting] = [
    choice(
      "as_published", "direction", \.plan.published.direction,
      "which way along the gradient pulses go"),
    number(
      "as_published", "weight_retention", \.plan.published.weightRetention, in: 0...1,
      "factor on trained weights per step that no pulse accounts for"),
    flag(
      "as_published", "one_pass", \.plan.published.onePass,
      "both networks learn from one pass, real images by the hidden units of fakes"),
    flag(
      "as_published", "freezes_output", \.plan.published.freezesOutput,
      "the discriminator's last layer is not trained"),
    flag(
      "as_published", "freezes_biases", \.plan.published.freezesBiases,
      "biases are not trained"),
    flag(
      "as_published", "freezes_edges", \.plan.published.freezesEdges,
      "the last input and the last output of a layer are not trained"),
    flag(
      "as_published", "resets_at_zero", \.plan.published.resetsAtZero,
      "a gradient of zero gives a RESET pulse"),
    flag(
      "as_published", "loses_signs", \.plan.published.losesSigns,
      "a positive single-device weight at the bottom of its window is negative from then on"),
    flag(
      "as_published", "single_precision", \.plan.published.singlePrecision,
      "with one_pass: probabilities of saturated logits are zero, and gradients with them"),
    Setting(
      section: "as_published", key: "rectifier_weights", kind: .flag,
      summary: "initial weights of variance 2 / fan-in, not 1 / fan-in",
      read: { configuration, table, key throws(Failure) in
        guard let isWide = try table.optionalBoolean(key) else { return }
        configuration.plan.initialWeights = isWide ? .rectifier : .normalized
      }, value: { .boolean($0.plan.initialWeights == .rectifier) }),
  ]
}

extension RunConfiguration {
  /// Takes over what a calibration says of the published procedure.
  mutating func adoptPublished(_ operation: ProgrammingOperation) {
    plan.published.direction = operation.direction == .ascent ? .ascent : .descent
    plan.published.weightRetention = operation.weightRetention
    guard plan.published.isInUse else { return }
    // The published code pulses whatever the size of the gradient.
    plan.program.sampling = .random
    plan.program.gradientThreshold = 0
  }
}
