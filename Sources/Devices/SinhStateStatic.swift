import Foundation

/// I = gain·(1 + spread·z)·G·sinh(s·V)/s with a slope s = s₀ + s₁·log₁₀(G/G_ref) that depends on
/// the state.
///
/// In s the function is smooth, so it is expanded in its own members at four Chebyshev slopes:
/// sinh(sV)/s ≈ Σₖ Lₖ(s)·sinh(sₖV)/sₖ with Lagrange's polynomials Lₖ. ``expansionError(upTo:)``
/// bounds what that leaves out.
package struct SinhStateStatic: StaticModel, Equatable {
  package var gain: Double
  package var spread: Double
  /// s₀ in V⁻¹: the slope at the reference conductance.
  package var slope: Double
  /// s₁ in V⁻¹ per decade of conductance.
  package var slopePerDecade: Double
  /// G_ref in siemens.
  package var reference: Double
  /// The slopes of the expansion.
  let nodes: [Double]
  /// The slopes over which it holds.
  let slopes: ClosedRange<Double>

  /// - Parameter range: conductances in siemens over which the expansion holds.
  package init(
    gain: Double, spread: Double, slope: Double, slopePerDecade: Double, reference: Double,
    range: ClosedRange<Double>
  ) {
    self.gain = gain
    self.spread = spread
    self.slope = slope
    self.slopePerDecade = slopePerDecade
    self.reference = reference
    let ends = [range.lowerBound, range.upperBound].map {
      slope + slopePerDecade * log10($0 / reference)
    }
    let (low, high) = (min(ends[0], ends[1]), max(ends[0], ends[1]))
    slopes = low...high
    nodes =
      high - low < 1e-9 * abs(high)
      ? [high]
      : (0..<4).map { k in
        (low + high) / 2 + (high - low) / 2 * cos((Double(k) + 0.5) * Double.pi / 4)
      }
  }

  /// s at a conductance.
  package func slope(at conductance: Double) -> Double {
    slope + slopePerDecade * log10(conductance / reference)
  }

  package var basis: [BasisFunction] { nodes.map { .hyperbolicSine(slope: $0) } }

  package func coefficients(conductance: Double, temperature: Double) -> StaticCoefficients {
    let s = slope(at: conductance)
    let mean = nodes.indices.map { k in
      nodes.indices.reduce(gain * conductance) { product, j in
        j == k ? product : product * (s - nodes[j]) / (nodes[k] - nodes[j])
      }
    }
    return StaticCoefficients(
      mean: mean, deviation: mean.map { spread * $0 },
      admissible: (spread > 0 ? -1 / spread : -Double.infinity)...Double.infinity)
  }

  /// Largest error of the expansion relative to the current, over its slopes, at a voltage.
  package func expansionError(upTo voltage: Double) -> Double {
    guard nodes.count > 1 else { return 0 }
    let (low, high) = (slopes.lowerBound, slopes.upperBound)
    return (0...64).map { step in
      let s = low + (high - low) * Double(step) / 64
      let exact = sinh(s * voltage) / s
      let sum = nodes.indices.reduce(0.0) { sum, k in
        let weight = nodes.indices.reduce(1.0) {
          $1 == k ? $0 : $0 * (s - nodes[$1]) / (nodes[k] - nodes[$1])
        }
        return sum + weight * sinh(nodes[k] * voltage) / nodes[k]
      }
      return abs(sum / exact - 1)
    }.max() ?? 0
  }
}
