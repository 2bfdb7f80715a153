import Networks

/// Departures of the code published with Satyam, Nikam and Sahay 2021, arXiv:2111.14484.
extension Setting {
  static let asPublished: [Setting] = [
    choice(
      "as_published", "direction", \.plan.program.published.direction,
      "which way along the gradient pulses go"),
    number(
      "as_published", "weight_retention", \.plan.program.published.weightRetention, in: 0...1,
      "factor on trained weights per step that no pulse accounts for"),
    flag(
      "as_published", "one_pass", \.plan.program.published.onePass,
      "both networks learn from one pass, real images by the hidden units of fakes"),
    flag(
      "as_published", "freezes_output", \.plan.program.published.freezesOutput,
      "the discriminator's last layer is not trained"),
    flag(
      "as_published", "freezes_biases", \.plan.program.published.freezesBiases,
      "biases are not trained"),
    flag(
      "as_published", "freezes_edges", \.plan.program.published.freezesEdges,
      "the last input and the last output of a layer are not trained"),
    flag(
      "as_published", "resets_at_zero", \.plan.program.published.resetsAtZero,
      "a gradient of zero gives a RESET pulse"),
    flag(
      "as_published", "loses_signs", \.plan.program.published.losesSigns,
      "a positive single-device weight at the bottom of its window is negative from then on"),
    flag(
      "as_published", "single_precision", \.plan.program.published.singlePrecision,
      "with one_pass: probabilities of saturated logits are zero, and gradients with them"),
    flag(
      "as_published", "rectifier_weights", \.plan.program.published.rectifierWeights,
      "initial weights of variance 2 / fan-in, not 1 / fan-in"),
  ]
}
