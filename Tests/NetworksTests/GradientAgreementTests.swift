import ArrayOperations
import Crossbars
import Devices
import Mathematics
import Networks
import Testing

/// Gradients on arrays beside those of a digital copy of the weights they hold.
@Suite struct GradientAgreementTests {
  private func plan(_ adjust: (inout TrainingPlan) -> Void = { _ in }) -> TrainingPlan {
    Trainers.plan(generator: [8, 30, 60], discriminator: [60, 20, 1], batch: 16) {
      $0.program.updateProbability = Schedule(first: 0.2, last: 0.2)
      adjust(&$0)
    }
  }

  private func agreement(
    _ plan: TrainingPlan, _ device: DeviceModel
  ) throws -> GradientAgreement {
    var trainer = try Trainers.make(plan, device)
    let images = Trainers.images(40 * plan.batch, for: plan)
    return try #require(try trainer.trainEpoch(pixels: images, probes: 8) { _ in true }).gradients
  }

  @Test("Ohmic devices without noise find the digital signs, biases included")
  func ohmic() throws {
    let found = try agreement(
      plan { $0.program.readNoise = false }, try Trainers.device("ideal"))
    #expect(
      found.layers.keys.sorted() == [
        "discriminator.0", "discriminator.1", "generator.0", "generator.1",
      ])
    // Half of the weights of eight steps.
    #expect(found.layers["discriminator.0"]?.compared == 8 * 61 * 20 / 2)
    #expect(try #require(found.total.fraction) > 0.999)
  }

  @Test("Frozen spread of curved devices turns signs around; without curvature it does not")
  func disturbances() throws {
    let device = try Trainers.device()
    func share(_ removed: [GradientDisturbance]) throws -> Double {
      var (plan, device) = (self.plan { $0.read.voltage = 0.4 }, device)
      for disturbance in removed { disturbance.remove(from: &plan, &device) }
      return try #require(try agreement(plan, device).total.fraction)
    }
    let all = GradientDisturbance.allCases
    let (none, curved) = (try share(all), try share(all.filter { $0 != .nonlinearity }))
    let spread = try share([.readNoise, .pulseVariation, .halfSelect])
    #expect(none > 0.999)
    #expect(spread < curved)
    #expect(spread < 0.99)
    #expect(try share([.readNoise, .nonlinearity]) > spread)
  }

  @Test("Looking changes nothing", arguments: [1, 3])
  func undisturbed(_ batches: Int) throws {
    let plan = plan { $0.program.accumulatedBatches = batches }
    let device = try Trainers.device()
    let images = Trainers.images(9 * plan.batch, for: plan)
    var (watched, alone) = (try Trainers.make(plan, device), try Trainers.make(plan, device))
    _ = try watched.trainEpoch(pixels: images, probes: 4) { _ in true }
    _ = try alone.trainEpoch(pixels: images) { _ in true }
    #expect(watched.state == alone.state)
  }

  @Test("A bias is worth the same whatever the other signals are")
  func constantBias() throws {
    // Ohmic arrays and numbers make the same images of latents of any magnitude.
    let device = try Trainers.device("ideal")
    var found: [[UInt8]] = []
    for backend in Backend.allCases {
      let plan = plan {
        $0.backend = backend
        $0.program.readNoise = false
        $0.program.biasInput = 1
        $0.program.initial = .blind
      }
      var trainer = try Trainers.make(plan, device)
      var state = trainer.state
      // A bias of 0.4 in every output of the generator's first layer.
      let (inputs, outputs) = (8, 30)
      let window = plan.program.window.upperBound - plan.program.window.lowerBound
      for (name, step) in [
        ("plus", Float(0.4 / plan.program.generatorScale[0] * window)), ("weights", 0.4),
      ] {
        var values = state.values("generator.0.\(name)")
        guard !values.isEmpty else { continue }
        for output in 0..<outputs { values[inputs * outputs + output] += step }
        state = state.replacing("generator.0.\(name)", values)
      }
      trainer = try GANTrainer(plan: plan, device: device, workers: .one, restoring: state)
      found.append(try trainer.generate(count: 32, seed: 3))
    }
    let differences = zip(found[0], found[1]).map { abs(Int($0) - Int($1)) }
    #expect(found[0].count == 32 * 60)
    #expect(try #require(differences.max()) <= 1)
  }
}

/// Pulses that change over a run, and reads through a bandwidth of their own.
@Suite struct ScheduledConditionsTests {
  @Test("Amplitudes and widths run geometrically and hold for an epoch")
  func course() throws {
    var program = ProgrammingPlan()
    #expect(program.pulses(epoch: 3, of: 5).set == program.setPulse)
    program.setPulse = Pulse(voltage: 0.9, width: 4e-7)
    program.lastSetPulse = Pulse(voltage: 0.8, width: 1e-7)
    program.lastResetPulse = Pulse(voltage: -0.8, width: 1e-7)
    let first = program.pulses(epoch: 0, of: 3)
    let middle = program.pulses(epoch: 1, of: 3)
    let last = program.pulses(epoch: 2, of: 3)
    #expect(first.set == program.setPulse && first.reset == program.resetPulse)
    // √(0.9 · 0.8) in whole millivolts, and √(4 · 1).
    #expect(middle.set.voltage == 0.849 && abs(middle.set.width - 2e-7) < 1e-19)
    #expect(middle.reset.voltage == -0.849)
    #expect(last.set.voltage == 0.8 && last.reset.voltage == -0.8)
  }

  @Test("Pulses fall from epoch to epoch, and a resumed run takes them up")
  func training() throws {
    let device = try Trainers.device()
    func plan(_ last: Double) -> TrainingPlan {
      Trainers.plan(generator: [6, 40, 60], discriminator: [60, 30, 1]) {
        $0.program.setPulse.voltage = 1
        $0.program.lastSetPulse = Pulse(voltage: last, width: 1e-7)
        $0.program.wires = TileWires(name: "compensated", segment: 1, lineEnd: 10, size: 32)
        $0.program.disturbsHalfSelected = true
      }
    }
    var trainer = try Trainers.make(plan(0.8), device)
    let initial = trainer.state
    _ = try trainer.epoch(batches: 3)
    let saved = trainer.state
    _ = try trainer.epoch(batches: 3)
    var resumed = try GANTrainer(
      plan: plan(0.8), device: device, workers: .one, restoring: saved)
    _ = try resumed.epoch(batches: 3)
    #expect(resumed.state == trainer.state)
    // A constant amplitude moves as much in the first epoch and more in the second.
    var constant = try Trainers.make(plan(1), device)
    _ = try constant.epoch(batches: 3)
    #expect(constant.state == saved)
    _ = try constant.epoch(batches: 3)
    func movement(_ state: TrainerState) -> Float {
      zip(saved.values("generator.1.plus"), state.values("generator.1.plus"))
        .reduce(0) { $0 + max(0, $1.1 - $1.0) }
    }
    #expect(saved != initial)
    #expect(movement(trainer.state) < 0.8 * movement(constant.state))
  }

  @Test("A wide bandwidth makes the discriminator's first array noisy and no other")
  func bandwidth() throws {
    let device = try Trainers.device()
    func state(_ bandwidth: Double?) throws -> ([UInt8], TrainerState) {
      let plan = Trainers.plan { $0.discriminatorBandwidth = bandwidth }
      var trainer = try Trainers.make(plan, device)
      let images = try trainer.generate(count: 8, seed: 1)
      _ = try trainer.epoch(batches: 3)
      return (images, trainer.state)
    }
    let (narrow, wide) = (try state(nil), try state(1e13))
    #expect(narrow.0 == wide.0)
    #expect(narrow.1 != wide.1)
    let technology = try ArrayTechnology(device: device, conditions: ArrayConditions())
    let variances = [1e6, 4e6].map { technology.reading(through: $0).noisePerSiemens }
    #expect(abs(variances[1] / variances[0] - 4) < 1e-12)
  }
}
