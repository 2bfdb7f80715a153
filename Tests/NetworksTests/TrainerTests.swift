import Crossbars
import Devices
import Failures
import Mathematics
import Networks
import Testing

/// What a run relies on: the same bits on any number of workers, after a resume, and whatever is
/// sampled in between.
@Suite struct TrainerTests {
  /// Layers wide enough for several blocks of work.
  private func widePlan(_ backend: Backend) -> TrainingPlan {
    Trainers.plan(backend, generator: [10, 150, 200], discriminator: [200, 140, 1], batch: 8) {
      $0.program.updateProbability = Schedule(first: 0.3, last: 0.05)
    }
  }

  @Test("Same bits on one worker and two", arguments: Backend.allCases, UpdateGranularity.allCases)
  func workers(_ backend: Backend, _ rule: UpdateGranularity) throws {
    var plan = widePlan(backend)
    plan.program.granularity = rule
    let results = try [1, 2].map { count in
      var trainer = try Trainers.make(plan, try Trainers.device(), workers: count)
      let summary = try #require(try trainer.epoch(batches: 3))
      return (trainer.state, summary, try trainer.generate(count: 9, seed: 5))
    }
    #expect(results[0].0 == results[1].0)
    #expect(results[0].1 == results[1].1)
    #expect(results[0].2 == results[1].2)
  }

  @Test(
    "A restored trainer continues with the same bits", arguments: Backend.allCases, Pairing.allCases
  )
  func resume(_ backend: Backend, _ pairing: Pairing) throws {
    let device = try Trainers.device()
    let plan = Trainers.plan(backend) {
      $0.program.pairing = pairing
      $0.program.initial = .verified
      $0.program.updateProbability = Schedule(first: 0.5, last: 0.02)
      $0.program.refreshInterval = 3
    }
    var uninterrupted = try Trainers.make(plan, device)
    let initial = uninterrupted.state
    _ = try uninterrupted.epoch(batches: 5)
    let saved = uninterrupted.state
    #expect(saved.epoch == 1 && saved != initial)
    var resumed = try GANTrainer(plan: plan, device: device, workers: .one, restoring: saved)
    #expect(resumed.completedEpochs == 1)
    #expect(resumed.plan == plan)
    #expect(resumed.state == saved)
    let first = try uninterrupted.epoch(batches: 5)
    let second = try resumed.epoch(batches: 5)
    #expect(first == second)
    #expect(uninterrupted.state == resumed.state)
    #expect(
      try uninterrupted.generate(count: 6, seed: 1) == resumed.generate(count: 6, seed: 1))
  }

  @Test("A state of another configuration is refused")
  func foreignState() throws {
    let device = try Trainers.device()
    let plan = Trainers.plan()
    var state = try Trainers.make(plan, device).state
    let other = try Trainers.make(Trainers.plan(generator: [6, 8, 20]), device).state
    #expect(throws: Failure.self) {
      try GANTrainer(plan: plan, device: device, workers: .one, restoring: other)
    }
    state.arrays.removeLast()
    do {
      _ = try GANTrainer(plan: plan, device: device, workers: .one, restoring: state)
      Issue.record("an incomplete state was accepted")
    } catch {
      #expect(error.kind == .badData && error.cause.contains("discriminator.1.minus"))
    }
  }

  @Test("Samples: equal bytes for equal state, count and seed", arguments: Backend.allCases)
  func samples(_ backend: Backend) throws {
    var trainer = try Trainers.make(Trainers.plan(backend), try Trainers.device())
    let bytes = try trainer.generate(count: 11, seed: 3)
    #expect(bytes.count == 11 * 20)
    #expect(Set(bytes).count > 10)
    #expect(try trainer.generate(count: 11, seed: 3) == bytes)
    #expect(try trainer.generate(count: 11, seed: 4) != bytes)
    #expect(try trainer.generate(count: 5, seed: 3) == Array(bytes.prefix(100)))
    #expect(try trainer.generate(count: 0, seed: 3).isEmpty)
  }

  @Test("Sampling between epochs does not change training", arguments: Backend.allCases)
  func samplingIsApart(_ backend: Backend) throws {
    var quiet = try Trainers.make(Trainers.plan(backend), try Trainers.device())
    var sampling = quiet
    sampling = try Trainers.make(Trainers.plan(backend), try Trainers.device())
    _ = try sampling.generate(count: 9, seed: 1)
    _ = try quiet.epoch(batches: 2)
    _ = try sampling.epoch(batches: 2)
    _ = try sampling.generate(count: 9, seed: 2)
    #expect(try quiet.epoch(batches: 2) == sampling.epoch(batches: 2))
    #expect(quiet.state == sampling.state)
  }

  @Test("Seeds: the seed decides training, the device seed the chip")
  func seeds() throws {
    let device = try Trainers.device()
    func state(seed: UInt64, deviceSeed: UInt64) throws -> TrainerState {
      let plan = Trainers.plan {
        $0.seed = seed
        $0.deviceSeed = deviceSeed
      }
      var trainer = try Trainers.make(plan, device)
      _ = try trainer.epoch()
      return trainer.state
    }
    let base = try state(seed: 1, deviceSeed: 1)
    #expect(base == (try state(seed: 1, deviceSeed: 1)))
    #expect(base != (try state(seed: 2, deviceSeed: 1)))
    #expect(base != (try state(seed: 1, deviceSeed: 2)))
  }

  /// A generator of zeros and weights that rest: a step's loss tells which image it saw.
  @Test("Every epoch shows every image once, in an order of its own")
  func shuffling() throws {
    let plan = Trainers.plan(.digital, batch: 1) {
      $0.optimizer = .adam(rate: 0)
      $0.inputNoise = 0
    }
    let device = try Trainers.device()
    let start = try Trainers.make(plan, device).state
    let blank = start.replacing("generator.1.weights", [Float](repeating: 0, count: 200))
    var trainer = try GANTrainer(plan: plan, device: device, workers: .one, restoring: blank)
    var losses: [[Double]] = [[], []]
    for epoch in 0..<2 {
      _ = try trainer.trainEpoch(pixels: Trainers.images(12, for: plan)) {
        losses[epoch].append($0.discriminatorLoss)
        return true
      }
    }
    #expect(Set(losses[0]).count == 12)
    #expect(losses[0].sorted() == losses[1].sorted())
    #expect(losses[0] != losses[1])
  }

  @Test("Progress counts steps; false stops; too few images are refused")
  func progress() throws {
    let plan = Trainers.plan()
    var trainer = try Trainers.make(plan, try Trainers.device())
    var steps: [Int] = []
    // 14 images make three batches of four; the rest is left out.
    let summary = try trainer.trainEpoch(pixels: Trainers.images(14, for: plan)) {
      steps.append($0.step)
      return $0.steps == 3
    }
    #expect(steps == [1, 2, 3])
    #expect(summary?.images == 12)
    #expect(trainer.completedEpochs == 1)
    let stopped = try trainer.trainEpoch(pixels: Trainers.images(12, for: plan)) { $0.step < 2 }
    #expect(stopped == nil)
    #expect(trainer.completedEpochs == 1)
    do {
      _ = try trainer.trainEpoch(pixels: Trainers.images(3, for: plan)) { _ in true }
      Issue.record("three images filled a batch of four")
    } catch { #expect(error.kind == .badData) }
  }
}
