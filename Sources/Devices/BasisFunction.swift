import Foundation

/// A function of voltage, odd unless it says otherwise, in which static models are expanded: I(G, V) = Σₖ aₖ(G, z) · φₖ(V).
///
/// A short list of terms turns a batch of nonlinear reads into one matrix product per term.
package enum BasisFunction: Equatable, Sendable {
  /// φ(V) = V; its coefficient is in siemens.
  case linear
  /// φ(V) = V³; its coefficient is in S·V⁻².
  case cubic
  /// φ(V) = sinh(slope · V) / slope, slope in V⁻¹; its coefficient is in siemens.
  case hyperbolicSine(slope: Double)
  /// φ(V) = sign(V)·|V|ⁿ, n ≥ 1; its coefficient is in A·V⁻ⁿ.
  case power(exponent: Double)
  /// φ(V) = V·e^(β·√|V|), β in V^(−1/2): Poole–Frenkel emission; its coefficient is in siemens.
  case pooleFrenkel(beta: Double)
  /// φ(V) = sign(V)·s·(1 − e^(−|V|/s))·e^(β·√|V|), s the thermal voltage: Schottky emission over a
  /// barrier on either side; its coefficient is in siemens.
  case schottky(beta: Double, thermalVoltage: Double)
  /// φ(V) = (e^(slope·V) − 1)/slope, slope in V⁻¹ of either sign: a junction that conducts in one
  /// polarity; its coefficient is in siemens.
  case diode(slope: Double)
  /// φ(V) = V·|V|/V_ref·e^(−F·(1/|V| − 1/V_ref)), F and V_ref in volts: Fowler–Nordheim tunnelling; its
  /// coefficient is in siemens, those of the chord at V_ref.
  case fowlerNordheim(field: Double, reference: Double)
  /// A sinh of a slope in V⁻¹ behind a resistance in series, ratio the product of the resistance and
  /// the coefficient, which is in siemens: ``SeriesSinhStatic/form(_:slope:ratio:)``.
  case seriesSinh(slope: Double, ratio: Double)
  /// A function in one polarity, nothing in the other.
  indirect case branch(of: BasisFunction, isPositive: Bool)

  /// Whether φ(−V) = −φ(V): arrays that are read both ways need it.
  package var isOdd: Bool {
    switch self {
    case .diode, .branch: false
    default: true
    }
  }

  /// φ(V), voltage in volts.
  package func value(at voltage: Double) -> Double {
    switch self {
    case .linear: voltage
    case .cubic: voltage * voltage * voltage
    case .hyperbolicSine(let slope): sinh(slope * voltage) / slope
    case .diode(let slope): slope == 0 ? voltage : expm1(slope * voltage) / slope
    case .seriesSinh(let slope, let ratio):
      SeriesSinhStatic.form(voltage, slope: slope, ratio: ratio)
    case .power, .pooleFrenkel, .schottky, .fowlerNordheim: voltage * chord(at: voltage)
    case .branch(let function, let isPositive):
      isPositive == (voltage > 0) ? function.value(at: voltage) : 0
    }
  }

  /// φ(V) / V, continued to V = 0: what a coefficient adds to the chord conductance I/V.
  package func chord(at voltage: Double) -> Double {
    switch self {
    case .linear: 1
    case .cubic: voltage * voltage
    case .hyperbolicSine(let slope):
      abs(slope * voltage) < 1e-6 ? 1 : sinh(slope * voltage) / (slope * voltage)
    case .power(let exponent): exponent == 1 ? 1 : pow(abs(voltage), exponent - 1)
    case .pooleFrenkel(let beta): exp(beta * abs(voltage).squareRoot())
    case .schottky(let beta, let scale):
      exp(beta * abs(voltage).squareRoot()) * Self.saturation(abs(voltage) / scale)
    case .diode(let slope):
      abs(slope * voltage) < 1e-9 ? 1 : expm1(slope * voltage) / (slope * voltage)
    case .fowlerNordheim(let field, let reference):
      voltage == 0
        ? 0 : abs(voltage) / reference * exp(-field * (1 / abs(voltage) - 1 / reference))
    case .seriesSinh(_, let ratio):
      abs(voltage) < 1e-9 ? 1 / (1 + ratio) : value(at: voltage) / voltage
    case .branch(let function, let isPositive):
      // At 0 V the positive branch stands for both, so that chords of two branches do not add up.
      isPositive == (voltage >= 0) ? function.chord(at: voltage) : 0
    }
  }

  /// φ′(V).
  package func derivative(at voltage: Double) -> Double {
    switch self {
    case .linear: 1
    case .cubic: 3 * voltage * voltage
    case .hyperbolicSine(let slope): cosh(slope * voltage)
    case .power(let exponent): exponent * chord(at: voltage)
    case .pooleFrenkel(let beta):
      chord(at: voltage) * (1 + beta * abs(voltage).squareRoot() / 2)
    case .schottky(let beta, let scale):
      exp(beta * abs(voltage).squareRoot() - abs(voltage) / scale)
        + chord(at: voltage) * beta * abs(voltage).squareRoot() / 2
    case .diode(let slope): exp(slope * voltage)
    case .fowlerNordheim(let field, _):
      voltage == 0 ? 0 : chord(at: voltage) * (2 + field / abs(voltage))
    case .seriesSinh(let slope, let ratio):
      // y = sinh(u)/s, so that cosh u = √(1 + (s·y)²) and dy/dV = cosh u / (1 + r·cosh u).
      Self.seriesSlope(slope * value(at: voltage), ratio)
    case .branch(let function, let isPositive):
      isPositive == (voltage >= 0) ? function.derivative(at: voltage) : 0
    }
  }

  private static func seriesSlope(_ sinh: Double, _ ratio: Double) -> Double {
    let cosh = (1 + sinh * sinh).squareRoot()
    return cosh.isFinite ? cosh / (1 + ratio * cosh) : 1 / max(ratio, 1e-300)
  }

  /// (1 − e^(−u)) / u, continued to zero.
  private static func saturation(_ u: Double) -> Double {
    u < 1e-8 ? 1 - u / 2 : -expm1(-u) / u
  }
}
