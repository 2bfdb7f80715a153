import ArrayOperations
import Evaluation
import Failures
import Files
import Foundation
import Images
import Mathematics
import Networks
import NoiseSources

/// The part of a run that one process carries out.
struct TrainingSession {
  let run: TrainingRun
  let data: RunData
  let evaluator: Evaluator
  var manifest: Manifest
  private var trainer: GANTrainer
  private var metrics: MetricsFile
  private var published: PublishedAccuracy
  private let initialLedger: EnergyLedger
  private var trainingLedger = EnergyLedger()
  private var health: TrainingHealth
  private var lap = ContinuousClock.now

  /// Images on a sheet, always of the same latent vectors.
  static let sheetCount = 100

  private var configuration: RunConfiguration { run.configuration }
  private var directory: RunDirectory { run.directory }

  /// Prepares classifier and trainer and completes what the checkpoint's epoch lacks.
  init(
    run: TrainingRun, data: RunData, checkpoint: Checkpoint?, manifest: Manifest,
    report: (TrainingRun.Event) -> Void
  ) throws(Failure) {
    self.run = run
    self.data = data
    self.manifest = manifest
    let plans = run.configuration.evaluation
    evaluator = try data.evaluator(
      expecting: [plans.epochFakes, plans.finalFakes], workers: run.workers
    ) { report(.notice($0)) }
    metrics = MetricsFile(
      path: run.directory.metrics, columns: EpochRecord.columns.map(\.name))
    health = TrainingHealth(classes: run.configuration.data.classes.classes.count)
    published = PublishedAccuracy(classes: run.configuration.data.classes.classes.map(Int.init))
    trainer = try run.trainer(restoring: checkpoint?.state)
    if let checkpoint {
      initialLedger = checkpoint.initialLedger
      trainingLedger = checkpoint.trainingLedger
      published.hits = checkpoint.publishedHits
      published.total = checkpoint.publishedTotal
      try metrics.restore(through: checkpoint.state.epoch)
      if metrics.count < checkpoint.state.epoch { try metrics.append(checkpoint.row) }
      health.resume(
        distances: metrics.numbers(of: "frechet"), coverages: metrics.numbers(of: "coverage"),
        counts: metrics.numbers(of: "classes_over_1pct"), steps: stepsPerEpoch)
      if !directory.has(directory.sheet(epoch: checkpoint.state.epoch)) { try writeSheet() }
      // The rows know it even when the manifest was cut off before it did.
      self.manifest.divergedEpoch = metrics.firstRow(
        lacking: ["generator_loss", "discriminator_loss"])
    } else {
      initialLedger = trainer.initialLedger
      if let warning = initialLedger.writingWarning { report(.notice(warning)) }
    }
    let anchors = try data.anchors(of: evaluator, count: plans.finalFakes)
    try updateManifest()
    report(
      .prepared(
        TrainingRun.Headline(
          trainingImages: data.training.count, testImages: data.reference.count,
          classifierAccuracy: evaluator.classifier.testAccuracy, anchors: anchors,
          completedEpochs: trainer.completedEpochs, initialLedger: initialLedger)))
    lap = .now
  }

  var outcome: TrainingRun.Outcome {
    TrainingRun.Outcome(
      initialLedger: initialLedger, trainingLedger: trainingLedger,
      noise: trainer.noiseStatistics, divergedEpoch: manifest.divergedEpoch)
  }
}

extension TrainingSession {
  /// Trains the epochs that are left.
  mutating func complete(report: (TrainingRun.Event) -> Void) throws(Failure) {
    while trainer.completedEpochs < configuration.plan.epochs {
      let epoch = trainer.completedEpochs + 1
      guard !StopRequest.isPending else { throw interruption }
      // The published accuracy counts every fake of the training, step by step.
      var counted = published
      let judge: ([UInt8]) -> Void = { [evaluator, run] fakes in
        counted.record(
          evaluator.classifier.judge(fakes, workers: run.workers).probabilities)
      }
      var divergedStep: Int?
      let stopsOnCollapse = run.stopsOnCollapse
      let summary = try trainer.trainEpoch(
        pixels: data.training.pixels, fakes: published.digit == nil ? nil : judge
      ) { progress in
        report(.step(epoch: epoch, progress))
        if divergedStep == nil, !progress.isFinite {
          divergedStep = progress.step
          report(.notice(TrainingHealth.divergence(epoch: epoch, step: progress.step)))
        }
        return !StopRequest.isPending && !(divergedStep != nil && stopsOnCollapse)
      }
      guard let summary else {
        guard let divergedStep, !StopRequest.isPending else { throw interruption }
        throw collapsed(epoch: epoch, "a loss is not finite from step \(divergedStep) on")
      }
      published = counted
      report(.epoch(try finishEpoch(summary)))
      if let line = health.line { report(.notice(line)) }
      if stopsOnCollapse, let reason = health.collapse {
        throw collapsed(epoch: epoch, reason)
      }
    }
  }

  /// Measures the epoch and makes it last.
  private mutating func finishEpoch(_ summary: EpochSummary) throws(Failure) -> EpochRecord {
    let epoch = trainer.completedEpochs
    trainingLedger += summary.ledger
    let judgement = evaluator.classifier.judge(
      try trainer.generate(
        count: configuration.fakes(afterEpoch: epoch), seed: configuration.metricsSeed),
      workers: run.workers)
    let record = EpochRecord(
      epoch: epoch, summary: summary, metrics: try evaluator.metrics(of: judgement),
      publishedAccuracy: published.value, imagesPerSecond: lapRate(images: summary.images))
    let state = trainer.state
    let quality = record.metrics
    health.judge(
      summary,
      TrainingHealth.Quality(
        distance: quality.frechet, coverage: quality.coverage,
        classes: quality.classesOverOnePercent),
      steps: stepsPerEpoch,
      saturatedShare: state.saturatedShare(of: configuration.plan.program.conductanceBounds))
    try Checkpoint(
      identity: manifest.identity, state: state, initialLedger: initialLedger,
      trainingLedger: trainingLedger, row: record.timelessCells, publishedHits: published.hits,
      publishedTotal: published.total
    ).write(to: directory.checkpoint)
    try metrics.append(record.cells)
    try writeSheet()
    if manifest.divergedEpoch == nil, summary.hasDiverged { manifest.divergedEpoch = epoch }
    try updateManifest()
    return record
  }

  /// Images per second since the last call: an epoch with everything that belongs to it, where the
  /// writing of files counts to the epoch that follows.
  private mutating func lapRate(images: Int) -> Double {
    let now = ContinuousClock.now
    let seconds = (now - lap) / .seconds(1)
    lap = now
    return Double(images) / max(seconds, 1e-9)
  }

  private mutating func writeSheet() throws(Failure) {
    let pixels = try trainer.generate(count: Self.sheetCount, seed: configuration.sheetSeed)
    try ImageSheet(ImageSet(pixels: pixels)).write(
      to: directory.sheet(epoch: trainer.completedEpochs), links: .replaced)
  }

  private mutating func updateManifest() throws(Failure) {
    manifest.completedEpochs = trainer.completedEpochs
    manifest.initialLedger = initialLedger
    manifest.trainingLedger = trainingLedger
    manifest.health = health.json
    if let noise = trainer.noiseStatistics, noise.monitor.bits > 0 {
      manifest.noise = NoiseReport.json(noise, ledger: trainingLedger)
    }
    try manifest.write(to: directory.manifest)
  }

  /// Writes the last manifest.
  mutating func close(
    _ status: Manifest.Status, exitCode: Int32, reason: String?
  ) throws(Failure) {
    manifest.end(status, exitCode: exitCode, reason: reason)
    try manifest.write(to: directory.manifest)
  }

  private var stepsPerEpoch: Int { data.training.count / configuration.plan.batch }

  /// What ends a run that has collapsed; the files are those of the last whole epoch.
  private func collapsed(epoch: Int, _ reason: String) -> Failure {
    Failure(
      .internal, at: directory.path, "training has collapsed in epoch \(epoch): \(reason)",
      remedy: "the checkpoint is that of epoch \(manifest.completedEpochs); start again with a"
        + " lower update.generator_update_ratio or update.update_probability_first or another seed,"
        + " or go on in spite of it with: crossbar-gan train --resume --out \(directory.path)")
  }

  private var interruption: Failure {
    Failure(
      .interrupted, at: directory.path,
      "stopped by \(StopRequest.signalName) after epoch \(manifest.completedEpochs)"
        + " of \(configuration.plan.epochs)",
      remedy: "continue with: crossbar-gan train --resume --out \(directory.path)")
  }
}

extension EnergyLedger {
  /// Fraction of the devices that write-and-verify may miss without a warning.
  private static let acceptableMisses = 0.01

  /// What to say when write-and-verify missed many devices.
  fileprivate var writingWarning: String? {
    let missed = Double(devicesMissed)
    guard missed > Self.acceptableMisses * Double(devicesWritten) else { return nil }
    let percent = (1000 * missed / Double(devicesWritten)).rounded() / 10
    return
      "\(percent) % of the devices (\(devicesMissed) of \(devicesWritten)) missed their initial"
      + " conductance: their pulses step further than the tolerance, or they are stuck"
  }
}

extension StepProgress {
  /// Whether both losses are numbers.
  fileprivate var isFinite: Bool { generatorLoss.isFinite && discriminatorLoss.isFinite }
}

extension EpochSummary {
  /// Whether a loss is no number any more.
  fileprivate var hasDiverged: Bool { !generatorLoss.isFinite || !discriminatorLoss.isFinite }
}
