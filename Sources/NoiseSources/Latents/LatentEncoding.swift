package import ArrayOperations
package import Failures
import Foundation
package import Mathematics

/// How bits become the entries of a latent vector, zero mean and unit variance.
package struct LatentEncoding: Equatable, Sendable {
  /// Distribution that the entries approach; with one bit all three are ±1.
  package enum Shape: String, Sendable, CaseIterable {
    /// Φ⁻¹((code + ½)/2^k), scaled to unit variance.
    case gaussian
    /// Codes at equal distances.
    case uniform
    /// Number of ones among the bits: binomial, a Gaussian by the central limit theorem.
    case sum
  }

  package var shape: Shape
  /// Bits per entry, k.
  package var bits: Int

  /// The numbers of bits that training offers.
  package static let bitCounts = [1, 4, 8, 16]

  package init(shape: Shape = .gaussian, bits: Int = 16) {
    precondition((1...16).contains(bits), "between 1 and 16 bits per entry")
    self.shape = shape
    self.bits = bits
  }

  /// The value of every code, 2^k of them.
  ///
  /// Tables are odd, v(2^k − 1 − c) = −v(c), so the mean over equally likely codes is exactly zero;
  /// division by the root mean square makes the variance one.
  package var table: [Float] {
    let count = 1 << bits
    let values = (0..<count).map { code -> Double in
      switch shape {
      case .gaussian:
        let upper = max(code, count - 1 - code)
        let quantile = Normal.quantile((Double(upper) + 0.5) / Double(count))
        return code == upper ? quantile : -quantile
      case .uniform: return Double(2 * code - (count - 1))
      case .sum: return Double(2 * code.nonzeroBitCount - bits)
      }
    }
    let scale = (values.reduce(0) { $0 + $1 * $1 } / Double(count)).squareRoot()
    return values.map { Float($0 / scale) }
  }
}

/// Latent vectors from a source of bits.
package struct BitLatents: NoiseSource {
  package private(set) var stream: BitStream
  package let encoding: LatentEncoding
  private let table: [Float]

  package init(_ stream: BitStream, encoding: LatentEncoding) {
    self.stream = stream
    self.encoding = encoding
    table = encoding.table
  }

  package var name: String { stream.source.name }

  package var statistics: NoiseStatistics? { stream.source.statistics }

  package mutating func restart(at position: UInt64) { stream.restart(at: position) }

  package mutating func expect(entriesPerPosition entries: Int, positions: Int) throws(Failure) {
    try stream.expect(bitsPerPosition: entries * encoding.bits, positions: positions)
  }

  package mutating func fill(
    _ latent: inout Matrix, ledger: inout EnergyLedger
  ) throws(Failure) {
    for index in latent.elements.indices {
      latent.elements[index] = table[Int(try stream.take(encoding.bits, ledger: &ledger))]
    }
  }
}
