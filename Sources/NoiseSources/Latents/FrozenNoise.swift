package import ArrayOperations
package import Mathematics

/// The same 64 Gaussian vectors for ever.
///
/// What the code published for arXiv:2111.14484 does with its recorded noise: a slice that does not
/// move gives rows 0 to 63 in every step. Sampling uses the same table, decided by the seed alone.
package struct FrozenNoise: NoiseSource {
  /// Vectors in the table.
  package static let vectors = 64
  static let defect = "repeats a table of \(vectors) vectors by design"

  private let stream: RandomStream
  private var next = 0

  init(seed: UInt64) { stream = RandomStream(seed: seed, name: "frozen") }

  package var name: String { "frozen" }

  package mutating func restart(at position: UInt64) { next = 0 }

  package mutating func fill(_ latent: inout Matrix, ledger: inout EnergyLedger) {
    for column in 0..<latent.columns {
      for row in 0..<latent.rows {
        latent[row, column] = stream.gaussian(at: row, substream: UInt64(next))
      }
      next = (next + 1) % Self.vectors
    }
  }
}
