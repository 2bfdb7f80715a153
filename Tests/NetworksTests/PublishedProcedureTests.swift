import ArrayOperations
import Crossbars
import Devices
import Foundation
import Mathematics
import Networks
import Testing

/// Each departure of the published procedure does what it says, and nothing else.
@Suite struct PublishedProcedureTests {
  private static let window: ClosedRange<Float> = 150e-6...300e-6

  /// The published device and mapping on small networks; a step per epoch.
  private func plan(
    _ pairing: Pairing = .singleWithSign, adjust: (inout PublishedProcedure) -> Void
  ) -> TrainingPlan {
    Trainers.plan(batch: 16) {
      $0.program.pairing = pairing
      $0.program.window = 150e-6...300e-6
      $0.program.conductanceBounds = 150e-6...300e-6
      $0.program.setPulse = Pulse(voltage: 0.8, width: 1e-7)
      $0.program.resetPulse = Pulse(voltage: -0.8, width: 1e-7)
      $0.program.readNoise = false
      $0.program.generatorScale = [2]
      $0.program.discriminatorScale = [2]
      $0.inputNoise = 0
      adjust(&$0.published)
    }
  }

  private func trained(
    _ plan: TrainingPlan, steps: Int = 1
  ) throws -> (before: TrainerState, after: TrainerState, ledger: EnergyLedger) {
    var trainer = try Trainers.make(plan, try Trainers.device("satyam2021-as-published"))
    let before = trainer.state
    let summary = try #require(try trainer.epoch(batches: steps))
    return (before, trainer.state, summary.ledger)
  }

  private static let layers = ["generator.0", "generator.1", "discriminator.0", "discriminator.1"]
  private static let shapes = [(7, 9), (10, 20), (21, 7), (8, 1)]

  private func moves(_ before: TrainerState, _ after: TrainerState, _ layer: String) -> [Float] {
    zip(before.values(layer + ".plus"), after.values(layer + ".plus")).map { $1 - $0 }
  }

  @Test("Ascent gives the opposite pulses of descent")
  func ascent() throws {
    let down = try trained(plan(.oneFixed) { $0.resetsAtZero = true })
    let up = try trained(
      plan(.oneFixed) {
        $0.resetsAtZero = true
        $0.direction = .ascent
      })
    // The discriminator is updated first: its moves come from equal weights.
    for layer in Self.layers.dropFirst(2) {
      let (falls, rises) = (
        moves(down.before, down.after, layer), moves(up.before, up.after, layer)
      )
      #expect(zip(falls, rises).allSatisfy { $0 * $1 < 0 })
    }
  }

  @Test("What is frozen stays, everything else moves")
  func frozen() throws {
    let run = try trained(
      plan(.oneFixed) {
        $0.freezesOutput = true
        $0.freezesBiases = true
        $0.freezesEdges = true
        $0.resetsAtZero = true
      })
    for (layer, (rows, columns)) in zip(Self.layers, Self.shapes) {
      let moves = moves(run.before, run.after, layer)
      let before = run.before.values(layer + ".plus")
      for row in 0..<rows {
        for column in 0..<columns {
          let stays = layer == "discriminator.1" || row >= rows - 2 || column == columns - 1
          let device = row * columns + column
          // A pulse against the end of the window changes nothing.
          if !stays, before[device] <= 150e-6 || before[device] >= 300e-6 { continue }
          #expect((moves[device] == 0) == stays, "\(layer) \(row) \(column)")
        }
      }
    }
  }

  /// A rectifier of slope zero far below zero: its weights have gradients of exactly zero.
  @Test("A gradient of zero lowers single devices of either sign")
  func zeroGradient() throws {
    var plan = plan { $0.resetsAtZero = true }
    plan.networks.generatorSlope = 0
    let device = try Trainers.device("satyam2021-as-published")
    var start = try Trainers.make(plan, device).state
    var plus = start.values("generator.0.plus")
    var signs = start.values("generator.0.signs")
    for line in 0...6 {
      plus[line * 9] = line < 6 ? 200e-6 : 300e-6
      signs[line * 9] = -1
      if line < 6 { plus[line * 9] = line.isMultiple(of: 2) ? 150.5e-6 : 151e-6 }
    }
    start = start.replacing("generator.0.plus", plus).replacing("generator.0.signs", signs)
    var trainer = try GANTrainer(plan: plan, device: device, workers: .one, restoring: start)
    _ = try trainer.epoch()
    let incoming = moves(start, trainer.state, "generator.0")
    #expect((0...6).allSatisfy { incoming[$0 * 9] < 0 })
  }

  @Test("Trained weights shrink by the factor after the pulse, without energy")
  func retention() throws {
    for pairing in [Pairing.singleWithSign, .twoSided] {
      let kept = try trained(plan(pairing) { $0.freezesBiases = true })
      let shrunk = try trained(
        plan(pairing) {
          $0.freezesBiases = true
          $0.weightRetention = 0.9
        })
      let centre: Float = pairing == .twoSided ? 225e-6 : 150e-6
      let layer = "discriminator.0"
      let whole = kept.after.values(layer + ".plus")
      let rest = shrunk.after.values(layer + ".plus")
      let biases = 20 * 7
      for device in whole.indices {
        let expected = device < biases ? centre + 0.9 * (whole[device] - centre) : whole[device]
        #expect(abs(rest[device] - expected) < 1e-10)
      }
      #expect(shrunk.after.values(layer + ".stored-plus") == whole)
      #expect(kept.ledger.pulses == shrunk.ledger.pulses)
    }
  }

  @Test("A positive weight at the bottom turns negative; negative ones never turn")
  func signs() throws {
    let run = try trained(plan { $0.losesSigns = true }, steps: 6)
    var lost = 0
    for layer in Self.layers {
      let signs = zip(run.before.values(layer + ".signs"), run.after.values(layer + ".signs"))
      #expect(signs.allSatisfy { $0 >= $1 && abs($1) == 1 })
      lost += signs.count { $0 != $1 }
    }
    #expect(lost > 0)
  }

  @Test("The script's energy: conductance of the step before, of devices that differ from it")
  func scriptEnergy() throws {
    let plan = plan { $0.weightRetention = 0.9 }
    var trainer = try Trainers.make(plan, try Trainers.device("satyam2021-as-published"))
    let first = try #require(try trainer.epoch())
    #expect(first.ledger.programPublished == 0)
    let before = trainer.state
    let second = try #require(try trainer.epoch())
    var conductance = 0.0
    for layer in Self.layers {
      let stored = zip(
        before.values(layer + ".stored-plus"), trainer.state.values(layer + ".stored-plus"))
      conductance += stored.reduce(0) { $1.0 == $1.1 ? $0 : $0 + Double($1.0) }
    }
    let expected = 0.8 * 0.8 * 1e-7 * conductance
    #expect(conductance > 0)
    #expect(abs(second.ledger.programPublished / expected - 1) < 1e-12)
    var others = second.ledger
    others.programPublished = 0
    #expect(others.total == second.ledger.total)
  }

  @Test("A run restored between epochs goes on with the same bits")
  func restored() throws {
    let plan = plan {
      $0.weightRetention = 0.9
      $0.losesSigns = true
      $0.onePass = true
      $0.freezesOutput = true
      $0.direction = .ascent
    }
    let device = try Trainers.device("satyam2021-as-published")
    var whole = try Trainers.make(plan, device)
    _ = try whole.epoch(batches: 3)
    var resumed = try GANTrainer(
      plan: plan, device: device, workers: .one, restoring: whole.state)
    let (one, other) = (try whole.epoch(batches: 3), try resumed.epoch(batches: 3))
    #expect(whole.state == resumed.state)
    #expect(one?.ledger.programPublished == other?.ledger.programPublished)
  }

  @Test("Slopes are the derivatives of the losses, down to vanishing probabilities")
  func losses() {
    let logits: [Float] = [-30, -19, -6, -0.5, 0, 2, 11]
    for isReal in [true, false] {
      func evaluate(_ shift: Float) -> PublishedLoss.Result {
        let row = Matrix(rows: 1, columns: logits.count, elements: logits.map { $0 + shift })
        return PublishedLoss.evaluate(row, columns: 0..<logits.count, isReal: isReal)
      }
      let step: Float = 1.0 / 256
      for (index, slope) in evaluate(0).slopes.enumerated() {
        func loss(_ shift: Float) -> Double {
          let single = Matrix(rows: 1, columns: 1, elements: [logits[index] + shift])
          return PublishedLoss.evaluate(single, columns: 0..<1, isReal: isReal).loss
        }
        let numeric = (loss(step) - loss(-step)) / Double(2 * step)
        #expect(abs(numeric - slope) < 1e-4 * abs(slope) + 1e-10, "\(logits[index])")
      }
    }
    let saturated = PublishedLoss.evaluate(
      Matrix(rows: 1, columns: 1, elements: [-100]), columns: 0..<1, isReal: true)
    #expect(abs(saturated.loss - 8 * log(10)) < 1e-9)
    #expect(abs(saturated.slopes[0] / (-exp(-100) * 1e8) - 1) < 1e-9)
    let single = PublishedLoss.evaluate(
      Matrix(rows: 1, columns: 1, elements: [-100]), columns: 0..<1, isReal: true, single: true)
    #expect(abs(single.slopes[0]) < 1e-35 && abs(single.loss - 8 * log(10)) < 1e-9)
  }

  @Test("Departures that do not fit the rest of a plan are refused")
  func refused() throws {
    let device = try Trainers.device("satyam2021-as-published")
    func refuses(_ adjust: (inout TrainingPlan) -> Void) -> Bool {
      var plan = plan { $0.direction = .ascent }
      adjust(&plan)
      return (try? Trainers.make(plan, device)) == nil
    }
    #expect(!refuses { _ in })
    #expect(
      refuses {
        $0.published.resetsAtZero = true
        $0.program.updateProbability = Schedule(first: 0.5, last: 0.5)
      })
    #expect(
      refuses {
        $0.published.onePass = true
        $0.noise.latentsPerStep = 2
      })
    #expect(
      refuses {
        $0.program.pairing = .twoSided
        $0.published.losesSigns = true
      })
    #expect(
      refuses {
        $0.program.pairing = .twoSided
        $0.program.granularity = .perSample
      })
  }
}
