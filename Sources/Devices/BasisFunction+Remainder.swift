import Foundation

/// What a function has beyond its slope at 0 V: the part of a current that wires attenuate otherwise
/// than in proportion.
extension BasisFunction {
  /// ψ(V) = φ(V) − φ′(0) · V, without the loss of digits of the difference.
  package func remainder(at voltage: Double) -> Double {
    switch self {
    case .linear: 0
    case .cubic: value(at: voltage)
    case .power(let exponent): exponent == 1 ? 0 : value(at: voltage)
    case .hyperbolicSine(let slope):
      abs(slope * voltage) < 0.3
        ? Self.sineRemainder(slope * voltage) / slope : value(at: voltage) - voltage
    case .pooleFrenkel(let beta): voltage * expm1(beta * abs(voltage).squareRoot())
    case .schottky(let beta, let scale):
      voltage == 0
        ? 0
        : voltage
          * expm1(
            beta * abs(voltage).squareRoot()
              + log(-expm1(-abs(voltage) / scale) / (abs(voltage) / scale)))
    case .diode(let slope):
      abs(slope * voltage) < 1e-3
        ? slope * voltage * voltage / 2 * (1 + slope * voltage / 3) : value(at: voltage) - voltage
    case .fowlerNordheim: value(at: voltage)
    case .seriesSinh(_, let ratio): value(at: voltage) - voltage / (1 + ratio)
    case .branch(let function, let isPositive):
      isPositive == (voltage > 0) ? function.remainder(at: voltage) : 0
    }
  }

  /// ψ(share · V) / ψ(V): what is left of the remainder where a share of the voltage arrives.
  ///
  /// The cube of the share for a cube, its n-th power for a power, in between for a sum of them such
  /// as sinh, which the voltage weighs.
  package func remainderRatio(_ share: Double, at voltage: Double) -> Double {
    switch self {
    case .linear: return share
    case .cubic: return share * share * share
    case .power(let exponent): return pow(max(0, share), exponent)
    case .hyperbolicSine, .pooleFrenkel, .schottky, .diode, .fowlerNordheim, .seriesSinh, .branch:
      let whole = remainder(at: voltage)
      // A remainder that vanishes, at 0 V or between rise and saturation, weighs nothing.
      guard abs(whole) > 1e-9 * abs(voltage) else { return share * share * share }
      return remainder(at: share * voltage) / whole
    }
  }

  /// sinh x − x by its series, to 10⁻⁹ of it below 0.3.
  private static func sineRemainder(_ x: Double) -> Double {
    let squared = x * x
    return x * squared / 6 * (1 + squared / 20 * (1 + squared / 42 * (1 + squared / 72)))
  }
}
