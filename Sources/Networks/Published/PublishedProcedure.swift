import Mathematics

/// What the code published with Satyam, Nikam and Sahay 2021 does otherwise than training is meant.
///
/// arXiv:2111.14484; repository memGAN, notebook `GAN_7_7.ipynb`, commit cf6a00f. Every departure is
/// a switch of its own, so that each can be corrected alone; the defaults depart in nothing.
package struct PublishedProcedure: Equatable, Sendable {
  /// Which way along the gradient pulses go.
  package var direction = GradientDirection.descent
  /// Factor on every trained weight per step, without a pulse and without energy; 1 keeps them.
  package var weightRetention = 1.0
  /// Both networks learn from one pass through the discriminator: the fakes' hidden units stand in
  /// for those of real images, rectifiers of fakes pass nothing back below zero in the
  /// discriminator's own update, logarithms have 10⁻⁸ added to their argument, and the generator's
  /// errors go back through the discriminator as it is after its update.
  package var onePass = false
  /// The discriminator's last layer is not trained.
  package var freezesOutput = false
  /// Biases are not trained.
  package var freezesBiases = false
  /// The last word line and the last output of every layer are not trained.
  package var freezesEdges = false
  /// A gradient of exactly zero gives a RESET pulse.
  package var resetsAtZero = false
  /// A positive single-device weight that has reached the bottom of the window is negative from
  /// then on; negative ones stay negative.
  package var losesSigns = false
  /// Probabilities of the one pass in single precision.
  ///
  /// Those of saturated logits are then zero and with them the gradients. The notebook computes in
  /// double precision.
  package var singlePrecision = false

  /// No departure.
  package init() {}

  /// Whether training departs in anything.
  package var isInUse: Bool { self != PublishedProcedure() }

  /// How the array of a layer learns; nil leaves it to the plan's update rule.
  func rule(
    of role: LayerRole, in plan: TrainingPlan
  ) -> ((ProgrammedArray, RandomStream) -> any WeightUpdate)? {
    guard isInUse else { return nil }
    let output = LayerRole(.discriminator, plan.networks.discriminator.layers.count - 1)
    return { PublishedUpdate(self, isFrozen: freezesOutput && role == output, $0, $1) }
  }

  /// The networks as they learn by the procedure.
  func engine<Layer>(_ networks: AdversarialTraining<Layer>) -> any AdversarialEngine {
    if onePass { PublishedTraining(networks, self) } else { networks }
  }
}

/// Which way along the gradient pulses go.
package enum GradientDirection: String, Sendable, CaseIterable {
  case descent
  /// Up the loss of both networks: adversarial training with the labels of real and fake swapped.
  case ascent
}
