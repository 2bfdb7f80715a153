import Calibration
import Failures
import Files
import Foundation
import Reports

extension Manifest {
  /// What a checkpoint must have in common with the run: configuration, calibration and data.
  var identity: String {
    let parts = [configuration.sorted.line, calibrationHash, trainingHash, testHash]
    return Checksum.sha256(Data(parts.joined(separator: "\n").utf8))
  }

  /// Refuses to continue when what the run was started on is no longer the same.
  func requireUnchanged(
    calibration: Calibration, data: RunData, source: String
  ) throws(Failure) {
    try requireUnchanged(calibration: calibration)
    guard trainingHash == data.trainingHash, testHash == data.testHash else {
      throw Failure(
        .badData, at: source, "the images are not those the run was started on",
        remedy: "restore them, or start a new run")
    }
  }

  /// Refuses another calibration than the run was started with.
  func requireUnchanged(calibration: Calibration) throws(Failure) {
    guard calibration.isTheSame(as: calibrationHash) else {
      throw Failure(
        .badData, at: calibration.path, "is not the calibration the run was started with",
        remedy: "restore the file, or start a new run")
    }
  }

  /// Records what computes this process's products, where that is new.
  ///
  /// - Returns: a warning when the run was begun with other kernels.
  mutating func adoptKernel() -> String? {
    let now = KernelRecord.current(afterEpoch: completedEpochs)
    guard let last = kernels.last else {
      kernels = [now]
      return nil
    }
    guard !now.computesLike(last) else { return nil }
    kernels.append(now)
    return "products are computed by the kernels \(now.name) from epoch \(completedEpochs + 1) on,"
      + " by \(last.name) before: the run does not end with the bits of an uninterrupted one"
  }

  mutating func end(_ status: Status, exitCode: Int32, reason: String?) {
    self.status = status
    self.exitCode = Int(exitCode)
    self.reason = reason
    end = Self.now()
  }
}

extension JSON {
  /// The value with all members in alphabetical order and numbers of one kind.
  fileprivate var sorted: JSON {
    switch self {
    case .object(let members):
      .object(
        members.sorted { $0.key < $1.key }.map { Member($0.key, $0.value.sorted) })
    case .list(let values): .list(values.map(\.sorted))
    case .integer(let value): .number(Double(value))
    default: self
    }
  }
}
