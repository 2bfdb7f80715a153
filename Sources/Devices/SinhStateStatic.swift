import Foundation

/// I = gain·(1 + spread·z)·G·sinh(s·V)/s with a slope s = s₀ + s₁·log₁₀(G/G_ref) that depends on
/// the state.
///
/// The function is not a short sum by itself; it is expanded in one of two ways, the first that is
/// within ``accuracy`` of it over all states and voltages as tables and kernels evaluate it:
/// - in its own members at one to four Chebyshev slopes, with Lagrange's polynomials in s: few terms
///   where the states' slopes differ little;
/// - in odd powers of V, Taylor's series: every coefficient is positive, so that nothing cancels and
///   the sum is convex as the function is, for slopes that differ much.
package struct SinhStateStatic: StaticModel, Equatable {
  package var gain: Double
  package var spread: Double
  /// s₀ in V⁻¹: the slope at the reference conductance.
  package var slope: Double
  /// s₁ in V⁻¹ per decade of conductance.
  package var slopePerDecade: Double
  /// G_ref in siemens.
  package var reference: Double
  /// The terms in use.
  private var expansion: Expansion

  /// Largest error of an expansion that is taken, relative to the current.
  package static let accuracy = 1e-3
  /// Powers tried at most: enough up to s·V of about 12.
  private static let powerLimit = 14

  private enum Expansion: Equatable {
    case members(slopes: [Double])
    case powers(Int)
  }

  /// Where no expansion is accurate enough the longest is kept; ``ExpansionError`` says how far it
  /// is off.
  ///
  /// - Parameters:
  ///   - range: conductances in siemens over which the expansion holds.
  ///   - voltage: volts of either sign up to which it holds.
  package init(
    gain: Double, spread: Double, slope: Double, slopePerDecade: Double, reference: Double,
    range: ClosedRange<Double>, voltage: Double
  ) {
    self.gain = gain
    self.spread = spread
    self.slope = slope
    self.slopePerDecade = slopePerDecade
    self.reference = reference
    expansion = .powers(Self.powerLimit)
    let ends = [range.lowerBound, range.upperBound].map { self.slope(at: $0) }
    guard ends.allSatisfy(\.isFinite) else { return }
    let slopes = min(ends[0], ends[1])...max(ends[0], ends[1])
    let powers = Self.powersNeeded(upTo: slopes.upperBound * voltage)
    let candidates =
      (1...4).map { Expansion.members(slopes: Self.chebyshev($0, over: slopes)) }
      + (powers...Self.powerLimit).map { .powers($0) }
    for candidate in candidates {
      expansion = candidate
      guard isConvex(over: slopes, upTo: voltage) else { continue }
      let error = ExpansionError(
        of: self, conductances: range, voltage: voltage, temperatures: [300])
      if error.largest <= Self.accuracy { return }
    }
  }

  /// s at a conductance.
  package func slope(at conductance: Double) -> Double {
    slope + slopePerDecade * log10(conductance / reference)
  }

  package var basis: [BasisFunction] {
    switch expansion {
    case .members(let slopes): slopes.map { .hyperbolicSine(slope: $0) }
    case .powers(let count):
      (0..<count).map {
        $0 == 0 ? .linear : $0 == 1 ? .cubic : .power(exponent: 2 * Double($0) + 1)
      }
    }
  }

  package func coefficients(conductance: Double, temperature: Double) -> StaticCoefficients {
    let mean = weights(slope: slope(at: conductance)).map { gain * conductance * $0 }
    return StaticCoefficients(
      mean: mean, deviation: mean.map { spread * $0 },
      admissible: (spread > 0 ? -1 / spread : -Double.infinity)...Double.infinity)
  }

  package func definedCurrent(
    conductance: Double, voltage: Double, temperature: Double
  ) -> Double {
    gain * conductance
      * BasisFunction.hyperbolicSine(slope: slope(at: conductance)).value(at: voltage)
  }

  /// Coefficients of sinh(s·V)/s, one per basis function.
  private func weights(slope s: Double) -> [Double] {
    switch expansion {
    case .members(let nodes):
      return nodes.indices.map { k in
        nodes.indices.reduce(1.0) { product, j in
          j == k ? product : product * (s - nodes[j]) / (nodes[k] - nodes[j])
        }
      }
    case .powers(let count):
      var weight = 1.0
      return (0..<count).map { m in
        if m > 0 { weight *= s * s / Double(2 * m * (2 * m + 1)) }
        return weight
      }
    }
  }

  /// Terms of Taylor's series of sinh x / x after which the next is below the accuracy, at most the
  /// limit.
  private static func powersNeeded(upTo x: Double) -> Int {
    var (term, sum, count) = (1.0, 1.0, 1)
    while count < powerLimit {
      term *= x * x / Double(2 * count * (2 * count + 1))
      guard term > accuracy * sum else { break }
      sum += term
      count += 1
    }
    return count
  }

  /// Whether the current bends away from zero for all slopes and voltages.
  private func isConvex(over slopes: ClosedRange<Double>, upTo voltage: Double) -> Bool {
    guard case .members(let nodes) = expansion else { return true }
    return (0...32).allSatisfy { step in
      let s = slopes.lowerBound + (slopes.upperBound - slopes.lowerBound) * Double(step) / 32
      let weights = weights(slope: s)
      return (1...32).allSatisfy { step in
        let v = voltage * Double(step) / 32
        return zip(weights, nodes).reduce(0) { $0 + $1.0 * $1.1 * sinh($1.1 * v) } >= 0
      }
    }
  }

  /// Roots of a Chebyshev polynomial, moved to an interval.
  private static func chebyshev(_ count: Int, over range: ClosedRange<Double>) -> [Double] {
    let (low, high) = (range.lowerBound, range.upperBound)
    return (0..<count).map { k in
      (low + high) / 2
        + (high - low) / 2 * cos((Double(k) + 0.5) * Double.pi / Double(count))
    }
  }
}
