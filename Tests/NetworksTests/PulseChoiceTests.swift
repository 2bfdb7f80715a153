import ArrayOperations
import Crossbars
import Devices
import Failures
import Mathematics
import Networks
import Testing

/// Which devices a training step pulses, seen in the ledger and in the states.
@Suite struct PulseChoiceTests {
  /// Signs of the changes of G⁺ − G⁻ of every weight of a layer.
  private func moves(_ before: TrainerState, _ after: TrainerState, _ layer: String) -> [Int] {
    func differences(_ state: TrainerState) -> [Float] {
      zip(state.values(layer + ".plus"), state.values(layer + ".minus")).map { $0 - $1 }
    }
    return zip(differences(before), differences(after)).map { $1 > $0 ? 1 : $1 < $0 ? -1 : 0 }
  }

  private static let layers = ["generator.0", "generator.1", "discriminator.0", "discriminator.1"]

  /// Moves per layer of the first step of a plan.
  private func firstMoves(_ plan: TrainingPlan, _ device: DeviceModel) throws -> [[Int]] {
    var trainer = try Trainers.make(plan, device)
    let before = trainer.state
    _ = try trainer.epoch()
    return Self.layers.map { moves(before, trainer.state, $0) }
  }

  @Test("An update probability of one pulses every weight, against the digital twin's slope")
  func wholeShare() throws {
    let ideal = try Trainers.device("ideal")
    let plan = Trainers.plan(batch: 16) { $0.program.readNoise = false }
    let found = try firstMoves(plan, ideal)
    #expect(found.allSatisfy { $0.allSatisfy { $0 != 0 } })
    var digital = plan
    digital.backend = .digital
    digital.optimizer = .adam(rate: 0, beta1: 0, beta2: 0.999)
    var twin = try Trainers.make(digital, ideal)
    _ = try twin.epoch()
    let slopes = twin.state.values("discriminator.0.first-moment")
    // The array's bias line carries the largest input, which scales activations a little.
    let agreeing = zip(found[2], slopes).count { $0 == ($1 > 0 ? -1 : 1) }
    #expect(Double(agreeing) > 0.95 * Double(slopes.count))
  }

  @Test("A threshold leaves the weakest gradients alone and changes no sign")
  func threshold() throws {
    let device = try Trainers.device("ideal")
    func found(_ threshold: Double, share: Double = 1) throws -> [[Int]] {
      let plan = Trainers.plan(batch: 16) {
        $0.program.readNoise = false
        $0.program.gradientThreshold = threshold
        $0.program.updateProbability = Schedule(first: share, last: share)
      }
      return try firstMoves(plan, device)
    }
    let (all, some, none) = (try found(0), try found(1.7), try found(5.7))
    for layer in all.indices {
      let kept = zip(all[layer], some[layer])
      #expect(kept.allSatisfy { $1 == 0 || $1 == $0 })
      #expect(none[layer].allSatisfy { $0 == 0 })
    }
    let pulsed = some[2].count { $0 != 0 }
    #expect(pulsed > 0 && pulsed < some[2].count)
    // A random choice among the clear slopes.
    let rare = try found(1.7, share: 0.3)
    for layer in all.indices {
      #expect(zip(some[layer], rare[layer]).allSatisfy { $1 == 0 || $1 == $0 })
    }
    #expect((1..<pulsed).contains(rare[2].count { $0 != 0 }))
  }

  @Test("Gradients of several batches are summed before the sign is taken")
  func accumulation() throws {
    let device = try Trainers.device("ideal")
    let plan = Trainers.plan(batch: 16) {
      $0.program.readNoise = false
      $0.program.accumulatedBatches = 3
    }
    func ledger(batches: Int) throws -> EnergyLedger {
      var trainer = try Trainers.make(plan, device)
      return try #require(try trainer.epoch(batches: batches)).ledger
    }
    // An incomplete sum moves nothing and is not carried into the next epoch.
    #expect(throws: Failure.self) { try ledger(batches: 2) }
    let once = try ledger(batches: 3).pulses
    #expect(once > 0)
    #expect(try ledger(batches: 5).pulses == once)
    #expect(try ledger(batches: 6).pulses == 2 * once)
  }

  @Test("The discriminator can have a schedule of its own")
  func separateSchedules() throws {
    let device = try Trainers.device("ideal")
    let plan = Trainers.plan(batch: 16) {
      $0.program.updateProbability = Schedule(first: 1, last: 1)
      $0.program.discriminatorUpdateProbability = Schedule(first: 0.2, last: 0.2)
    }
    let found = try firstMoves(plan, device).map { moves in
      Double(moves.count { $0 != 0 }) / Double(moves.count)
    }
    #expect(found[1] == 1)
    #expect(abs(found[2] - 0.2) < 0.1)
  }

  @Test("Dot products for a small update probability and one product for a large one choose alike")
  func sparseAndDense() throws {
    let device = try Trainers.device("ideal")
    func found(_ share: Double) throws -> [[Int]] {
      let plan = Trainers.plan(
        generator: [10, 70, 90], discriminator: [90, 50, 1], batch: 16
      ) {
        $0.program.updateProbability = Schedule(first: share, last: share)
        $0.seed = 4
      }
      return try firstMoves(plan, device)
    }
    // Equal shares to one part in a million on both sides of the border at 0.1.
    let (sparse, dense) = (try found(0.1 - 1e-7), try found(0.1 + 1e-7))
    for (sparse, dense) in zip(sparse, dense) {
      #expect(sparse.count { $0 != 0 } > 0)
      let different = zip(sparse, dense).count { $0 != $1 }
      #expect(different <= sparse.count / 1000)
    }
  }

  /// The slopes of the discriminator's first layer in the first step, from a digital twin.
  private func slopes(_ plan: TrainingPlan) throws -> [Double] {
    var digital = plan
    digital.backend = .digital
    // Adam with β₁ = 0 holds the first step's mean gradient in its first moment.
    digital.optimizer = .adam(rate: 0, beta1: 0, beta2: 0.999)
    var twin = try Trainers.make(digital, try Trainers.device("ideal"))
    _ = try twin.epoch()
    return twin.state.values("discriminator.0.first-moment").map { Double($0) }
  }

  @Test("Weights with clear slopes are pulsed, others rest, and all move against theirs")
  func proportionalChance() throws {
    let ideal = try Trainers.device("ideal")
    func plan(_ share: Double) -> TrainingPlan {
      Trainers.plan(generator: [10, 70, 90], discriminator: [90, 50, 1], batch: 16) {
        $0.program.readNoise = false
        $0.program.sampling = .significance
        // Wide enough to hold every initial weight.
        $0.program.discriminatorScale = [1]
        $0.program.updateProbability = Schedule(first: share, last: share)
      }
    }
    let slopes = try slopes(plan(1))
    let moves = try firstMoves(plan(0.05), ideal)[2]
    let order = slopes.indices.sorted { abs(slopes[$0]) < abs(slopes[$1]) }
    let counts = (0..<4).map { group in
      order[group * order.count / 4..<(group + 1) * order.count / 4].count { moves[$0] != 0 }
    }
    // Strong lines have no advantage, so that magnitude alone orders chances roughly.
    #expect(counts[3] > 3 * counts[0] && counts[3] > counts[1] && counts[2] > counts[0])
    let wrong = zip(moves, slopes).count { $0 != 0 && ($0 > 0) == ($1 > 0) }
    #expect(wrong == 0)
    let more = try firstMoves(plan(0.5), ideal)[2]
    #expect(more.count { $0 != 0 } > 3 * moves.count { $0 != 0 })
  }

  @Test("Without any slope weights are pulsed with the update probability")
  func proportionalMean() {
    // Independent noise: B · c² is chi-squared of one degree of freedom.
    let stream = RandomStream(seed: 3, name: "signals")
    func noise(_ rows: Int, _ substream: UInt64) -> Matrix {
      var matrix = Matrix(rows: rows, columns: 64)
      for index in matrix.elements.indices {
        // Lines of different strength have the same chances.
        let strength = Float(1 + index / 64 % 5)
        matrix.elements[index] = strength * stream.gaussian(at: index, substream: substream)
      }
      return matrix
    }
    var plan = ProgrammingPlan()
    plan.sampling = .significance
    plan.gradientThreshold = 0
    var sampler = UpdateSampler(
      wordLines: 301, outputs: 200, plan, RandomStream(seed: 4, name: "choice"))
    var context = StepContext(workers: .one)
    context.updateProbability = 0.05
    context.images = 64
    let isComplete = sampler.sample(input: noise(300, 1), delta: noise(200, 2), context)
    let pulsed = Double(sampler.updateSigns.elements.count { $0 != 0 })
    // 60,200 weights; chances above one are cut, which takes less than a thousandth.
    #expect(isComplete)
    #expect(abs(pulsed / 60_200 - 0.05) < 0.004)
    let strong = (0..<300).filter { $0 % 5 == 4 }.reduce(0) { sum, row in
      sum + (0..<200).count { sampler.updateSigns[row, $0] != 0 }
    }
    #expect(abs(Double(strong) / 12_000 - 0.05) < 0.01)
  }

  @Test(
    "Every path samples what the definition says: lanes, single weights, dot products",
    arguments: [(UpdateSampling.significance, 0.3), (.random, 0.3), (.random, 0.05)],
    [(0, 1), (0, 16), (0, 37), (1.35, 5), (1.35, 16), (1.35, 37)])
  func definition(
    _ choice: (sampling: UpdateSampling, probability: Double),
    _ layer: (threshold: Double, outputs: Int)
  ) {
    let (inputs, images, outputs) = (9, 24, layer.outputs)
    let signals = RandomStream(seed: 5, name: "signals")
    func noise(_ rows: Int, _ substream: UInt64) -> Matrix {
      Matrix(
        rows: rows, columns: images,
        elements: (0..<rows * images).map { signals.gaussian(at: $0, substream: substream) })
    }
    let (input, delta) = (noise(inputs, 1), noise(outputs, 2))
    var plan = ProgrammingPlan()
    plan.sampling = choice.sampling
    plan.gradientThreshold = layer.threshold
    let stream = RandomStream(seed: 6, name: "choice")
    var sampler = UpdateSampler(wordLines: inputs + 1, outputs: outputs, plan, stream)
    var context = StepContext(workers: .one)
    context.updateProbability = choice.probability
    context.images = images
    _ = sampler.sample(input: input, delta: delta, context)
    let padded = (outputs + 3) / 4 * 4
    for row in 0...inputs {
      for column in 0..<outputs {
        // √N · Σ x δ / (‖x‖ ‖δ‖), the bias line carrying ones.
        var (product, ofInput, ofDelta) = (0.0, 0.0, 0.0)
        for image in 0..<images {
          let x = row < inputs ? Double(input[row, image]) : 1
          let d = Double(delta[column, image])
          (product, ofInput, ofDelta) = (product + x * d, ofInput + x * x, ofDelta + d * d)
        }
        let significance = Double(images).squareRoot() * product / (ofInput * ofDelta).squareRoot()
        let word = Double(stream.word(at: row * padded + column, substream: 0)) * 0x1p-32
        let chance =
          choice.probability
          * (choice.sampling == .significance ? significance * significance : 1)
        let isOpen = abs(significance) > layer.threshold && word < chance
        let expected: Int8 = !isOpen ? 0 : product > 0 ? -1 : 1
        #expect(sampler.updateSigns[row, column] == expected, "\(row), \(column)")
      }
    }
  }

  @Test("The number of chosen weights is binomial", arguments: [0.02, 0.3, 0.7])
  func binomialShare(_ share: Double) throws {
    let plan = Trainers.plan(generator: [10, 40, 60], discriminator: [60, 30, 1]) {
      $0.program.updateProbability = Schedule(first: share, last: share)
    }
    var trainer = try Trainers.make(plan, try Trainers.device())
    let weights = [11 * 40, 41 * 60, 61 * 30, 31].reduce(0, +)
    let steps = 40
    let pulses = try #require(try trainer.epoch(batches: steps)).ledger.pulses
    // A two-sided weight takes one SET and one RESET pulse.
    #expect(pulses % 2 == 0)
    let trials = Double(weights * steps)
    let deviation = (trials * share * (1 - share)).squareRoot()
    #expect(abs(Double(pulses / 2) - trials * share) < 4 * deviation)
  }

  /// A hidden unit of a rectifier that is far below zero passes no slope back and no signal on:
  /// its weights and those behind it have gradients of exactly zero.
  @Test("A gradient of zero gives no pulse", arguments: UpdateGranularity.allCases)
  func zeroGradient(_ rule: UpdateGranularity) throws {
    let device = try Trainers.device("ideal")
    let plan = Trainers.plan {
      $0.program.granularity = rule
      $0.networks.generatorSlope = 0
    }
    let dead = 4
    var start = try Trainers.make(plan, device).state
    var plus = start.values("generator.0.plus")
    var minus = start.values("generator.0.minus")
    for line in 0...6 {
      plus[line * 9 + dead] = line < 6 ? 65e-6 : 30e-6
      minus[line * 9 + dead] = line < 6 ? 65e-6 : 100e-6
    }
    start = start.replacing("generator.0.plus", plus).replacing("generator.0.minus", minus)
    var trainer = try GANTrainer(plan: plan, device: device, workers: .one, restoring: start)
    _ = try trainer.epoch()
    let incoming = moves(start, trainer.state, "generator.0")
    let outgoing = moves(start, trainer.state, "generator.1")
    #expect((0...6).allSatisfy { incoming[$0 * 9 + dead] == 0 })
    #expect((0..<20).allSatisfy { outgoing[dead * 20 + $0] == 0 })
    #expect(incoming.contains { $0 != 0 })
    #expect((0..<20).contains { outgoing[9 * 20 + $0] != 0 })
  }

  @Test("The per-sample rule drives each kind of line with the root of the update probability")
  func perSampleShare() throws {
    let share = 0.25
    let plan = Trainers.plan(generator: [10, 40, 60], discriminator: [60, 30, 1]) {
      $0.program.granularity = .perSample
      $0.program.updateProbability = Schedule(first: share, last: share)
    }
    var trainer = try Trainers.make(plan, try Trainers.device())
    let steps = 20
    let pulses = try #require(try trainer.epoch(batches: steps)).ledger.pulses
    // The discriminator learns from the real and the fake half of its batch.
    let perStep = 4 * (11 * 40 + 41 * 60) + 8 * (61 * 30 + 31)
    let expected = share * Double(2 * perStep * steps)
    #expect(abs(Double(pulses) / expected - 1) < 0.05)
  }
}
