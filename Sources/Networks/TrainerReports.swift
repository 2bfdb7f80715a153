public import Crossbars

/// Where a running epoch stands.
public struct StepProgress: Equatable, Sendable {
  /// Steps done in this epoch.
  public var step: Int
  /// Steps of the whole epoch.
  public var steps: Int
  /// −ln D(G(z)) of this step, mean over its samples.
  public var generatorLoss: Double
  /// −ln D(x) − ln(1 − D(G(z))) of this step, means over its samples.
  public var discriminatorLoss: Double

  /// Progress after a step, counted from 1, with the losses of that step.
  public init(step: Int, steps: Int, generatorLoss: Double, discriminatorLoss: Double) {
    self.step = step
    self.steps = steps
    self.generatorLoss = generatorLoss
    self.discriminatorLoss = discriminatorLoss
  }
}

/// What an epoch of training did; means over its steps.
public struct EpochSummary: Equatable, Sendable {
  /// −ln D(G(z)), the non-saturating loss.
  public var generatorLoss = 0.0
  /// −ln D(x) − ln(1 − D(G(z))).
  public var discriminatorLoss = 0.0
  /// Mean D(x).
  public var realProbability = 0.0
  /// Mean D(G(z)) in the discriminator's step.
  public var fakeProbability = 0.0
  /// Real images shown.
  public var images = 0
  /// Spent in this epoch.
  public var ledger = EnergyLedger()
  /// Tiles whose wires were solved in this epoch, those at its end excluded.
  public var solvedTiles = 0
  /// What the wires take, and how well training knew it at the epoch's end; empty without wires.
  public var wires = WireErrors()

  /// How gradients compare with digital ones, where that was asked for.
  public var gradients = GradientAgreement()

  /// An epoch before its first step.
  public init() {}
}

/// The complete changing state of a trainer, as named arrays: what a checkpoint holds.
///
/// What follows from the plan and its seeds (frozen variation, random streams) is not part of it.
public struct TrainerState: Equatable, Sendable {
  /// Epochs completed.
  public var epoch: Int
  /// Conductances of crossbars, or weights and moments of the digital twin, layer by layer.
  public var arrays: [NamedArray]

  /// The state after some epochs.
  public init(epoch: Int, arrays: [NamedArray]) {
    self.epoch = epoch
    self.arrays = arrays
  }

  /// One array of the state.
  public struct NamedArray: Equatable, Sendable {
    /// Layer and quantity, such as `generator.0.plus`; unique within a state.
    public var name: String
    /// Extent of each dimension.
    public var shape: [Int]
    /// Row-major elements, as many as the product of ``shape``.
    public var values: [Float]

    /// An array of as many values as its shape holds.
    public init(name: String, shape: [Int], values: [Float]) {
      self.name = name
      self.shape = shape
      self.values = values
    }
  }
}
