import Foundation

/// I = gain·(1 + spread·z)·G·sinh(s·U)/s with U = V − R·I₀ the voltage left behind a resistance R in
/// series, I₀ the mean device's current.
///
/// With the state the curve changes its form, from a sinh to the straight line of the resistance. It is
/// expanded in the curves of Chebyshev nodes of ln G: I/G ≈ Σₖ Lₖ(ln G)·I(Gₖ)/Gₖ with Lagrange's
/// polynomials Lₖ.
package struct SeriesSinhStatic: StaticModel, Equatable {
  package var gain: Double
  package var spread: Double
  /// s in V⁻¹.
  package var slope: Double
  /// R in ohms.
  package var resistance: Double
  /// ln Gₖ.
  private let nodes: [Double]

  private static let nodeCount = 6

  /// - Parameter range: conductances in siemens over which the expansion holds.
  package init(
    gain: Double, spread: Double, slope: Double, resistance: Double, range: ClosedRange<Double>
  ) {
    self.gain = gain
    self.spread = spread
    self.slope = slope
    self.resistance = resistance
    let (low, high) = (log(range.lowerBound), log(range.upperBound))
    nodes =
      high - low < 1e-6 || resistance == 0
      ? [(low + high) / 2]
      : (0..<Self.nodeCount).map { k in
        (low + high) / 2 + (high - low) / 2
          * cos((Double(k) + 0.5) * Double.pi / Double(Self.nodeCount))
      }
  }

  package var basis: [BasisFunction] {
    nodes.map { .seriesSinh(slope: slope, ratio: resistance * gain * exp($0)) }
  }

  package func coefficients(conductance: Double, temperature: Double) -> StaticCoefficients {
    let place = log(conductance)
    let mean = nodes.indices.map { k in
      nodes.indices.reduce(gain * conductance) { product, j in
        j == k ? product : product * (place - nodes[j]) / (nodes[k] - nodes[j])
      }
    }
    return StaticCoefficients(
      mean: mean, deviation: mean.map { spread * $0 },
      admissible: (spread > 0 ? -1 / spread : -Double.infinity)...Double.infinity)
  }

  /// y = sinh(s·(V − r·y))/s, r the product of resistance and conductance.
  ///
  /// In u = s·(V − r·y) the equation u + r·sinh u = s·V is convex on one side of zero, so that Newton's
  /// steps from above never leave it.
  package static func form(_ voltage: Double, slope: Double, ratio: Double) -> Double {
    let drive = abs(slope * voltage)
    guard drive > 1e-9, slope != 0 else { return voltage / (1 + ratio) }
    guard ratio > 0 else { return (voltage < 0 ? -1 : 1) * sinh(drive) / abs(slope) }
    var u = min(drive, asinh(drive / ratio))
    for _ in 0..<60 {
      let step = (u + ratio * sinh(u) - drive) / (1 + ratio * cosh(u))
      u -= step
      if abs(step) <= 1e-14 * u { break }
    }
    return (voltage < 0 ? -1 : 1) * sinh(u) / abs(slope)
  }
}
