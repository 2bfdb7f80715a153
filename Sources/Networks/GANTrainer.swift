package import ArrayOperations
import Crossbars
package import Devices
import DigitalNetworks
package import Failures
package import Mathematics
package import NoiseSources

/// Trains a generative adversarial network by a plan, epoch by epoch.
///
/// The state after an epoch is a function of plan, device, data and the state before it: a trainer
/// restored from a checkpoint continues with the same bits, on any number of workers.
package struct GANTrainer {
  /// What is trained, as given; valid by ``TrainingPlan/validate()``.
  package let plan: TrainingPlan
  /// Epochs done so far, restored ones included.
  package private(set) var completedEpochs = 0
  /// What writing the initial weights cost; nothing for the digital twin.
  package let initialLedger: EnergyLedger
  let workers: Workers
  let device: DeviceModel
  /// What arrays are made of under the conditions of the first epoch; nil for the digital twin.
  private let technology: ArrayTechnology?
  var engine: any AdversarialEngine

  /// A trainer with initial weights written as the plan says.
  ///
  /// - Parameter device: the device of every array; the digital twin does not use it.
  /// - Throws: ``Failure`` when the plan's sizes do not fit together.
  package init(plan: TrainingPlan, device: DeviceModel, workers: Workers) throws(Failure) {
    try self.init(plan: plan, initial: plan.program.initial, device: device, workers: workers)
  }

  /// A trainer of a plan whose initial weights are written in a way of their own.
  private init(
    plan: TrainingPlan, initial: InitialProgramming, device: DeviceModel, workers: Workers
  ) throws(Failure) {
    try plan.validate()
    self.plan = plan
    self.workers = workers
    self.device = device
    let noise = try plan.trainingNoise(device: device)
    var plan = plan
    plan.program.initial = initial
    var ledger = EnergyLedger()
    switch plan.backend {
    case .crossbar:
      let device = try plan.withWriteNonIdealities(device)
      let technology = try ArrayTechnology(
        device: device, conditions: try plan.arrayConditions.compensatingWires(of: device))
      self.technology = technology
      let serial = SerialReading(
        time: plan.networks.columns == .sequential ? plan.read.time : 0)
      let networks = try plan.training(noise: noise) { (layer) throws(Failure) in
        let array = try CrossbarLayer(
          technology, plan: plan, layer, rule: plan.published.rule(of: layer.role, in: plan),
          workers: workers, ledger: &ledger)
        return UnrolledLayer(array, as: layer.placed, serial: serial)
      }
      engine = plan.published.engine(networks)
    case .digital:
      technology = nil
      engine = try plan.training(noise: noise) { (layer) throws(Failure) in
        UnrolledLayer(
          DigitalLayer(weights: layer.weights, optimizer: plan.optimizer), as: layer.placed)
      }
    }
    initialLedger = ledger
  }

  /// A trainer that continues from a saved state of the same plan.
  package init(
    plan: TrainingPlan, device: DeviceModel, workers: Workers, restoring state: TrainerState
  ) throws(Failure) {
    // The saved state replaces the written weights; writing them blind saves the time.
    try self.init(plan: plan, initial: .blind, device: device, workers: workers)
    do throws(StateMismatch) {
      try engine.restore(state)
    } catch {
      throw Failure(
        .badData, at: "checkpoint", "array \(error.name) \(error.problem)",
        remedy: "the checkpoint belongs to another configuration")
    }
    // A restored state has no exposures pending: nothing is booked.
    var ledger = EnergyLedger()
    try engine.finishEpoch(workers: workers, ledger: &ledger)
    completedEpochs = state.epoch
  }

  /// Tests and estimates of training's noise over the last epoch.
  package var noiseStatistics: NoiseStatistics? { engine.noise.statistics }

  /// The complete changing state.
  package var state: TrainerState { TrainerState(epoch: completedEpochs, arrays: engine.state) }

  /// One pass over the images in a fresh order; an incomplete last batch is left out.
  ///
  /// - Parameters:
  ///   - pixels: 8-bit images one after the other, of the discriminator's input size.
  ///   - probes: steps, spread over the epoch, before which gradients are compared with digital
  ///     ones.
  ///   - fakes: given the generator's images of every step, 8 bits a pixel, when not nil.
  ///   - progress: told after every step; false asks to stop.
  /// - Throws: ``Failure``: `badData` for too few images or a recording of noise that is too short,
  ///   `internal` when the noise source fails its health tests.
  /// - Returns: means over the epoch, or nil after a stop: the trainer is then between two states
  ///   and must be restored before it goes on.
  package mutating func trainEpoch(
    pixels: [UInt8], probes: Int = 0, fakes: (([UInt8]) -> Void)? = nil,
    progress: (StepProgress) -> Bool
  ) throws(Failure) -> EpochSummary? {
    let images = pixels.count / plan.networks.discriminator.input.units
    let steps = images / plan.batch
    guard steps > 0 else {
      throw Failure(
        .badData, at: "training images", "\(images) images do not fill a batch of \(plan.batch)",
        remedy: "use a smaller --batch or more images")
    }
    guard plan.backend == .digital || plan.program.accumulatedBatches <= steps else {
      throw Failure(
        .badData, at: "update.accumulated_batches",
        "\(plan.program.accumulatedBatches) batches are summed, an epoch has \(steps): nothing is ever"
          + " pulsed",
        remedy: "sum fewer batches or use more images")
    }
    var order = Array(0..<images)
    var shuffler = RandomSequence(
      RandomStream(seed: plan.seed, name: "shuffle"), substream: UInt64(completedEpochs))
    order.shuffle(using: &shuffler)
    try schedulePulses()
    try engine.beginEpoch(completedEpochs, steps: steps)
    var context = StepContext(workers: workers)
    var summary = EpochSummary()
    let probeInterval = probes > 0 ? max(1, steps / probes) : Int.max
    for step in 0..<steps {
      let chosen = order[step * plan.batch..<(step + 1) * plan.batch]
      if probes > 0, step % probeInterval == probeInterval / 2 {
        summary.gradients.add(
          try gradientAgreement(pixels: pixels, chosen: chosen, probe: context.step))
      }
      context.step = UInt64(completedEpochs * steps + step)
      context.updateProbabilities = plan.program.updateProbabilities(
        step: completedEpochs * steps + step, of: plan.epochs * steps)
      let losses = try engine.step(
        real: pixels, chosen: chosen, &context)
      summary.add(losses, of: steps)
      if let fakes {
        var bytes: [UInt8] = []
        engine.lastFakes.appendPixels(of: plan.batch, to: &bytes)
        fakes(bytes)
      }
      let proceed = progress(
        StepProgress(
          step: step + 1, steps: steps, generatorLoss: losses.generator,
          discriminatorLoss: losses.discriminator))
      guard proceed else { return nil }
    }
    summary.solvedTiles = context.solvedTiles
    // Draws of sampling have the top bit set; these have the next.
    summary.wires = try engine.wireErrors(draw: 1 << 62 | UInt64(completedEpochs) << 32)
    try engine.finishEpoch(workers: workers, ledger: &context.ledger)
    completedEpochs += 1
    summary.images = steps * plan.batch
    summary.ledger = context.ledger
    return summary
  }

  /// Gives the arrays the pulses of the epoch about to begin, where they change.
  private mutating func schedulePulses() throws(Failure) {
    guard plan.program.schedulesPulses, let technology else { return }
    // Drivers make up for wires at every amplitude anew.
    let conditions = try plan.arrayConditions(epoch: completedEpochs)
      .compensatingWires(of: technology.device)
    try engine.adopt(
      technology.pulsing(as: conditions), workers: workers)
  }

  /// Images from the generator as it stands: `count` times its output size in 8-bit pixels.
  ///
  /// Equal state, count and seed give equal bytes. Reads carry their noise; nothing is booked.
  package mutating func generate(count: Int, seed: UInt64) throws(Failure) -> [UInt8] {
    var source = try plan.sampleNoise(seed: seed, device: device)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * plan.networks.discriminator.input.units)
    var images = Matrix(rows: 0, columns: 0)
    var latent = Matrix(rows: plan.networks.generator.input.units, columns: plan.batch)
    var ledger = EnergyLedger()
    // Draws of training count up from zero; those of sampling have the top bit set.
    var draw = UInt64(1) << 63 | (seed &<< 32) & (UInt64.max >> 1)
    while bytes.count < count * plan.networks.discriminator.input.units {
      try source.fill(&latent, ledger: &ledger)
      engine.generate(latent, into: &images, draw: draw, workers: workers)
      images.appendPixels(
        of: min(plan.batch, count - bytes.count / images.rows), to: &bytes)
      draw += UInt64(max(16, engine.reads(samples: plan.batch)))
    }
    return bytes
  }
}

extension Matrix {
  /// Appends the first columns as 8-bit images: round((x + 1) · 127.5), clamped.
  fileprivate func appendPixels(of images: Int, to bytes: inout [UInt8]) {
    for column in 0..<images {
      for row in 0..<rows {
        let value = ((self[row, column] + 1) * 127.5).rounded()
        bytes.append(value >= 255 ? 255 : value > 0 ? UInt8(value) : 0)
      }
    }
  }
}

extension EpochSummary {
  fileprivate mutating func add(_ losses: StepLosses, of steps: Int) {
    let weight = 1 / Double(steps)
    generatorLoss += losses.generator * weight
    discriminatorLoss += losses.discriminator * weight
    realProbability += losses.realProbability * weight
    fakeProbability += losses.fakeProbability * weight
  }
}
