package import ArrayOperations
package import Failures
import Files
import Foundation
package import Reports

/// What a run is and what became of it: `manifest.json`.
///
/// Written when the run starts, after every epoch and when it ends, however it ends.
package struct Manifest: Equatable, Sendable {
  /// The resolved configuration as a JSON object of sections.
  package var configuration: JSON
  /// The run's seed, beside its place in the configuration, for readers that look for no more.
  package var seed: UInt64
  /// Program and libraries with their versions.
  package var versions: JSON
  /// SHA-256 of the calibration file.
  package var calibrationHash: String
  /// Identity of the training images.
  package var trainingHash: String
  /// Identity of the test images.
  package var testHash: String
  /// ISO 8601, UTC.
  package var start: String
  /// ISO 8601, UTC; nil while the run has not ended.
  package var end: String?
  /// Where the run stands by the last write.
  package var status = Status.running
  /// The exit code, when the run has ended.
  package var exitCode: Int?
  /// Why the run ended early.
  package var reason: String?
  /// Epochs whose other files are complete.
  package var completedEpochs = 0
  /// First epoch with a loss that is not finite.
  package var divergedEpoch: Int?
  /// Spent on writing the initial weights; nil before that and in a manifest read back.
  package var initialLedger: EnergyLedger?
  /// Spent on training, all epochs; nil where ``initialLedger`` is.
  package var trainingLedger: EnergyLedger?
  /// What computed the matrix products, from the first epoch on.
  ///
  /// Another entry for every resume under another kernel of the BLAS or on another processor; empty
  /// in manifests older than this field.
  package var kernels: [KernelRecord] = []
  /// Where training stands, as of the last epoch.
  package var health: JSON?
  /// Quality of the noise source over the last epoch, its cost and wear over the run.
  package var noise: JSON?

  /// The manifest of a run that begins.
  package init(
    configuration: JSON, seed: UInt64, versions: JSON, calibrationHash: String,
    trainingHash: String, testHash: String, start: String
  ) {
    self.configuration = configuration
    self.seed = seed
    self.versions = versions
    self.calibrationHash = calibrationHash
    self.trainingHash = trainingHash
    self.testHash = testHash
    self.start = start
  }

  /// Where a run stands.
  package enum Status: String, Sendable, CaseIterable {
    /// Under way, or killed.
    case running
    case finished
    /// Stopped on request; resumable.
    case interrupted
    case failed
  }
}

extension Manifest {
  static let format = 1

  /// The file's content.
  package var json: JSON {
    var total = initialLedger
    if let trainingLedger { total? += trainingLedger }
    return [
      "format": .integer(Self.format),
      "status": .text(status.rawValue),
      "exit": exitCode.map(JSON.integer) ?? .null,
      "reason": reason.map(JSON.text) ?? .null,
      "start": .text(start),
      "end": end.map(JSON.text) ?? .null,
      "seed": .integer(Int(clamping: seed)),
      "completed_epochs": .integer(completedEpochs),
      "diverged_epoch": divergedEpoch.map(JSON.integer) ?? .null,
      "versions": versions,
      "kernels": .list(kernels.map(\.json)),
      "hashes": [
        "calibration_sha256": .text(calibrationHash),
        "training_images_sha256": .text(trainingHash),
        "test_images_sha256": .text(testHash),
      ],
      "configuration": configuration,
      "ledger": [
        "initial": Self.json(initialLedger), "training": Self.json(trainingLedger),
        "total": Self.json(total),
      ],
      "initial_writing": initialLedger.map(LedgerTable.initialWriting) ?? .null,
      "health": health ?? .null,
      "noise": noise ?? .null,
    ]
  }

  /// Writes the file, whole or not at all.
  package func write(to path: String) throws(Failure) {
    try AtomicFile.write(json.document, to: path, links: .replaced)
  }

  /// A ledger, with a reason beside what is null because it is not finite.
  private static func json(_ ledger: EnergyLedger?) -> JSON {
    guard let ledger else { return .null }
    let value = LedgerTable.json(ledger)
    guard case .object(let members) = value, !ledger.total.isFinite || !ledger.seconds.isFinite
    else { return value }
    return .object(members + [.init("reason", "null stands for a number that is not finite")])
  }
}

extension Manifest {
  /// Reads a manifest.
  ///
  /// The ledger is not read back: it continues from the checkpoint; nor is the noise, which is told
  /// again after the next epoch.
  ///
  /// - Throws: ``Failure``: `noInput` without a file, `badData` when it is no manifest.
  package init(contentsOf path: String) throws(Failure) {
    let bytes = try InputFile.rawBytes(of: path)
    guard let json = JSON(parsing: bytes), json["format"] == .integer(Self.format) else {
      throw Failure(.badData, at: path, "is not a run manifest of format \(Self.format)")
    }
    try self.init(json: json, place: path)
  }

  private init(json: JSON, place: String) throws(Failure) {
    func required<Value>(_ key: String, _ value: Value?) throws(Failure) -> Value {
      guard let value else {
        throw Failure(.badData, at: "\(place): \(key)", "is missing or of a wrong type")
      }
      return value
    }
    let hashes = json["hashes"]
    self.init(
      configuration: try required("configuration", json["configuration"]),
      seed: try required("seed", json["seed"]?.integer.flatMap(UInt64.init(exactly:))),
      versions: try required("versions", json["versions"]),
      calibrationHash: try required(
        "hashes.calibration_sha256", hashes?["calibration_sha256"]?.text),
      trainingHash: try required(
        "hashes.training_images_sha256", hashes?["training_images_sha256"]?.text),
      testHash: try required("hashes.test_images_sha256", hashes?["test_images_sha256"]?.text),
      start: try required("start", json["start"]?.text))
    end = json["end"]?.text
    status = try required("status", json["status"]?.text.flatMap(Status.init))
    exitCode = json["exit"]?.integer
    reason = json["reason"]?.text
    completedEpochs = try required("completed_epochs", json["completed_epochs"]?.integer)
    divergedEpoch = json["diverged_epoch"]?.integer
    if case .list(let records)? = json["kernels"] {
      kernels = records.compactMap { KernelRecord($0) }
    }
  }

  /// The present time as manifests write it.
  static func now() -> String {
    Date().formatted(.iso8601)
  }
}
