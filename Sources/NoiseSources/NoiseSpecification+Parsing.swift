package import Failures

extension NoiseSpecification {
  /// Reads a specification.
  ///
  /// - Throws: ``Failure`` of kind `usage` for an unknown name or option, a value out of its range
  ///   or an option given twice.
  package init(parsing text: String) throws(Failure) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts.first.map(String.init) ?? ""
    guard Self.names.contains(name) else {
      throw Failure(
        .usage, at: "noise source \"\(text)\"", "there is no source \"\(name)\"",
        remedy: "the sources are \(Self.names.joined(separator: ", "))")
    }
    if name == "file" {
      guard parts.count == 2, !parts[1].isEmpty else {
        throw Failure(.usage, at: "noise source \"\(text)\"", "needs a path, as in file:bits.bin")
      }
      self.init(.file(String(parts[1])))
      return
    }
    var options = try OptionList(text, parts.count == 2 ? String(parts[1]) : nil)
    let kind = try Self.kind(name, &options)
    try options.finish()
    self.init(kind)
  }

  private static func kind(
    _ name: String, _ options: inout OptionList
  ) throws(Failure) -> Kind {
    switch name {
    case "uniform": return .uniform
    case "lfsr16": return .shiftRegister(.bits16)
    case "lfsr32": return .shiftRegister(.bits32)
    case "switching": return .switching(try SwitchingOptions(&options))
    case "thermal": return .thermal(bits: try options.integer("bits", in: 1...16) ?? 8)
    case "telegraph": return .telegraph(options.correction() ?? .none)
    case "biased": return try biased(&options)
    case "frozen": return .frozen
    default: return .gaussian
    }
  }

  private static func biased(_ options: inout OptionList) throws(Failure) -> Kind {
    let probability = try options.number("p", in: 0...1) ?? 0.5
    let correlation = try options.number("lag", in: -1...1) ?? 0
    // Both transition probabilities must be probabilities.
    let after = (
      one: probability + correlation * (1 - probability), zero: probability * (1 - correlation)
    )
    guard (0...1).contains(after.one), (0...1).contains(after.zero) else {
      throw options.failure("no chain has p=\(probability) with lag=\(correlation)")
    }
    return .biased(probability: probability, correlation: correlation)
  }
}

extension SwitchingOptions {
  fileprivate init(_ options: inout OptionList) throws(Failure) {
    self.init()
    correction = options.correction() ?? .vonNeumann
    cycleSpread = try options.number("c2c", in: 1e-6...10)
    drift = try options.number("drift", in: -1e-3...1e-3)
    guard let word = options.take("control") else { return }
    guard let scope = AmplitudeControl.Scope(rawValue: word) else {
      throw options.failure("unknown control \"\(word)\", expected device, column or none")
    }
    control = scope
  }
}

/// The options of one specification; what nobody takes is unknown.
private struct OptionList {
  private let text: String
  private var words: [String] = []
  private var values: [String: String] = [:]

  init(_ text: String, _ options: String?) throws(Failure) {
    self.text = text
    guard let options else { return }
    for item in options.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let key = sides.first.map(String.init), !key.isEmpty else {
        throw failure("has an empty option")
      }
      guard sides.count == 2 else {
        words.append(key)
        continue
      }
      guard values.updateValue(String(sides[1]), forKey: key) == nil else {
        throw failure("has the option \(key) twice")
      }
    }
  }

  func failure(_ cause: String) -> Failure {
    Failure(
      .usage, at: "noise source \"\(text)\"", cause,
      remedy: "crossbar-gan noise --help lists sources and options")
  }

  mutating func take(_ key: String) -> String? { values.removeValue(forKey: key) }

  mutating func number(_ key: String, in range: ClosedRange<Double>) throws(Failure) -> Double? {
    guard let text = take(key) else { return nil }
    guard let value = Double(text), range.contains(value) else {
      throw failure(
        "\(key)=\(text) is not a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  mutating func integer(_ key: String, in range: ClosedRange<Int>) throws(Failure) -> Int? {
    guard let text = take(key) else { return nil }
    guard let value = Int(text), range.contains(value) else {
      throw failure(
        "\(key)=\(text) is not a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// The first word, if it names a correction.
  mutating func correction() -> BitCorrection? {
    guard let word = words.first, let correction = BitCorrection(word: word) else { return nil }
    words.removeFirst()
    return correction
  }

  func finish() throws(Failure) {
    guard let unknown = (words + values.keys.sorted()).first else { return }
    throw failure("has no option \"\(unknown)\"")
  }
}
