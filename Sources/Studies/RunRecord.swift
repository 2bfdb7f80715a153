import Failures
import Files
import Foundation
package import Reports
import Runs

/// What is known of one run of a study, read from its directory.
package struct RunRecord: Equatable, Sendable {
  /// The run's place in the grid and its configuration.
  package let point: StudyPoint
  /// Where the run stands, by its directory, its last failure and the study's lock.
  package var status = Status.left
  /// Why the run failed.
  package var message: String?
  /// Epochs done, by the manifest.
  package var completedEpochs = 0
  /// First epoch with a loss that is not finite.
  package var divergedEpoch: Int?
  /// ISO 8601, UTC; nil for a run that was not begun.
  package var start: String?
  /// ISO 8601, UTC; nil for a run that has not ended.
  package var end: String?
  /// Of program and libraries; an object.
  package var versions = JSON.null
  /// SHA-256 by name: calibration, training and test images.
  package var hashes = JSON.null
  /// Joules, seconds and counts of the whole run by name, initial weights included.
  package var ledger: [String: Double] = [:]
  /// The columns of `metrics.csv`, in its order.
  package var columns: [String] = []
  /// A row per epoch, a cell per column; nil for a cell that is empty.
  package var rows: [[Double?]] = []

  /// Where a run stands.
  package enum Status: String, Sendable, CaseIterable {
    case finished
    /// A process is at work on it.
    case running
    /// Begun and stopped or killed; goes on from its last epoch.
    case interrupted
    /// Ended with an error; tried again by the next `study run`.
    case failed
    /// Not begun.
    case left
  }

  /// A record of a run without a directory.
  package init(of point: StudyPoint) { self.point = point }

  /// Wall-clock seconds from first start to end, pauses included.
  package var wallSeconds: Double? {
    guard let start = start.flatMap(Self.date), let end = end.flatMap(Self.date) else {
      return nil
    }
    return end.timeIntervalSince(start)
  }

  private static func date(_ text: String) -> Date? { try? Date(text, strategy: .iso8601) }

  /// A quantity of the finished run: of the ledger over the whole run, or of the last epoch's row.
  ///
  /// Nil when there is none, or none that is finite.
  package func final(_ name: String) -> Double? {
    if let value = ledger[name] { return value.isFinite ? value : nil }
    guard let column = columns.firstIndex(of: name), let value = rows.last?[column] else {
      return nil
    }
    return value.isFinite ? value : nil
  }

  /// Columns of `metrics.csv` that measure the images or the training, not the hardware.
  package var qualityColumns: [String] {
    columns.filter { ledger[$0] == nil && $0 != "epoch" }
  }
}

extension RunRecord {
  /// Reads what a run's directory and its last failure say.
  init(of point: StudyPoint, in folder: StudyFolder, studyIsActive: Bool) {
    self.init(of: point)
    let directory = folder.run(point.id)
    if FileManager.default.fileExists(atPath: directory.manifest) {
      do throws(Failure) {
        try read(directory, studyIsActive: studyIsActive)
      } catch {
        status = .failed
        message = error.description
      }
    }
    guard status != .finished else { return }
    if let data = try? InputFile.rawBytes(of: folder.failure(point.id)),
      let text = JSON(parsing: data)?["message"]?.text
    {
      status = .failed
      message = text
    }
  }

  private mutating func read(
    _ directory: RunDirectory, studyIsActive: Bool
  ) throws(Failure) {
    let manifest = try Manifest(contentsOf: directory.manifest)
    status =
      switch manifest.status {
      case .finished: .finished
      case .running: studyIsActive ? .running : .interrupted
      case .interrupted: .interrupted
      case .failed: .failed
      }
    message = status == .failed ? manifest.reason : nil
    completedEpochs = manifest.completedEpochs
    divergedEpoch = manifest.divergedEpoch
    start = manifest.start
    end = manifest.end
    versions = manifest.versions
    let json = JSON(parsing: try InputFile.rawBytes(of: directory.manifest))
    hashes = json?["hashes"] ?? .null
    if case .object(let members) = json?["ledger"]?["total"] {
      for member in members { ledger[member.key] = member.value.number }
    }
    if FileManager.default.fileExists(atPath: directory.metrics) {
      (columns, rows) = try Self.table(in: directory.metrics)
    }
    guard status != .finished || rows.count == completedEpochs else {
      throw Failure(
        .badData, at: directory.metrics,
        "has \(rows.count) rows for the \(completedEpochs) epochs of its manifest")
    }
  }

  /// A CSV file of numbers with a header.
  private static func table(
    in path: String
  ) throws(Failure) -> (columns: [String], rows: [[Double?]]) {
    let lines = try InputFile.text(of: path).split(separator: "\n")
    let columns = lines.first?.split(separator: ",").map(String.init) ?? []
    var rows: [[Double?]] = []
    for (index, line) in lines.dropFirst().enumerated() {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(Double.init)
      guard cells.count == columns.count else {
        throw Failure(
          .badData, at: "\(path):\(index + 2)", "has \(cells.count) of \(columns.count) cells")
      }
      rows.append(cells)
    }
    return (columns, rows)
  }
}
