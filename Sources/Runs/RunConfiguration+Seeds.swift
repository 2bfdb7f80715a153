import Mathematics
import Networks

extension RunConfiguration {
  /// Seed of the latent vectors that metrics are computed on, the same after every epoch.
  package var metricsSeed: UInt64 { derivedSeed("metrics") }
  /// Seed of the latent vectors on sample sheets.
  var sheetSeed: UInt64 { derivedSeed("sample sheet") }
  /// Seed of `sample` unless one is given.
  package var sampleSeed: UInt64 { derivedSeed("samples") }

  private func derivedSeed(_ purpose: String) -> UInt64 {
    var sequence = RandomSequence(RandomStream(seed: plan.seed, name: "seed of \(purpose)"))
    return sequence.next()
  }

  /// Number of fakes that metrics are computed on after an epoch.
  func fakes(afterEpoch epoch: Int) -> Int {
    epoch == plan.epochs ? evaluation.finalFakes : evaluation.epochFakes
  }
}
