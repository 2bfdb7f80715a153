import Foundation

/// The cubic static characteristic of the Nili model.
///
/// H. Nili et al., IEEE Trans. Nanotechnol. 19, 344 (2020), Table I. T is in °C here, because Table
/// I gives coefficients per °C; the interface takes kelvin as everywhere.
///
///     I  = (A₁ + z·s₁)·V + (A₃ + z·s₃)·V³
///     A₁ = a₀ + a₁·G + a₂·T
///     A₃ = b₀·G + b₁·G² + b₂·T^e
///     s₁ = p₀ + p₁·G + p₂·T + p₃·G²
///     s₃ = q₀ + q₁·G + q₂·T + q₃·G² + q₄·G·T
///
/// G is the programmed conductance I(0.1 V)/0.1 V. Two restrictions keep devices physical where the
/// fit is not:
/// - s₁ and s₃ turn negative above about 191 µS, and s₁ below about 2 µS: a spread is held at zero.
/// - A strongly negative z lets the cubic term bend the curve down: z is restricted per state so
///   that dI/dV ≥ 0 up to ``monotoneVoltage``. Since dI/dV is linear in V², its values at 0 and at
///   that voltage decide, and the border follows in closed form.
package struct NiliStatic: StaticModel, Equatable {
  /// a₀ (S), a₁ (1), a₂ (S/°C).
  package var a: [Double]
  /// b₀ (V⁻²), b₁ (S⁻¹·V⁻²), b₂ (°C^−e·S·V⁻²).
  package var b: [Double]
  /// The exponent e of temperature in A₃.
  package var temperatureExponent: Double
  /// p₀ (S), p₁ (1), p₂ (S/°C), p₃ (S⁻¹).
  package var p: [Double]
  /// q₀ (S·V⁻²), q₁ (V⁻²), q₂ (S·V⁻²/°C), q₃ (S⁻¹·V⁻²), q₄ (V⁻²/°C).
  package var q: [Double]
  /// Voltage up to which every device is kept monotone.
  package var monotoneVoltage: Double

  /// Creates the model from its coefficients: three a, three b, four p, five q.
  package init(
    a: [Double], b: [Double], temperatureExponent: Double, p: [Double], q: [Double],
    monotoneVoltage: Double
  ) {
    precondition(a.count == 3 && b.count == 3 && p.count == 4 && q.count == 5)
    self.a = a
    self.b = b
    self.temperatureExponent = temperatureExponent
    self.p = p
    self.q = q
    self.monotoneVoltage = monotoneVoltage
  }

  /// V and V³, whose coefficients are A₁ + z·s₁ and A₃ + z·s₃.
  package var basis: [BasisFunction] { [.linear, .cubic] }

  /// A₁ and A₃ with s₁ and s₃, and the z they allow, at a conductance (S) and a temperature (K).
  package func coefficients(conductance: Double, temperature: Double) -> StaticCoefficients {
    let celsius = temperature - PhysicalConstants.zeroCelsius
    let mean = mean(conductance: conductance, celsius: celsius)
    let fitted = fittedDeviation(conductance: conductance, celsius: celsius)
    let deviation = fitted.map { max(0, $0) }
    return StaticCoefficients(
      mean: mean, deviation: deviation,
      admissible: lowestMonotone(mean: mean, deviation: deviation)...Double.infinity)
  }

  /// A₁ and A₃.
  private func mean(conductance g: Double, celsius t: Double) -> [Double] {
    [
      a[0] + a[1] * g + a[2] * t,
      b[0] * g + b[1] * g * g + b[2] * pow(t, temperatureExponent),
    ]
  }

  /// s₁ and s₃ as the polynomials give them, negative values included.
  package func fittedDeviation(conductance g: Double, celsius t: Double) -> [Double] {
    [
      p[0] + p[1] * g + p[2] * t + p[3] * g * g,
      q[0] + q[1] * g + q[2] * t + q[3] * g * g + q[4] * g * t,
    ]
  }

  /// The smallest z with dI/dV ≥ 0 at zero and at the monotone voltage.
  ///
  /// The mean device is admitted in any case: out of the fitted range its own curve may bend.
  private func lowestMonotone(mean: [Double], deviation: [Double]) -> Double {
    let lowest = [0, monotoneVoltage].map { voltage in
      let weight = 3 * voltage * voltage
      let slope = mean[0] + weight * mean[1]
      let slopePerDeviation = deviation[0] + weight * deviation[1]
      return slopePerDeviation > 0 ? -slope / slopePerDeviation : -Double.infinity
    }
    return min(0, max(lowest[0], lowest[1]))
  }
}
