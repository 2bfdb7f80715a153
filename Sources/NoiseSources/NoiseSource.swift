public import Crossbars
public import Mathematics

/// Where the generator's latent vectors come from.
///
/// Every source delivers numbers of zero mean and unit variance, so that sources can be compared.
/// A source is a sequence that restarts at the border of an epoch: from there on it delivers the
/// same numbers whatever came before, which is what lets a run resume.
public protocol NoiseSource {
  /// The name it is asked for by.
  var name: String { get }

  /// Begins the sequence that belongs to a position, such as the number of an epoch.
  mutating func restart(at position: UInt64)

  /// Fills a batch, latent units × samples, and books what that cost.
  mutating func fill(_ latent: inout Matrix, ledger: inout EnergyLedger)
}
