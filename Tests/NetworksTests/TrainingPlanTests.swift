import Crossbars
import Failures
import Mathematics
import Networks
import Testing

@Suite struct TrainingPlanTests {
  @Test("The default plan and the tiny one are valid")
  func valid() throws {
    try TrainingPlan().validate()
    try Trainers.plan().validate()
  }

  private static let mistakes: [(key: String, change: @Sendable (inout TrainingPlan) -> Void)] = [
    ("networks.generator", { $0.networks.generator = [784] }),
    ("networks.generator", { $0.networks.generator = [100, 0, 784] }),
    ("networks.discriminator", { $0.networks.discriminator = [] }),
    ("networks.discriminator", { $0.networks.discriminator = [784, -1, 1] }),
    ("networks.discriminator", { $0.networks.discriminator = [784, 128, 2] }),
    ("networks", { $0.networks.generator = [100, 128, 783] }),
    ("run.batch", { $0.batch = 0 }),
    ("run.batch", { $0.batch = 65_537 }),
    ("run.epochs", { $0.epochs = 0 }),
    ("run.input_noise", { $0.inputNoise = -0.1 }),
    ("run.input_noise", { $0.inputNoise = .nan }),
    ("run.input_noise", { $0.inputNoise = .infinity }),
    ("weights.generator_scale", { $0.program.generatorScale = [] }),
    ("weights.generator_scale", { $0.program.discriminatorScale = [1, 0] }),
    ("update.update_probability_first", { $0.program.updateProbability.first = 0 }),
    ("update.update_probability_first", { $0.program.updateProbability.last = 1.1 }),
    ("update.update_probability_first", { $0.program.updateProbability.last = .nan }),
    ("update.generator_update_ratio", { $0.program.generatorUpdateRatio = 0 }),
    ("update.generator_update_ratio", { $0.program.generatorUpdateRatio = .nan }),
    ("update.refresh_interval", { $0.program.refreshInterval = 0 }),
    (
      "update.granularity",
      {
        $0.program.pairing = .singleWithSign
        $0.program.granularity = .perSample
      }
    ),
  ]

  @Test("Every mistake is refused with its key", arguments: mistakes.indices)
  func refused(_ index: Int) throws {
    let mistake = Self.mistakes[index]
    var plan = TrainingPlan()
    mistake.change(&plan)
    do {
      try plan.validate()
      Issue.record("the plan was accepted")
    } catch {
      #expect(error.kind == .usage)
      #expect(error.place == mistake.key)
    }
    do {
      _ = try GANTrainer(plan: plan, device: Trainers.device(), workers: .one)
      Issue.record("a trainer was made")
    } catch let error as Failure { #expect(error.place == mistake.key) }
  }

  @Test("Generators have an update ratio, discriminators the common probability or their own")
  func updateProbabilities() {
    var program = ProgrammingPlan()
    program.updateProbability = Schedule(first: 0.4, last: 0.1)
    program.generatorUpdateRatio = 0.25
    var shares = program.updateProbabilities(step: 0, of: 10)
    #expect(shares.generator == 0.1 && shares.discriminator == 0.4)
    program.discriminatorUpdateProbability = Schedule(first: 0.2, last: 0.2)
    program.generatorUpdateRatio = 4
    shares = program.updateProbabilities(step: 0, of: 10)
    #expect(shares.generator == 1 && shares.discriminator == 0.2)
    #expect(NetworkPreset.fullyConnected.generatorUpdateRatio < 1)
    #expect(NetworkPreset.amDCGAN.generatorUpdateRatio == 1)
  }

  @Test("A schedule is geometric from its first value to its last")
  func schedule() {
    let schedule = Schedule(first: 0.3, last: 0.003)
    #expect(schedule.value(step: 0, of: 101) == 0.3)
    #expect(abs(schedule.value(step: 100, of: 101) - 0.003) < 1e-15)
    #expect(abs(schedule.value(step: 50, of: 101) - 0.03) < 1e-15)
    let ratios = (1..<101).map {
      schedule.value(step: $0, of: 101) / schedule.value(step: $0 - 1, of: 101)
    }
    #expect(ratios.allSatisfy { abs($0 - ratios[0]) < 1e-12 })
  }

  @Test("Schedules of one value and of one step are constant")
  func constantSchedules() {
    #expect((0..<5).allSatisfy { Schedule(first: 0.2, last: 0.2).value(step: $0, of: 5) == 0.2 })
    #expect(Schedule(first: 0.2, last: 0.1).value(step: 0, of: 1) == 0.2)
    #expect(Schedule(first: 0, last: 0.1).value(step: 1, of: 2) == 0)
  }
}
