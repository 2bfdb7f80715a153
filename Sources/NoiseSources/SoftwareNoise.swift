package import ArrayOperations
package import Mathematics

/// Pseudo-random noise from GSL, at no hardware cost: the digital reference.
package struct SoftwareNoise: NoiseSource {
  /// Shape of the distribution; both have zero mean and unit variance.
  package enum Distribution: String, Sendable, CaseIterable {
    case gaussian
    /// Uniform on ±√3.
    case uniform
  }

  package let distribution: Distribution
  private let positions: RandomStream
  private let generator: GSLGenerator

  package var name: String { distribution.rawValue }

  /// A source whose sequences are decided by a seed; different purposes give different sequences.
  package init(_ distribution: Distribution, seed: UInt64, purpose: String) {
    self.distribution = distribution
    positions = RandomStream(seed: seed, name: "latent/\(purpose)")
    generator = GSLGenerator()
    restart(at: 0)
  }

  package func restart(at position: UInt64) {
    generator.restart(seed: positions.word(at: 0, substream: position))
  }

  package func fill(_ latent: inout Matrix, ledger: inout EnergyLedger) {
    latent.elements.withUnsafeMutableBufferPointer { target in
      switch distribution {
      case .gaussian: generator.fillGaussian(target)
      case .uniform:
        let bound = 3.0.squareRoot()
        generator.fillUniform(target, in: (-bound, bound))
      }
    }
  }
}
