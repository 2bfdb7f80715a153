import Foundation

/// A number with a unit, written for people: `Quantity(5e-5, "S").description` is `50 µS`.
package struct Quantity: Equatable, Sendable {
  /// The number in the unit without prefix.
  package var value: Double
  /// The unit's symbol without prefix.
  package var unit: String

  /// A number of a unit, such as `S` or `°C`.
  package init(_ value: Double, _ unit: String) {
    self.value = value
    self.unit = unit
  }

  private static let prefixes: [(factor: Double, symbol: String)] = [
    (1e-15, "f"), (1e-12, "p"), (1e-9, "n"), (1e-6, "µ"), (1e-3, "m"), (1, ""), (1e3, "k"),
    (1e6, "M"), (1e9, "G"),
  ]
}

extension Quantity: CustomStringConvertible {
  /// Up to six significant digits, with the prefix that leaves one to three of them before the
  /// point; temperatures keep their unit.
  package var description: String {
    let magnitude = abs(value) * (1 + 1e-9)
    let scales = unit.contains("°") || value == 0 || !value.isFinite
    let prefix = scales ? (1, "") : Self.prefixes.last { $0.factor <= magnitude } ?? (1, "")
    return String(format: "%.6g ", value / prefix.0) + prefix.1 + unit
  }
}
