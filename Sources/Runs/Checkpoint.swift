package import ArrayOperations
package import Networks

/// Everything a run needs to go on from the end of an epoch.
///
/// The file, all integers little-endian:
///
///     offset  size  content
///     0       8     magic "XBARGAN\n"
///     8       4     format version, 1
///     12      4     length h of the header in bytes
///     16      4     CRC-32 of bytes 0..<16 followed by the header
///     20      h     header, JSON in UTF-8
///     20 + h  …     the arrays one after the other, 32-bit floats
///
/// The header names each array with its shape, its offset behind the header and its CRC-32; nothing
/// lies between the arrays or after the last, so that no byte of the file is without a check.
package struct Checkpoint: Equatable, Sendable {
  /// Identity of the configuration, the data and the calibration the state belongs to.
  package var identity: String
  /// The trainer at the end of the epoch.
  package var state: TrainerState
  /// Spent on writing the initial weights.
  package var initialLedger: EnergyLedger
  /// Spent on training, all epochs.
  package var trainingLedger: EnergyLedger
  /// The last epoch's row of metrics, so that a run cut between checkpoint and row can write it;
  /// without its clock time, so that equal runs have equal checkpoints.
  package var row: [String]
  /// Fakes so far that were classified as the trained digit: the published accuracy's memory.
  package var publishedHits: Int
  /// All fakes that the published accuracy has counted.
  package var publishedTotal: Int

  /// A checkpoint at the end of an epoch; the counts are zero unless one digit is trained.
  package init(
    identity: String, state: TrainerState, initialLedger: EnergyLedger,
    trainingLedger: EnergyLedger, row: [String], publishedHits: Int = 0, publishedTotal: Int = 0
  ) {
    self.identity = identity
    self.state = state
    self.initialLedger = initialLedger
    self.trainingLedger = trainingLedger
    self.row = row
    self.publishedHits = publishedHits
    self.publishedTotal = publishedTotal
  }

  static let magic = Array("XBARGAN\n".utf8)
  static let version: UInt32 = 1
  static let preambleSize = 20
}

/// The part of a checkpoint that is text.
///
/// Numbers that are not finite travel as strings: a diverged run is resumable too.
struct CheckpointHeader: Codable {
  var identity: String
  var epoch: Int
  var initialLedger: [String: Double]
  var trainingLedger: [String: Double]
  var row: [String]
  var publishedHits: Int
  var publishedTotal: Int
  var arrays: [Entry]

  struct Entry: Codable {
    var name: String
    var shape: [Int]
    /// In bytes behind the header.
    var offset: Int
    var crc32: UInt32
  }
}
