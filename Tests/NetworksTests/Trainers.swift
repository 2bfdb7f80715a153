import Calibration
import Devices
import Mathematics
import Networks

/// Tiny networks, few images, and shorthand for training them.
enum Trainers {
  static func device(_ name: String = "nili2020") throws -> DeviceModel {
    try Calibration.load(name).device(interpolated: true)
  }

  /// Two networks of a few hundred weights, one epoch, pulses on every device.
  static func plan(
    _ backend: Backend = .crossbar, generator: [Int] = [6, 9, 20],
    discriminator: [Int] = [20, 7, 1],
    batch: Int = 4, adjust: (inout TrainingPlan) -> Void = { _ in }
  ) -> TrainingPlan {
    var plan = TrainingPlan()
    plan.backend = backend
    plan.networks.generator = NetworkDescription(generator)
    plan.networks.discriminator = NetworkDescription(discriminator)
    plan.batch = batch
    plan.epochs = 2
    plan.program.updateProbability = Schedule(first: 1, last: 1)
    plan.program.generatorUpdateRatio = 1
    plan.program.sampling = .random
    plan.program.gradientThreshold = 0
    plan.program.initial = .blind
    adjust(&plan)
    return plan
  }

  /// Random 8-bit images of the discriminator's input size.
  static func images(_ count: Int, for plan: TrainingPlan) -> [UInt8] {
    let stream = RandomStream(seed: 8, name: "images")
    return (0..<count * plan.networks.discriminator.input.units).map {
      UInt8(truncatingIfNeeded: stream.word(at: $0, substream: 0))
    }
  }

  static func make(_ plan: TrainingPlan, _ device: DeviceModel, workers: Int = 1) throws
    -> GANTrainer
  {
    try GANTrainer(plan: plan, device: device, workers: Workers(count: workers))
  }
}

extension GANTrainer {
  /// One epoch on random images that fill some batches.
  mutating func epoch(batches: Int = 1) throws -> EpochSummary? {
    try trainEpoch(pixels: Trainers.images(batches * plan.batch, for: plan)) { _ in true }
  }
}

extension TrainerState {
  /// The values of an array; empty when there is none.
  func values(_ name: String) -> [Float] {
    arrays.first { $0.name == name }?.values ?? []
  }

  /// The same state with some arrays replaced.
  func replacing(_ name: String, _ values: [Float]) -> TrainerState {
    var copy = self
    for index in arrays.indices where arrays[index].name == name {
      copy.arrays[index].values = values
    }
    return copy
  }

  var isFinite: Bool { arrays.allSatisfy { $0.values.allSatisfy(\.isFinite) } }
}
