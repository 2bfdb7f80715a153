import Failures

/// Conversion of a written unit to the SI: value · factor + offset.
struct UnitScale: Equatable, Sendable {
  var factor: Double
  var offset: Double

  init(factor: Double, offset: Double = 0) {
    self.factor = factor
    self.offset = offset
  }

  static let identity = UnitScale(factor: 1)

  /// The scale from a unit such as `mV`, `uA`, `µS` or `K` to a quantity's own; nil when it does
  /// not measure that quantity.
  init?(_ text: String, for quantity: MeasuredQuantity) {
    let base = quantity.unit
    guard !base.isEmpty else {
      guard text.isEmpty || text == "1" else { return nil }
      self = .identity
      return
    }
    if quantity == .temperature {
      guard let offset = ["°C": 0, "C": 0, "degC": 0, "K": -273.15][text] else { return nil }
      self.init(factor: 1, offset: offset)
      return
    }
    for (prefix, factor) in Self.prefixes where text == prefix + base {
      self.init(factor: factor)
      return
    }
    return nil
  }

  func callAsFunction(_ value: Double) -> Double { value * factor + offset }

  /// A number with an attached unit, as file names have them: `20uA`.
  static func value(of text: String, for quantity: MeasuredQuantity) -> Double? {
    if let plain = Double(text) { return plain }
    let end = text.lastIndex { "0123456789.".contains($0) }.map { text.index(after: $0) }
    guard let end, let number = Double(text[..<end]),
      let scale = UnitScale(String(text[end...]), for: quantity)
    else { return nil }
    return scale(number)
  }

  private static let prefixes: [(String, Double)] = [
    ("", 1), ("f", 1e-15), ("p", 1e-12), ("n", 1e-9), ("u", 1e-6), ("µ", 1e-6), ("μ", 1e-6),
    ("m", 1e-3), ("k", 1e3), ("M", 1e6),
  ]
}
