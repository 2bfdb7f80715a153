import Networks
import Runs
import Testing

/// What counts as a collapse, and what does not.
@Suite struct TrainingHealthTests {
  /// An epoch with images of some quality; other numbers are those of a fair game.
  private struct Epoch {
    var distance: Double
    var coverage = 0.4
    var classes = 10
    var discriminatorLoss = 1.37
    var real = 0.52
    var fake = 0.5
  }

  private func health(
    _ epochs: [Epoch], steps: Int = 900, saturated: Double? = 0.01
  ) -> TrainingHealth {
    var health = TrainingHealth(classes: 10)
    for epoch in epochs {
      var summary = EpochSummary()
      summary.generatorLoss = 0.71
      summary.discriminatorLoss = epoch.discriminatorLoss
      summary.realProbability = epoch.real
      summary.fakeProbability = epoch.fake
      health.judge(
        summary,
        TrainingHealth.Quality(
          distance: epoch.distance, coverage: epoch.coverage, classes: epoch.classes),
        steps: steps, saturatedShare: saturated)
    }
    return health
  }

  @Test func `A run that swings by a factor of two is healthy`() {
    let distances = [196.0, 70, 50, 76, 38, 75, 40, 21, 44]
    for count in 1...distances.count {
      let health = health(distances.prefix(count).map { Epoch(distance: $0) })
      #expect(health.collapse == nil)
      #expect(health.line == nil)
    }
  }

  @Test func `A distance far above the best epoch's is a collapse`() throws {
    let before = [96.0, 38, 45, 56].map { Epoch(distance: $0) }
    let after = Epoch(distance: 1238, discriminatorLoss: 0.58, real: 0.83, fake: 0.19)
    let health = health(before + [after])
    #expect(health.collapse == "Fréchet distance 1238, 33 times that of the best epoch")
    let line = try #require(health.line)
    for part in ["epoch 5", "COLLAPSED", "D(x) 0.83", "0.58", "1 % of devices saturated"] {
      #expect(line.contains(part), "\(line)")
    }
    // The best of small distances may be left by a larger factor.
    let small = [9.0, 6, 80].map { Epoch(distance: $0) }
    #expect(self.health(small).collapse == nil)
  }

  @Test func `Losses that are no numbers are a collapse`() {
    let epoch = Epoch(distance: .nan, discriminatorLoss: .nan)
    #expect(health([epoch]).collapse == "a loss is not finite")
  }

  @Test func `Three epochs without variety are a collapse, the first ones of a run are not`() {
    let poor = [Epoch](repeating: Epoch(distance: 300, coverage: 0.001, classes: 1), count: 3)
    #expect(health(Array(poor.prefix(2))).collapse == nil)
    #expect(health(poor).collapse != nil)
    #expect(health(poor, steps: 100, saturated: nil).collapse == nil)
  }

  @Test func `Saturated devices are told without a collapse`() {
    let health = health([Epoch(distance: 40)], saturated: 0.4)
    #expect(health.collapse == nil)
    #expect(health.line?.contains("40 % of devices saturated") == true)
  }

  @Test func `Devices at either end of their range are counted, references are not`() {
    let state = TrainerState(
      epoch: 1,
      arrays: [
        .init(name: "generator.0.plus", shape: [4], values: [3.2e-6, 5e-5, 3.15e-4, 1e-4]),
        .init(name: "generator.0.minus", shape: [4], values: [3.2e-6, 5e-5, 6e-5, 1e-4]),
        .init(name: "generator.0.reference-plus", shape: [2], values: [3.2e-6, 3.2e-6]),
      ])
    #expect(state.saturatedShare(of: 3.2e-6...3.15e-4) == 3.0 / 8)
    #expect(TrainerState(epoch: 1, arrays: []).saturatedShare(of: 1e-6...1e-4) == nil)
  }
}
