import Devices
import Foundation

/// The static models that `fit iv` knows, by their names in a calibration.
package enum StaticForm: String, Sendable, CaseIterable {
  case niliCubic = "nili-cubic"
  case oddPolynomial = "odd-polynomial"
  case sinh
  case sinhState = "sinh-state"
  /// A sinh behind a resistance in series.
  case sinhSeries = "sinh-series"
  /// A sinh of its own for each polarity.
  case asymmetricSinh = "asymmetric-sinh"
  case powerLaw = "power-law"
  /// A power law of its own for each polarity.
  case asymmetricPower = "asymmetric-power"
  case pooleFrenkel = "poole-frenkel"
  case schottky
  /// An exponential in one polarity, saturated in the other, with a leakage beside it.
  case diode
  /// Ohmic below, a power of the voltage above a crossover.
  case spaceCharge = "space-charge-limited"
  case fowlerNordheim = "fowler-nordheim"

  /// A parameter of a shape.
  struct Parameter: Sendable {
    var name: String
    var unit: String
    /// Values that the search for a start tries; of a voltage or its inverse in units of the largest
    /// voltage of the data.
    var trials: [Double]
    /// What the model admits.
    var bounds: ClosedRange<Double> =
      -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
    /// The power of the largest voltage that ``trials`` are in units of.
    var voltagePower = 0.0

    /// An inverse voltage of exponentials.
    static func slope(_ name: String, _ trials: [Double]) -> Parameter {
      Parameter(
        name: name, unit: "V^-1", trials: trials, bounds: 1e-9...1e9, voltagePower: -1)
    }

    /// A number without unit.
    static func number(
      _ name: String, _ trials: [Double], _ bounds: ClosedRange<Double>
    ) -> Parameter {
      Parameter(name: name, unit: "1", trials: trials, bounds: bounds)
    }

    /// The coefficient of a root of the voltage.
    static func field(_ trials: [Double]) -> Parameter {
      Parameter(name: "beta", unit: "V^-1/2", trials: trials, voltagePower: -0.5)
    }
  }

  /// Names, units and trials of the shape; `gain` and `spread` come on top.
  var shape: [Parameter] {
    let slopes = [0.3, 1, 2, 3, 5, 8, 12, 18, 25, 33]
    let few = [0.5, 2, 4, 8, 16, 30]
    switch self {
    case .niliCubic: return []
    case .oddPolynomial:
      return [
        Parameter(name: "c3", unit: "V^-2", trials: [0, 1, 10], voltagePower: -2),
        Parameter(name: "c5", unit: "V^-4", trials: [0, 10], voltagePower: -4),
      ]
    case .sinh: return [.slope("slope", slopes)]
    case .sinhState:
      return [
        .slope("slope", slopes),
        Parameter(name: "slope_per_decade", unit: "V^-1", trials: [-2, 0], voltagePower: -1),
      ]
    case .sinhSeries:
      return [
        .slope("slope", slopes),
        Parameter(
          name: "series_resistance", unit: "ohm", trials: [0.03, 0.3, 3], bounds: 0...1e15),
      ]
    case .asymmetricSinh:
      return [
        .slope("slope", few), .number("negative_gain", [0.01, 0.3, 1, 3], 0...1e9),
        .slope("negative_slope", few),
      ]
    case .powerLaw: return [.number("exponent", [1.2, 2, 3, 5], 1...100)]
    case .asymmetricPower:
      return [
        .number("exponent", [1.2, 2, 4], 1...100),
        .number("negative_gain", [0.01, 0.3, 1, 3], 0...1e9),
        .number("negative_exponent", [1.2, 2, 4], 1...100),
      ]
    case .pooleFrenkel, .schottky: return [.field([0.2, 2, 5, 10, 20, 30])]
    case .diode:
      return [
        Parameter(
          name: "slope", unit: "V^-1", trials: slopes + slopes.map { -$0 }, bounds: -1e9...1e9,
          voltagePower: -1),
        .number("leakage", [1e-3, 0.1, 1], 0...1e12),
      ]
    case .fowlerNordheim:
      return [
        Parameter(
          name: "field", unit: "V", trials: [0.3, 2, 5, 10, 20, 30], bounds: 0...1e9,
          voltagePower: 1),
        .number("leakage", [1e-6, 1e-3, 0.1], 0...1e12),
      ]
    case .spaceCharge:
      return [
        Parameter(
          name: "crossover", unit: "V", trials: [0.03, 0.1, 0.3, 1], bounds: 1e-12...1e12,
          voltagePower: 1),
        .number("exponent", [2, 3, 5, 10], 1.01...100),
      ]
    }
  }

  /// Whether the current is proportional to the gain.
  var isLinearInGain: Bool { self != .sinhSeries }

  /// What a shape is measured against: a voltage, a conductance, a temperature.
  struct Reference: Sendable {
    var voltage: Double
    var conductance: Double
    var thermalVoltage: Double
  }

  /// Current of the mean device in a state, A.
  func current(
    gain: Double, conductance: Double, _ v: Double, _ p: UnsafePointer<Double>,
    _ reference: Reference
  ) -> Double {
    let g = gain * conductance
    switch self {
    case .niliCubic: return g * v
    case .oddPolynomial:
      let square = v * v
      return g * v * (1 + square * (p[0] + p[1] * square))
    case .sinh: return g * Self.sinhForm(v, p[0])
    case .sinhState:
      return g
        * Self.sinhForm(
          v, p[0] + p[1] * log10(conductance / reference.conductance))
    case .sinhSeries: return g * SeriesSinhStatic.form(v, slope: p[0], ratio: p[1] * g)
    case .asymmetricSinh:
      return g * (v < 0 ? p[1] * Self.sinhForm(v, p[2]) : Self.sinhForm(v, p[0]))
    case .powerLaw: return g * Self.power(v, p[0], reference)
    case .asymmetricPower:
      return g * (v < 0 ? p[1] * Self.power(v, p[2], reference) : Self.power(v, p[0], reference))
    case .pooleFrenkel: return g * BasisFunction.pooleFrenkel(beta: p[0]).value(at: v)
    case .schottky:
      let form = BasisFunction.schottky(beta: p[0], thermalVoltage: reference.thermalVoltage)
      return g * form.value(at: v)
    case .diode:
      return g * (BasisFunction.diode(slope: p[0]).value(at: v) + p[1] * v)
    case .fowlerNordheim:
      let form = BasisFunction.fowlerNordheim(field: p[0], reference: reference.voltage)
      return g * (form.value(at: v) + p[1] * v)
    case .spaceCharge:
      return g * v * (1 + pow(abs(v) / p[0], p[1] - 1))
    }
  }

  private static func sinhForm(_ v: Double, _ slope: Double) -> Double {
    abs(slope * v) < 1e-6 ? v : Foundation.sinh(slope * v) / slope
  }

  private static func power(_ v: Double, _ exponent: Double, _ reference: Reference) -> Double {
    v * pow(max(abs(v) / reference.voltage, 1e-300), exponent - 1)
  }

  /// The shape within what the model admits.
  func physical(_ shape: [Double]) -> [Double] {
    zip(shape, self.shape).map { value, parameter in
      min(max(value, parameter.bounds.lowerBound), parameter.bounds.upperBound)
    }
  }

  /// The device model with fitted parameters.
  func model(
    gain: Double, shape p: [Double], spread: Double, reference: Reference,
    range: ClosedRange<Double>, voltage: Double
  ) -> any StaticModel {
    let terms: [ShapedStatic.Term]
    switch self {
    case .niliCubic: terms = [.init(.linear, 1)]
    case .oddPolynomial:
      terms = [.init(.linear, 1), .init(.cubic, p[0]), .init(.power(exponent: 5), p[1])]
    case .sinh: terms = [.init(.hyperbolicSine(slope: p[0]), 1)]
    case .sinhState:
      return SinhStateStatic(
        gain: gain, spread: spread, slope: p[0], slopePerDecade: p[1],
        reference: reference.conductance, range: range, voltage: voltage)
    case .sinhSeries:
      return SeriesSinhStatic(
        gain: gain, spread: spread, slope: p[0], resistance: p[1], range: range)
    case .asymmetricSinh:
      terms = ShapedStatic.Term.branches(
        .init(.hyperbolicSine(slope: p[0]), 1), .init(.hyperbolicSine(slope: p[2]), p[1]))
    case .powerLaw: terms = [.init(powerLaw: p[0], reference: reference.voltage)]
    case .asymmetricPower:
      terms = ShapedStatic.Term.branches(
        .init(powerLaw: p[0], reference: reference.voltage),
        .init(powerLaw: p[2], reference: reference.voltage, times: p[1]))
    case .pooleFrenkel: terms = [.init(.pooleFrenkel(beta: p[0]), 1)]
    case .schottky:
      terms = [.init(.schottky(beta: p[0], thermalVoltage: reference.thermalVoltage), 1)]
    case .diode: terms = [.init(.diode(slope: p[0]), 1), .init(.linear, p[1])]
    case .fowlerNordheim:
      terms = [
        .init(.linear, p[1]),
        .init(.fowlerNordheim(field: p[0], reference: reference.voltage), 1),
      ]
    case .spaceCharge: terms = ShapedStatic.Term.spaceCharge(crossover: p[0], exponent: p[1])
    }
    return ShapedStatic(gain: gain, spread: spread, terms: terms)
  }
}
