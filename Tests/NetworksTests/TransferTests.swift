import Crossbars
import Mathematics
import Networks
import Testing

/// Trained ideal, then written to non-ideal arrays.
@Suite struct TransferTests {
  private static func transfer(
    _ trainer: GANTrainer, adjust: (inout NonIdealities) -> Void = { _ in }
  ) throws -> GANTrainer {
    var nonIdealities = NonIdealities()
    adjust(&nonIdealities)
    return try GANTrainer.transferring(
      trainer.state, trainedBy: trainer.plan, to: nonIdealities, deviceSeed: 1,
      device: Trainers.device("ideal"), workers: .one)
  }

  @Test("Without flaws, arrays draw the twin's images, and their own", arguments: Backend.allCases)
  func ideal(_ backend: Backend) throws {
    var trainer = try Trainers.make(Trainers.plan(backend), Trainers.device("ideal"))
    _ = try trainer.epoch()
    var transferred = try Self.transfer(trainer)
    let (a, b) = (
      try trainer.generate(count: 8, seed: 3), try transferred.generate(count: 8, seed: 3)
    )
    #expect(zip(a, b).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
  }

  @Test("Levels and write variability change what was trained")
  func nonIdealities() throws {
    var trainer = try Trainers.make(Trainers.plan(.digital), Trainers.device("ideal"))
    _ = try trainer.epoch()
    let coarse = try Self.transfer(trainer) { $0.levels = 4 }
    let weights = coarse.state.values("generator.0.plus")
    #expect(Set(weights).count <= 4 && Set(weights).count > 1)
    let noisy = try Self.transfer(trainer) { $0.writeVariability = 0.1 }
    let exact = try Self.transfer(trainer)
    let ratios = zip(
      noisy.state.values("generator.1.plus"), exact.state.values("generator.1.plus")
    ).map { Double($0 / $1) - 1 }
    let count = Double(ratios.count)
    let variance = ratios.reduce(0) { $0 + $1 * $1 } / count
    #expect(abs(variance / 0.01 - 1) < 3.9 * (2 / count).squareRoot())
  }

  @Test("Training with levels stays on levels")
  func trainingOnLevels() throws {
    let device = try Trainers.device("ideal")
    var trainer = try Trainers.make(
      Trainers.plan { $0.program.nonIdealities.levels = 33 }, device)
    let start = trainer.state
    _ = try trainer.epoch(batches: 3)
    let window = trainer.plan.program.window
    let step = (window.upperBound - window.lowerBound) / 32
    let states = trainer.state.values("discriminator.0.plus")
    #expect(states != start.values("discriminator.0.plus"))
    for state in states where window.contains(Double(state)) {
      let level = (Double(state) - window.lowerBound) / step
      #expect(abs(level - level.rounded()) < 1e-3)
    }
  }

  @Test("Proportional updates follow the twin's plain descent on an ideal device")
  func proportionalDescent() throws {
    let device = try Trainers.device("ideal")
    func adjust(_ plan: inout TrainingPlan) {
      plan.inputNoise = 0
      plan.optimizer = .sgd(rate: 1e-2)
      plan.program.rule = .proportional
      plan.program.rate = 1e-2
      plan.program.generatorScale = [4]
      plan.program.discriminatorScale = [4]
    }
    var twin = try Trainers.make(Trainers.plan(.digital, adjust: adjust), device)
    var arrays = try Trainers.make(Trainers.plan(adjust: adjust), device)
    let start = twin.state
    _ = try twin.epoch()
    _ = try arrays.epoch()
    let window = arrays.plan.program.window
    let weightPerSiemens = 4 / (window.upperBound - window.lowerBound)
    let name = "discriminator.0"
    let (plus, minus) = (
      arrays.state.values(name + ".plus"), arrays.state.values(name + ".minus")
    )
    let twins = twin.state.values(name + ".weights")
    let moved = zip(twins, start.values(name + ".weights")).map { abs($0 - $1) }.max() ?? 0
    #expect(moved > 1e-4)
    // The bias word line carries the largest signal, not one: its weights come last and are left out.
    for index in 0..<20 * 7 {
      let weight = Double(plus[index] - minus[index]) * weightPerSiemens
      #expect(abs(weight - Double(twins[index])) < 0.05 * Double(moved))
    }
  }
}
