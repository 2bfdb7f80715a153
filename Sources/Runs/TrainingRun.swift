package import ArrayOperations
package import Calibration
import Evaluation
package import Failures
import Foundation
package import Mathematics
package import Networks
package import NoiseSources
package import Reports

/// A training run from configuration to finished folder.
///
/// An epoch ends in this order: metrics, checkpoint, row, sample sheet, manifest. The checkpoint
/// carries the row, so that a run cut at any place goes on from its checkpoint and ends with the
/// same files as an uninterrupted one, but for clock times.
package struct TrainingRun {
  /// What the run computes.
  package let configuration: RunConfiguration
  /// The calibration that the configuration names.
  package let calibration: Calibration
  /// Where the run's files go.
  package let directory: RunDirectory
  /// Whether ``directory`` may hold a run to continue.
  package let resumes: Bool
  /// Whether a run that has collapsed ends at once.
  package let stopsOnCollapse: Bool
  let workers: Workers

  /// A run to be carried out by ``run(report:)``; nothing is read or written before.
  package init(
    configuration: RunConfiguration, calibration: Calibration, directory: RunDirectory,
    resumes: Bool, stopsOnCollapse: Bool = false, workers: Workers
  ) {
    self.configuration = configuration
    self.calibration = calibration
    self.directory = directory
    self.resumes = resumes
    self.stopsOnCollapse = stopsOnCollapse
    self.workers = workers
  }

  /// What a run tells while it goes.
  package enum Event: Sendable {
    /// Something a user should know, one line.
    case notice(String)
    /// The run is about to begin.
    case prepared(Headline)
    /// A step of an epoch is done.
    case step(epoch: Int, StepProgress)
    /// An epoch is done and all its files are written.
    case epoch(EpochRecord)
    /// A resumed run had nothing left to do.
    case alreadyFinished
  }

  /// What is known before the first step.
  package struct Headline: Sendable {
    /// Images the networks see: the chosen classes, cut to the limit.
    package var trainingImages: Int
    /// Test images of the chosen classes.
    package var testImages: Int
    /// Share of all test images that the classifier names correctly.
    package var classifierAccuracy: Double
    /// Metrics of real images and of one repeated image; see ``RunData/anchors(of:count:)``.
    package var anchors: JSON
    /// Epochs done before.
    package var completedEpochs: Int
    /// Spent on writing the initial weights; empty for the digital twin.
    package var initialLedger: EnergyLedger
  }

  /// What a run ended with.
  package struct Outcome: Sendable {
    /// Spent on writing the initial weights.
    package var initialLedger: EnergyLedger
    /// Spent on training, all epochs, those before a resume included.
    package var trainingLedger: EnergyLedger
    /// Tests and estimates of the noise over the last epoch.
    package var noise: NoiseStatistics?
    /// First epoch with a loss that is not finite, nil when all are.
    package var divergedEpoch: Int?
  }
}

extension TrainingRun {
  /// Carries the run out, or on.
  ///
  /// - Returns: nil when the run had been finished before.
  /// - Throws: ``Failure``: `cannotCreate` for a folder that is in use or not writable; `interrupted`
  ///   after ``StopRequest``; `internal` after a collapse when asked to stop then; `badData` for a damaged
  ///   checkpoint, changed data or calibration, and then nothing is written.
  package func run(report: (Event) -> Void) throws(Failure) -> Outcome? {
    // Held before the folder is judged: two processes never take it for theirs at once.
    let new = try directory.create()
    let lock = try directory.lock()
    defer { withExtendedLifetime(lock) {} }
    let start: (manifest: Manifest, data: RunData, checkpoint: Checkpoint?)
    do throws(Failure) {
      guard let prepared = try prepare(report: report) else { return nil }
      start = prepared
    } catch {
      directory.remove(new)
      throw error
    }
    var manifest = start.manifest
    try manifest.write(to: directory.manifest)
    do throws(Failure) {
      var session = try TrainingSession(
        run: self, data: start.data, checkpoint: start.checkpoint, manifest: manifest,
        report: report)
      defer { manifest = session.manifest }
      try session.complete(report: report)
      try session.close(.finished, exitCode: 0, reason: nil)
      return session.outcome
    } catch {
      manifest.end(
        error.kind == .interrupted ? .interrupted : .failed, exitCode: error.kind.rawValue,
        reason: error.description)
      // The first failure is the one to report; a full disk may refuse this file too.
      try? manifest.write(to: directory.manifest)
      throw error
    }
  }

  /// Reads and checks everything that the run starts from, and prepares its folder.
  ///
  /// - Returns: nil when the run had been finished before.
  private func prepare(
    report: (Event) -> Void
  ) throws(Failure) -> (manifest: Manifest, data: RunData, checkpoint: Checkpoint?)? {
    let earlier = try earlierManifest()
    if earlier?.status == .finished {
      report(.alreadyFinished)
      return nil
    }
    try directory.requireWritable()
    try configuration.plan.validateNoise(device: calibration.device)
    let data = try RunData(configuration.data, workers: workers)
    var manifest = try manifest(of: data, continuing: earlier)
    if let change = manifest.adoptKernel() { report(.notice(change)) }
    let checkpoint = try earlierCheckpoint(manifest)
    try directory.prepare()
    return (manifest, data, checkpoint)
  }

  /// The manifest of the run to continue, if there is one.
  private func earlierManifest() throws(Failure) -> Manifest? {
    guard resumes else {
      try directory.requireUnused()
      return nil
    }
    guard directory.has(directory.manifest) else {
      guard !directory.has(directory.checkpoint) else {
        throw Failure(.badData, at: directory.path, "has a checkpoint but no manifest.json")
      }
      return nil
    }
    return try Manifest(contentsOf: directory.manifest)
  }

  private func manifest(
    of data: RunData, continuing earlier: Manifest?
  ) throws(Failure) -> Manifest {
    var manifest = Manifest(
      configuration: configuration.json, seed: configuration.plan.seed, versions: Versions.json,
      calibrationHash: calibration.sha256, trainingHash: data.trainingHash,
      testHash: data.testHash, start: Manifest.now())
    guard let earlier else { return manifest }
    try earlier.requireUnchanged(
      calibration: calibration, data: data, source: configuration.data.source)
    // The checkpoint belongs to these, whatever keys and calibrations are called today.
    manifest.configuration = earlier.configuration
    manifest.calibrationHash = earlier.calibrationHash
    manifest.start = earlier.start
    manifest.completedEpochs = earlier.completedEpochs
    manifest.divergedEpoch = earlier.divergedEpoch
    manifest.kernels = earlier.kernels
    return manifest
  }

  private func earlierCheckpoint(_ manifest: Manifest) throws(Failure) -> Checkpoint? {
    guard resumes, directory.has(directory.checkpoint) else { return nil }
    let checkpoint = try Checkpoint(contentsOf: directory.checkpoint)
    guard checkpoint.identity == manifest.identity else {
      throw Failure(
        .badData, at: directory.checkpoint, "belongs to another run than the manifest beside it")
    }
    return checkpoint
  }
}
