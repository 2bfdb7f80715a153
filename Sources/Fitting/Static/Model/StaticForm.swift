import Devices
import Foundation

/// The static models that `fit iv` knows, by their names in a calibration.
package enum StaticForm: String, Sendable, CaseIterable {
  case niliCubic = "nili-cubic"
  case oddPolynomial = "odd-polynomial"
  case sinh
  case sinhState = "sinh-state"
  case powerLaw = "power-law"
  case pooleFrenkel = "poole-frenkel"
  case schottky

  /// Names, units and starting values of the shape; `gain` and `spread` come on top.
  var shape: [(name: String, unit: String, start: Double)] {
    switch self {
    case .niliCubic: []
    case .oddPolynomial: [("c3", "V^-2", 0), ("c5", "V^-4", 0)]
    case .sinh: [("slope", "V^-1", 1)]
    case .sinhState: [("slope", "V^-1", 1), ("slope_per_decade", "V^-1", 0)]
    case .powerLaw: [("exponent", "1", 1.2)]
    case .pooleFrenkel: [("beta", "V^-1/2", 0.1)]
    case .schottky: [("beta", "V^-1/2", 1)]
    }
  }

  /// What a shape is measured against: a voltage, a conductance, a temperature.
  struct Reference: Sendable {
    var voltage: Double
    var conductance: Double
    var thermalVoltage: Double
  }

  /// Current at unit gain of the mean device.
  func current(_ g: Double, _ v: Double, _ p: UnsafePointer<Double>, _ reference: Reference)
    -> Double
  {
    switch self {
    case .niliCubic: return g * v
    case .oddPolynomial:
      let square = v * v
      return g * v * (1 + square * (p[0] + p[1] * square))
    case .sinh: return g * Self.sinhForm(v, p[0])
    case .sinhState: return g * Self.sinhForm(v, p[0] + p[1] * log10(g / reference.conductance))
    case .powerLaw: return g * v * pow(max(abs(v) / reference.voltage, 1e-300), p[0] - 1)
    case .pooleFrenkel: return g * BasisFunction.pooleFrenkel(beta: p[0]).value(at: v)
    case .schottky:
      let form = BasisFunction.schottky(beta: p[0], thermalVoltage: reference.thermalVoltage)
      return g * form.value(at: v)
    }
  }

  private static func sinhForm(_ v: Double, _ slope: Double) -> Double {
    abs(slope * v) < 1e-6 ? v : Foundation.sinh(slope * v) / slope
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
    case .powerLaw: terms = [.init(powerLaw: p[0], reference: reference.voltage)]
    case .pooleFrenkel: terms = [.init(.pooleFrenkel(beta: p[0]), 1)]
    case .schottky:
      terms = [.init(.schottky(beta: p[0], thermalVoltage: reference.thermalVoltage), 1)]
    }
    return ShapedStatic(gain: gain, spread: spread, terms: terms)
  }
}
