import ArrayOperations
import Crossbars
import Devices
import Foundation
import Networks
import Testing

/// Every way of holding and moving weights pulses its devices alone and books them.
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

  /// How often the arrays of a plan are updated in a step, and how many weights they hold: the
  /// generator's once a step, the discriminator's once a step.
  private static let weights = 7 * 9 + 10 * 20 + 21 * 7 + 8 * 1

  @Test("Pulses move the devices that the pairing says, and cost what they must", arguments: ways)
  func pulsesFollowThePairing(_ way: Way) throws {
    let batches = 5
    let plan = Trainers.plan {
      $0.program.pairing = way.pairing
      $0.program.granularity = way.rule
      $0.program.initial = way.initial
      // Refreshes would move devices of SET-only pairs down.
      $0.program.refreshInterval = 100
      $0.program.conductanceBounds = 20e-6...150e-6
    }
    var trainer = try Trainers.make(plan, try Trainers.device(way.device))
    let initial = trainer.initialLedger
    let devices = Self.weights * way.pairing.devicesPerWeight
    #expect(
      way.initial == .blind
        ? initial == EnergyLedger()
        : initial.devicesWritten == devices && initial.pulses > 0 && initial.seconds > 0)
    let before = trainer.state
    let summary = try #require(try trainer.epoch(batches: batches))
    let after = trainer.state
    for layer in ["generator.0", "generator.1", "discriminator.0", "discriminator.1"] {
      let plus = moves(before, after, layer + ".plus")
      let minus = moves(before, after, layer + ".minus")
      switch way.pairing {
      case .twoSided, .referencedPair:
        #expect(plus.contains { $0 != 0 } && minus.contains { $0 != 0 })
        #expect(plus.contains { $0 < 0 } && plus.contains { $0 > 0 })
      case .setOnly:
        #expect((plus + minus).allSatisfy { $0 >= 0 } && plus.contains { $0 > 0 })
      case .oneFixed, .singleWithSign:
        #expect(plus.contains { $0 != 0 } && minus.allSatisfy { $0 == 0 })
      }
      for name in [".reference-plus", ".reference-minus"] {
        #expect(moves(before, after, layer + name).allSatisfy { $0 == 0 })
      }
    }
    let bounds = plan.program.conductanceBounds
    let range = Float(bounds.lowerBound)...Float(bounds.upperBound)
    #expect(after.arrays.allSatisfy { $0.values.allSatisfy(range.contains) })
    #expect(summary.generatorLoss > 0 && summary.discriminatorLoss > 0)
    // The networks are next to untrained: logits are within a few units of zero, and each loss near that
    // of guessing.
    #expect(abs(summary.realProbability - 0.5) < 0.45 && abs(summary.fakeProbability - 0.5) < 0.45)
    #expect(summary.generatorLoss < 4 * log(2.0) && summary.discriminatorLoss < 8 * log(2.0))
    checkBooks(summary.ledger, way, plan, batches: batches)
    #expect(try trainer.generate(count: 3, seed: 1).count == 60)
  }

  /// Signs of the changes of an array of devices.
  private func moves(_ before: TrainerState, _ after: TrainerState, _ name: String) -> [Int] {
    zip(before.values(name), after.values(name)).map { $1 > $0 ? 1 : $1 < $0 ? -1 : 0 }
  }

  /// Pulses, energies and time of training against what states and pulses allow.
  private func checkBooks(
    _ ledger: EnergyLedger, _ way: Way, _ plan: TrainingPlan, batches: Int
  ) {
    // A raise or a fall takes one pulse of each device, of SET-only pairs of one device.
    let perUpdate = way.pairing == .setOnly ? 1 : way.pairing.pulsedDevicesPerWeight
    let updates = batches * perUpdate
    switch way.rule {
    case .batch:
      // Every weight is chosen; those behind a silent unit have no slope.
      #expect(ledger.pulses <= Self.weights * updates)
      #expect(Double(ledger.pulses) > 0.9 * Double(Self.weights * updates))
      // Every word line has a SET and a RESET phase at most.
      let phases = Double(batches * (7 + 10 + 21 + 8))
      #expect(ledger.seconds > phases * plan.program.setPulse.width)
    case .perSample:
      // The generator sees a batch of four, the discriminator twice as many.
      let most = (4 * (7 * 9 + 10 * 20) + 8 * (21 * 7 + 8)) * updates
      #expect(ledger.pulses <= most && Double(ledger.pulses) > 0.5 * Double(most))
    }
    #expect(ledger.writes > 0 && ledger.writes <= ledger.pulses)
    let (bounds, set, reset) = (
      plan.program.conductanceBounds, plan.program.setPulse, plan.program.resetPulse
    )
    let perSiemens = [set, reset].map { $0.voltage * $0.voltage * $0.width }
    let pulses = Double(ledger.pulses)
    #expect(ledger.programSelected >= pulses * perSiemens[0] * bounds.lowerBound)
    #expect(ledger.programSelected <= pulses * perSiemens[1] * bounds.upperBound)
    let halves = Double(ledger.halfSelections) / 4
    #expect(ledger.programHalf >= halves * perSiemens[0] * bounds.lowerBound)
    #expect(ledger.programHalf <= halves * perSiemens[1] * bounds.upperBound)
    #expect(ledger.forward > 0 && ledger.backward > 0)
    #expect(ledger.noise == 0 && ledger.periphery == 0)
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
