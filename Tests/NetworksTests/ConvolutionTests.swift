import ArrayOperations
import Crossbars
import Failures
import Mathematics
import Networks
import Testing

/// Convolutional networks on arrays and digitally.
@Suite struct ConvolutionTests {
  private static let generator = NetworkDescription(
    input: MapShape(units: 5),
    layers: [
      LayerDescription(.dense(MapShape(channels: 3, height: 3, width: 3))),
      LayerDescription(.transposedConvolution(.init(2, kernel: 3, stride: 2))),
      LayerDescription(.transposedConvolution(.init(1, kernel: 3, stride: 2))),
    ])
  private static let discriminator = NetworkDescription(
    input: MapShape(channels: 1, height: 12, width: 12),
    layers: [
      LayerDescription(.convolution(.init(2, kernel: 3))),
      LayerDescription(.meanPool(2)),
      LayerDescription(.convolution(.init(3, kernel: 3, stride: 2))),
      LayerDescription(.dense(MapShape(units: 1))),
    ])

  private static func plan(
    _ backend: Backend, adjust: (inout TrainingPlan) -> Void = { _ in }
  ) -> TrainingPlan {
    Trainers.plan(backend, batch: 4) {
      $0.networks.generator = generator
      $0.networks.discriminator = discriminator
      $0.program.generatorScale = [4]
      $0.program.discriminatorScale = [4]
      adjust(&$0)
    }
  }

  /// Largest relative error of a layer's gradient against finite differences of a loss.
  private func relativeError(
    layer: String, loss: KeyPath<EpochSummary, Double>
  ) throws -> Double {
    let plan = Self.plan(.digital) {
      $0.optimizer = .adam(rate: 0, beta1: 0, beta2: 0.999)
      $0.inputNoise = 0.3
      // Straight: thousands of rectifiers have kinks that a difference would step over.
      $0.networks.generatorSlope = 1
      $0.networks.discriminatorSlope = 1
    }
    func step(_ state: TrainerState) throws -> (EpochSummary, TrainerState) {
      var trainer = try GANTrainer(
        plan: plan, device: try Trainers.device(), workers: .one, restoring: state)
      return (try #require(try trainer.epoch()), trainer.state)
    }
    let start = try Trainers.make(plan, try Trainers.device()).state
    let gradient = try step(start).1.values(layer + ".first-moment")
    let weights = start.values(layer + ".weights")
    #expect(gradient.count == weights.count && gradient.contains { $0 != 0 })
    let h: Float = 2e-3
    var (error, norm) = (0.0, 0.0)
    for index in weights.indices {
      let losses = try [h, -h].map { change in
        var moved = weights
        moved[index] += change
        return try step(start.replacing(layer + ".weights", moved)).0[keyPath: loss]
      }
      let slope = (losses[0] - losses[1]) / Double(2 * h)
      error += (slope - Double(gradient[index])) * (slope - Double(gradient[index]))
      norm += slope * slope
    }
    return (error / norm).squareRoot()
  }

  @Test(
    "Gradients of convolutions, of dense layers behind pools and of folded patches",
    arguments: [
      "discriminator.0", "discriminator.2", "discriminator.3", "generator.0", "generator.1",
      "generator.2",
    ])
  func gradients(layer: String) throws {
    let loss: KeyPath<EpochSummary, Double> =
      layer.hasPrefix("generator") ? \.generatorLoss : \.discriminatorLoss
    #expect(try relativeError(layer: layer, loss: loss) < 5e-3)
  }

  @Test("Ideal arrays draw the digital twin's images")
  func arraysEqualTwin() throws {
    let device = try Trainers.device("ideal")
    var twin = try Trainers.make(Self.plan(.digital), device)
    var arrays = try Trainers.make(Self.plan(.crossbar), device)
    let (a, b) = (try twin.generate(count: 8, seed: 3), try arrays.generate(count: 8, seed: 3))
    #expect(a.count == 8 * 144)
    #expect(Set(a).count > 50)
    // Float rounding can carry a pixel over the border to the next of 256 levels.
    #expect(zip(a, b).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
  }

  @Test("Pulses move convolutions; any number of threads gives the same bits")
  func threads() throws {
    let device = try Trainers.device()
    var one = try Trainers.make(Self.plan(.crossbar), device)
    var two = try Trainers.make(Self.plan(.crossbar), device, workers: 3)
    let start = one.state
    let summary = try #require(try one.epoch(batches: 2))
    _ = try two.epoch(batches: 2)
    #expect(one.state == two.state)
    for layer in ["discriminator.0", "discriminator.2", "generator.1", "generator.2"] {
      #expect(one.state.values(layer + ".plus") != start.values(layer + ".plus"))
    }
    // Pools are not trained.
    #expect(one.state.values("discriminator.1.plus") == start.values("discriminator.1.plus"))
    #expect(summary.ledger.backward > 0 && summary.ledger.forward > 0)
  }

  @Test("A restored trainer goes on with the same bits")
  func restoring() throws {
    let device = try Trainers.device()
    var whole = try Trainers.make(Self.plan(.crossbar), device)
    _ = try whole.epoch()
    var resumed = try GANTrainer(
      plan: whole.plan, device: device, workers: .one, restoring: whole.state)
    _ = try whole.epoch()
    _ = try resumed.epoch()
    #expect(whole.state == resumed.state)
  }

  @Test("Reading a dense layer's columns one after another takes longer, and changes nothing else")
  func sequentialColumns() throws {
    let device = try Trainers.device()
    var parallel = try Trainers.make(Self.plan(.crossbar), device)
    var serial = try Trainers.make(
      Self.plan(.crossbar) { $0.networks.columns = .sequential }, device)
    let (a, b) = (try #require(try parallel.epoch()), try #require(try serial.epoch()))
    #expect(parallel.state == serial.state)
    // Beside the first: the generator's 27 columns forward, 4 samples, and backward the 27 lines of
    // the discriminator's last layer, 8 and 4 samples.
    let extra = Double(26 * 4 + 26 * 12) * serial.plan.read.time
    #expect(abs(b.ledger.seconds - a.ledger.seconds - extra) < 1e-9)
  }

  @Test("Switches of dropout drop in training and not in samples; training differs")
  func dropout() throws {
    let device = try Trainers.device("ideal")
    func plan(_ share: Double?) -> TrainingPlan {
      Self.plan(.digital) { $0.networks.discriminator.layers[1].dropout = share }
    }
    var (none, closed, open) = (
      try Trainers.make(plan(nil), device), try Trainers.make(plan(0), device),
      try Trainers.make(plan(0.5), device)
    )
    let a = try #require(try none.epoch())
    #expect(try closed.epoch() == a)
    #expect(try open.epoch() != a)
    #expect(none.state == closed.state && none.state != open.state)
  }

  @Test("Presets have the published shapes and weights")
  func presets() throws {
    func weights(_ preset: NetworkPreset) throws -> Int {
      let plan = NetworkPlan(preset)
      return try (plan.generator.placed(at: "") + plan.discriminator.placed(at: ""))
        .reduce(0) { $0 + $1.weights }
    }
    #expect(try weights(.amDCGAN) == 1_046_272)
    #expect(try weights(.fullyConnected) == 100 * 128 + 2 * 128 * 784 + 128)
    #expect(try weights(.amDCGANMid) == 100 * 1568 + 2 * 32 * 16 * 25 + 2 * 16 * 25 + 1568)
    for preset in NetworkPreset.allCases {
      let plan = NetworkPlan(preset)
      for network in [plan.generator, plan.discriminator] {
        #expect(try NetworkDescription(words: network.words, at: "") == network)
      }
    }
  }

  @Test(
    "What does not fit is refused with its place",
    arguments: [
      (["1x28x28", "conv 4 31x31 padding 0", "dense 1"], "does not fit"),
      (["1x28x28", "conv 4 5x5 stride 6", "dense 1"], "stride 6"),
      (["1x28x28", "conv 4 5x5 padding 5", "dense 1"], "padding 5"),
      (["1x28x28", "pool 3", "dense 1"], "does not divide"),
      (["1x28x28", "dense 2", "dense 2"], "end in one unit"),
      (["1x28x28", "dense 1", "pool 1"], "pool"),
      (["1x27x28", "conv 4 5x5", "dense 1"], "as many units"),
    ])
  func misfits(words: [String], cause: String) throws {
    var plan = TrainingPlan()
    plan.networks.discriminator = try NetworkDescription(words: words, at: "layers")
    do {
      try plan.validate()
      Issue.record("the plan was accepted")
    } catch {
      #expect(error.kind == .usage && error.place.hasPrefix("networks"))
      #expect(error.cause.contains(cause))
    }
  }

  @Test(
    "Words that are no layers are refused",
    arguments: [
      ["100"], ["hundred", "dense 4"], ["1x28", "dense 4"], ["4", "dense"], ["4", "conv 3 5"],
      ["4", "conv 3 5x3"], ["4", "conv 0 5x5"], ["4", "conv 3 5x5 stride"],
      ["4", "convolve 3 5x5"],
      ["4", "dense 4 stride 2"], ["4", "dense 4 dropout 1"], ["4", "pool 0"],
      ["4", "conv 3 5x5 padding x"],
    ])
  func noLayers(words: [String]) {
    #expect(throws: Failure.self) { try NetworkDescription(words: words, at: "layers") }
  }
}
