package import ArrayOperations
package import Crossbars

/// Where a running epoch stands.
package struct StepProgress: Equatable, Sendable {
  /// Steps done in this epoch.
  package var step: Int
  /// Steps of the whole epoch.
  package var steps: Int
  /// −ln D(G(z)) of this step, mean over its samples.
  package var generatorLoss: Double
  /// −ln D(x) − ln(1 − D(G(z))) of this step, means over its samples.
  package var discriminatorLoss: Double

  /// Progress after a step, counted from 1, with the losses of that step.
  package init(step: Int, steps: Int, generatorLoss: Double, discriminatorLoss: Double) {
    self.step = step
    self.steps = steps
    self.generatorLoss = generatorLoss
    self.discriminatorLoss = discriminatorLoss
  }
}

/// What an epoch of training did; means over its steps.
package struct EpochSummary: Equatable, Sendable {
  /// −ln D(G(z)), the non-saturating loss.
  package var generatorLoss = 0.0
  /// −ln D(x) − ln(1 − D(G(z))).
  package var discriminatorLoss = 0.0
  /// Mean D(x).
  package var realProbability = 0.0
  /// Mean D(G(z)) in the discriminator's step.
  package var fakeProbability = 0.0
  /// Real images shown.
  package var images = 0
  /// Spent in this epoch.
  package var ledger = EnergyLedger()
  /// Tiles whose wires were solved in this epoch, those at its end excluded.
  package var solvedTiles = 0
  /// What the wires take, and how well training knew it at the epoch's end; empty without wires.
  package var wires = WireErrors()

  /// How gradients compare with digital ones, where that was asked for.
  package var gradients = GradientAgreement()

  /// An epoch before its first step.
  package init() {}
}

/// The complete changing state of a trainer, as named arrays: what a checkpoint holds.
///
/// What follows from the plan and its seeds (frozen variation, random streams) is not part of it.
package struct TrainerState: Equatable, Sendable {
  /// Epochs completed.
  package var epoch: Int
  /// Conductances of crossbars, or weights and moments of the digital twin, layer by layer.
  package var arrays: [NamedArray]

  /// The state after some epochs.
  package init(epoch: Int, arrays: [NamedArray]) {
    self.epoch = epoch
    self.arrays = arrays
  }

  /// One array of the state.
  package struct NamedArray: Equatable, Sendable {
    /// Layer and quantity, such as `generator.0.plus`; unique within a state.
    package var name: String
    /// Extent of each dimension.
    package var shape: [Int]
    /// Row-major elements, as many as the product of ``shape``.
    package var values: [Float]

    /// An array of as many values as its shape holds.
    package init(name: String, shape: [Int], values: [Float]) {
      self.name = name
      self.shape = shape
      self.values = values
    }
  }
}
