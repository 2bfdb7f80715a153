package import ArrayOperations
package import Failures
package import Mathematics

/// Where the generator's latent vectors come from.
///
/// Every source delivers numbers of zero mean and unit variance, so that sources can be compared.
/// A source is a sequence that restarts at the border of an epoch: from there on it delivers the
/// same numbers whatever came before, which is what lets a run resume.
package protocol NoiseSource {
  /// The name it is asked for by.
  var name: String { get }

  /// Tests and estimates of what the source has delivered since its last restart; nil for one that
  /// is not watched.
  var statistics: NoiseStatistics? { get }

  /// Begins the sequence that belongs to a position, such as the number of an epoch.
  mutating func restart(at position: UInt64)

  /// Announces how many numbers at most are drawn after each restart, and how many restarts follow.
  ///
  /// - Throws: ``Failure`` of kind `badData` when a recording is too short for that.
  mutating func expect(entriesPerPosition: Int, positions: Int) throws(Failure)

  /// Fills a batch, latent units × samples, and books what that cost.
  ///
  /// - Throws: ``Failure``: `internal` when the source fails its health tests, `badData` when a
  ///   recording ends.
  mutating func fill(_ latent: inout Matrix, ledger: inout EnergyLedger) throws(Failure)
}

extension NoiseSource {
  package var statistics: NoiseStatistics? { nil }
  package mutating func expect(entriesPerPosition: Int, positions: Int) throws(Failure) {}
}
