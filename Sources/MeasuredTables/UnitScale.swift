import Foundation

/// Conversion of a written unit to the SI: value · factor + offset.
struct UnitScale: Equatable, Sendable {
  var factor: Double
  var offset: Double

  init(factor: Double, offset: Double = 0) {
    self.factor = factor
    self.offset = offset
  }

  static let identity = UnitScale(factor: 1)

  /// The scale from a unit in any usual spelling (`mV`, `uA`, `µS`, `kOhm`, `Ω`, `min`, `(K)`) to a
  /// quantity's own; nil when it does not measure that quantity, and for `MA`, which may be mega or
  /// milli.
  init?(_ text: String, for quantity: MeasuredQuantity) {
    let unit = Self.bare(text)
    guard let dimension = UnitDimension(quantity) else {
      guard unit.isEmpty || unit == "1" else { return nil }
      self = .identity
      return
    }
    guard let scale = dimension.scale(of: unit) else { return nil }
    self = scale
  }

  func callAsFunction(_ value: Double) -> Double { value * factor + offset }

  /// A number with an attached unit, as file names and some cells have them: `20uA`, `1.5 V`.
  static func value(of text: String, for quantity: MeasuredQuantity) -> Double? {
    if let plain = Double(text) { return plain }
    let end = text.lastIndex { "0123456789.".contains($0) }.map { text.index(after: $0) }
    guard let end, let number = Double(text[..<end]),
      let scale = UnitScale(String(text[end...]), for: quantity)
    else { return nil }
    return scale(number)
  }

  /// A unit without brackets and blanks, with one spelling of micro and ohm.
  static func bare(_ text: String) -> String {
    var unit = text.trimmingCharacters(in: .whitespaces)
    for (open, close) in [("(", ")"), ("[", "]"), ("{", "}"), ("<", ">")]
    where unit.hasPrefix(open) && unit.hasSuffix(close) && unit.count > 1 {
      unit = String(unit.dropFirst().dropLast()).trimmingCharacters(in: .whitespaces)
    }
    for (written, one) in [
      ("\u{00B5}", "u"), ("\u{03BC}", "u"), ("\u{2126}", "ohm"), ("\u{03A9}", "ohm"),
      ("\u{03C9}", "ohm"), ("\u{2103}", "degC"), ("\u{00BA}C", "degC"),
    ] { unit = unit.replacingOccurrences(of: written, with: one) }
    return unit
  }
}

/// What a unit measures.
enum UnitDimension: CaseIterable, Sendable {
  case voltage, current, conductance, resistance, time, temperature

  /// The dimension of a quantity; nil for words and plain numbers.
  init?(_ quantity: MeasuredQuantity) {
    switch quantity.unit {
    case "V": self = .voltage
    case "A": self = .current
    case "S": self = .conductance
    case "ohm": self = .resistance
    case "s": self = .time
    case "°C": self = .temperature
    default: return nil
    }
  }

  /// The dimension and scale of a unit whose quantity is not known; `s` is time and `S` conductance.
  static func of(_ text: String) -> (dimension: UnitDimension, scale: UnitScale)? {
    let unit = UnitScale.bare(text)
    guard !unit.isEmpty else { return nil }
    for dimension in allCases {
      if let scale = dimension.exactScale(of: unit) { return (dimension, scale) }
    }
    for dimension in allCases {
      if let scale = dimension.scale(of: unit) { return (dimension, scale) }
    }
    return nil
  }

  /// The quantity that a column has of which only the unit is known.
  var quantity: MeasuredQuantity {
    switch self {
    case .voltage: .voltage
    case .current: .current
    case .conductance: .conductance
    case .resistance: .resistance
    case .time: .time
    case .temperature: .temperature
    }
  }

  private var symbol: String {
    switch self {
    case .voltage: "V"
    case .current: "A"
    case .conductance: "S"
    case .resistance: "ohm"
    case .time: "s"
    case .temperature: ""
    }
  }

  /// Lower-case words for the unit, longest first.
  private var words: [String] {
    switch self {
    case .voltage: ["volts", "volt", "v"]
    case .current: ["amperes", "ampere", "amps", "amp", "a"]
    case .conductance: ["siemens", "mho", "s"]
    case .resistance: ["ohms", "ohm"]
    case .time: ["seconds", "second", "secs", "sec", "s"]
    case .temperature: []
    }
  }

  /// Units that are no prefix and base.
  private var whole: [String: UnitScale] {
    switch self {
    case .time:
      [
        "min": .init(factor: 60), "mins": .init(factor: 60), "minute": .init(factor: 60),
        "minutes": .init(factor: 60), "h": .init(factor: 3600), "hr": .init(factor: 3600),
        "hrs": .init(factor: 3600), "hour": .init(factor: 3600), "hours": .init(factor: 3600),
        "d": .init(factor: 86_400), "day": .init(factor: 86_400), "days": .init(factor: 86_400),
      ]
    case .temperature:
      [
        "°c": .identity, "c": .identity, "degc": .identity, "deg c": .identity,
        "celsius": .identity, "k": .init(factor: 1, offset: -273.15),
        "kelvin": .init(factor: 1, offset: -273.15),
      ]
    // 2e²/h, the unit of filaments.
    case .conductance: ["g0": .init(factor: 7.748091729e-5), "1/ohm": .identity]
    default: [:]
    }
  }

  /// The scale of prefix and symbol in their own letters.
  private func exactScale(of unit: String) -> UnitScale? {
    guard !symbol.isEmpty, unit.hasSuffix(symbol) else { return nil }
    let prefix = String(unit.dropLast(symbol.count))
    // MV may be meant as mV; ohms do come in mega.
    guard prefix != "M" || self == .resistance else { return nil }
    return Self.prefixes[prefix].map { UnitScale(factor: $0) }
  }

  /// The scale of a unit in any usual spelling.
  func scale(of unit: String) -> UnitScale? {
    if let exact = exactScale(of: unit) { return exact }
    let lower = unit.lowercased()
    if let whole = whole[lower] { return whole }
    for word in words where lower.hasSuffix(word) {
      let prefix = String(unit.dropLast(word.count)).trimmingCharacters(in: .whitespaces)
      if let factor = Self.longPrefixes[prefix.lowercased()] { return UnitScale(factor: factor) }
      // An upper-case M is mega before a word or ohms; before a lone letter it may be milli.
      if prefix == "M" { return word.count > 1 ? UnitScale(factor: 1e6) : nil }
      if let factor = Self.prefixes[prefix] ?? Self.prefixes[prefix.lowercased()] {
        return UnitScale(factor: factor)
      }
    }
    return nil
  }

  private static let prefixes: [String: Double] = [
    "": 1, "f": 1e-15, "p": 1e-12, "n": 1e-9, "u": 1e-6, "m": 1e-3, "k": 1e3, "K": 1e3, "M": 1e6,
    "G": 1e9, "g": 1e9,
  ]
  private static let longPrefixes: [String: Double] = [
    "femto": 1e-15, "pico": 1e-12, "nano": 1e-9, "micro": 1e-6, "milli": 1e-3, "kilo": 1e3,
    "mega": 1e6, "giga": 1e9,
  ]
}
