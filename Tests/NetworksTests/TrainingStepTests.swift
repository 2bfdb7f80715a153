import Crossbars
import Devices
import Networks
import Testing

/// Every way of holding and moving weights gets through training and keeps its books.
@Suite struct TrainingStepTests {
  struct Way: Sendable, CustomTestStringConvertible {
    var device: String
    var pairing: Pairing
    var rule: UpdateGranularity
    var initial: InitialProgramming

    var testDescription: String {
      "\(device), \(pairing.rawValue), \(rule.rawValue), \(initial.rawValue)"
    }
  }

  static let ways = ["nili2020", "ideal"].flatMap { device in
    Pairing.allCases.flatMap { pairing in
      UpdateGranularity.allCases.flatMap { rule in
        InitialProgramming.allCases.map {
          Way(device: device, pairing: pairing, rule: rule, initial: $0)
        }
      }
    }
  }.filter { $0.rule == .batch || $0.pairing != .singleWithSign }

  @Test("States stay finite and in range, losses finite, books filled", arguments: ways)
  func trains(_ way: Way) throws {
    let plan = Trainers.plan {
      $0.program.pairing = way.pairing
      $0.program.granularity = way.rule
      $0.program.initial = way.initial
      $0.program.refreshInterval = 2
    }
    var trainer = try Trainers.make(plan, try Trainers.device(way.device))
    let initial = trainer.initialLedger
    #expect(way.initial == .blind ? initial == EnergyLedger() : initial.pulses > 0)
    let before = trainer.state
    let summary = try #require(try trainer.epoch(batches: 5))
    let after = trainer.state
    #expect(after.arrays != before.arrays && after.isFinite)
    let clip =
      Float(
        plan.program.conductanceBounds.lowerBound)...Float(
        plan.program.conductanceBounds.upperBound)
    #expect(after.arrays.allSatisfy { $0.values.allSatisfy(clip.contains) })
    #expect(summary.generatorLoss.isFinite && summary.discriminatorLoss > 0)
    #expect((0...1).contains(summary.realProbability))
    #expect((0...1).contains(summary.fakeProbability))
    let ledger = summary.ledger
    #expect(ledger.forward > 0 && ledger.backward > 0 && ledger.seconds > 0)
    #expect(ledger.programSelected > 0 && ledger.programHalf > 0)
    #expect(ledger.pulses > 0 && ledger.writes > 0 && ledger.writes <= ledger.pulses)
    #expect(ledger.noise == 0 && ledger.periphery == 0)
    #expect(try trainer.generate(count: 3, seed: 1).count == 60)
  }

  @Test("Drivers, amplifiers, gates and counters are booked by the operation")
  func periphery() throws {
    func spent(_ adjust: (inout TrainingPlan) -> Void) throws -> Double {
      var trainer = try Trainers.make(Trainers.plan(adjust: adjust), try Trainers.device())
      return try #require(try trainer.epoch(batches: 6)).ledger.periphery
    }
    // 6-9-20 and 20-7-1 with a bias line each; six steps of four images. Forward: the generator once,
    // the discriminator on twice the batch and once; backward: its last layer likewise, its first and
    // the generator's last once.
    let (driven, sensed) = (17 + 3 * 29 + 3 * 1 + 7 + 20, 29 + 3 * 8 + 3 * 7 + 20 + 9)
    let weights = 7 * 9 + 10 * 20 + 21 * 7 + 8 * 1
    #expect(try spent { $0.periphery.driver = 1 } == Double(6 * 4 * driven))
    #expect(try spent { $0.periphery.sense = 1 } == Double(6 * 4 * sensed))
    #expect(
      try spent { $0.periphery.gate = 1 } == 0, "where every weight is pulsed nothing is decided")
    let half = Schedule(first: 0.5, last: 0.5)
    #expect(
      try spent {
        $0.periphery.gate = 1
        $0.program.updateProbability = half
      } == Double(6 * weights))
    #expect(try spent { $0.periphery.counter = 1 } == 0)
    #expect(
      try spent {
        $0.periphery.counter = 1
        $0.program.accumulatedBatches = 2
      } == Double(6 * weights))
    #expect(
      try spent {
        $0.periphery.gate = 1
        $0.program.updateProbability = half
        $0.program.accumulatedBatches = 2
      } == Double(3 * weights))
    #expect(
      try spent {
        $0.periphery.gate = 1
        $0.program.updateProbability = half
        $0.program.granularity = .perSample
      } == Double(6 * (8 * (21 + 7 + 8 + 1) + 4 * (7 + 9 + 10 + 20))))
  }

  @Test("Layers of one unit and of many")
  func sizes() throws {
    for (generator, discriminator) in [
      ([1, 1], [1, 1]), ([3, 1, 7], [7, 1, 1]), ([5, 8, 8, 8, 16], [16, 8, 8, 8, 1]),
    ] {
      for backend in Backend.allCases {
        let plan = Trainers.plan(
          backend, generator: generator, discriminator: discriminator, batch: 3)
        var trainer = try Trainers.make(plan, try Trainers.device())
        _ = try trainer.epoch(batches: 2)
        #expect(trainer.state.isFinite)
      }
    }
  }

  @Test("Fixed references are left alone; a single device keeps its sign")
  func untouchedDevices() throws {
    for pairing in [Pairing.oneFixed, .singleWithSign] {
      let plan = Trainers.plan { $0.program.pairing = pairing }
      var trainer = try Trainers.make(plan, try Trainers.device())
      let before = trainer.state
      _ = try trainer.epoch(batches: 3)
      for layer in ["generator.0", "discriminator.0"] {
        #expect(trainer.state.values(layer + ".minus") == before.values(layer + ".minus"))
        #expect(trainer.state.values(layer + ".plus") != before.values(layer + ".plus"))
      }
    }
  }

  @Test("Half-selected devices drift when asked to")
  func disturb() throws {
    func state(disturbs: Bool) throws -> TrainerState {
      let plan = Trainers.plan {
        $0.program.disturbsHalfSelected = disturbs
        $0.program.setPulse.voltage = 1.15
        $0.program.resetPulse.voltage = -1.5
        $0.program.setPulse.width = 1e-5
      }
      var trainer = try Trainers.make(plan, try Trainers.device())
      _ = try trainer.epoch()
      return trainer.state
    }
    #expect(try state(disturbs: true) != state(disturbs: false))
  }

  /// A generator that follows its gradient turns white with white images and black with black.
  @Test(
    "Pulses go downhill: samples turn towards the images", arguments: UpdateGranularity.allCases)
  func learns(_ rule: UpdateGranularity) throws {
    let share = rule == .batch ? 1 : 0.1
    let plan = Trainers.plan(batch: 16) {
      $0.program.granularity = rule
      $0.program.updateProbability = Schedule(first: share, last: share / 10)
    }
    func brightness(after epochs: Int, images pixel: UInt8) throws -> Double {
      var trainer = try Trainers.make(plan, try Trainers.device("ideal"))
      let images = [UInt8](repeating: pixel, count: 16 * 20 * 50)
      for _ in 0..<epochs { _ = try trainer.trainEpoch(pixels: images) { _ in true } }
      let bytes = try trainer.generate(count: 100, seed: 1)
      return bytes.reduce(0) { $0 + Double($1) } / Double(bytes.count)
    }
    let untrained = try brightness(after: 0, images: 255)
    #expect(try brightness(after: 2, images: 255) > untrained + 15)
    #expect(try brightness(after: 2, images: 0) < untrained - 15)
  }
}
