public import Crossbars

/// Where a running epoch stands.
public struct StepProgress: Equatable, Sendable {
  /// Steps done in this epoch and in the whole of it.
  public var step: Int
  public var steps: Int
  public var generatorLoss: Double
  public var discriminatorLoss: Double

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

  public init() {}
}

/// The complete changing state of a trainer, as named arrays: what a checkpoint holds.
///
/// What follows from the plan and its seeds (frozen variation, random streams) is not part of it.
public struct TrainerState: Equatable, Sendable {
  /// Epochs completed.
  public var epoch: Int
  public var arrays: [NamedArray]

  public init(epoch: Int, arrays: [NamedArray]) {
    self.epoch = epoch
    self.arrays = arrays
  }

  /// One array of the state.
  public struct NamedArray: Equatable, Sendable {
    public var name: String
    public var shape: [Int]
    public var values: [Float]

    public init(name: String, shape: [Int], values: [Float]) {
      self.name = name
      self.shape = shape
      self.values = values
    }
  }
}
