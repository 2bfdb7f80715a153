import Files
import FitResults
import Foundation
import Reports
import Statistics

/// A fitted parameter as people read it: with a unit prefix, and an interval that shows both sides
/// where they differ.
struct ParameterText {
  let value: String
  /// Half of the 95 % interval, or how far it reaches up and down.
  let interval: String
  let unit: String

  /// Units that take a prefix; those of quotients and squares stay as they are.
  private static let prefixed: Set = ["S", "V", "A", "s", "Hz", "ohm", "Ω", "W", "J"]
  private static let prefixes: [(factor: Double, symbol: String)] = [
    (1e9, "G"), (1e6, "M"), (1e3, "k"), (1, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"),
    (1e-12, "p"), (1e-15, "f"),
  ]
  /// Sides that differ by less than this ratio are one number.
  private static let lopsided = 1.25

  init(_ parameter: FittedParameter) {
    let (factor, unit) = Self.scale(parameter.value, parameter.unit)
    self.unit = unit
    value = NumberText.short(parameter.value / factor, digits: 6)
    let up = (parameter.interval.upperBound - parameter.value) / factor
    let down = (parameter.value - parameter.interval.lowerBound) / factor
    func short(_ side: Double) -> String {
      side.isFinite ? NumberText.short(max(0, side), digits: 3) : "∞"
    }
    if !up.isFinite, !down.isFinite {
      interval = "-"
    } else if max(up, down) < Self.lopsided * min(up, down) || up == down {
      interval = short((up + down) / 2)
    } else {
      interval = "+\(short(up)) -\(short(down))"
    }
  }

  /// The factor of a unit's prefix, and the unit with it.
  static func scale(_ value: Double, _ unit: String) -> (factor: Double, unit: String) {
    let magnitude = abs(value)
    guard prefixed.contains(unit), magnitude.isFinite, magnitude > 0,
      let prefix = prefixes.first(where: { magnitude >= 0.9995 * $0.factor })
    else { return (1, unit) }
    return (prefix.factor, prefix.symbol + unit)
  }
}
