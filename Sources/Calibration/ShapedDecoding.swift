import Devices
import Failures
import Files

/// Static models that are one curve scaled by the state; keys `gain` and `spread` beside the shape.
extension ShapedStatic {
  private init(_ reader: ParameterReader, _ terms: [Term]) throws(Failure) {
    self.init(
      gain: try reader.number("gain", unit: "1"), spread: try reader.number("spread", unit: "1"),
      terms: terms)
    try reader.requirePositive("gain", gain)
    try reader.requireNotNegative("spread", spread)
  }

  init(oddPolynomial reader: ParameterReader) throws(Failure) {
    try self.init(
      reader,
      [
        Term(.linear, 1),
        Term(.cubic, try reader.number("c3", unit: "V^-2")),
        Term(.power(exponent: 5), try reader.number("c5", unit: "V^-4")),
      ])
  }

  init(sinh reader: ParameterReader) throws(Failure) {
    let slope = try reader.number("slope", unit: "V^-1")
    try reader.requirePositive("slope", slope)
    try self.init(reader, [Term(.hyperbolicSine(slope: slope), 1)])
  }

  init(powerLaw reader: ParameterReader) throws(Failure) {
    let exponent = try reader.number("exponent", unit: "1")
    guard exponent >= 1 else {
      throw reader.section.failure("exponent.value", "must be at least 1")
    }
    let reference = try reader.number("reference_voltage", unit: "V")
    try reader.requirePositive("reference_voltage", reference)
    try self.init(reader, [Term(powerLaw: exponent, reference: reference)])
  }

  init(pooleFrenkel reader: ParameterReader) throws(Failure) {
    try self.init(reader, [Term(.pooleFrenkel(beta: try reader.number("beta", unit: "V^-1/2")), 1)])
  }

  init(schottky reader: ParameterReader) throws(Failure) {
    let thermal = try reader.number("thermal_voltage", unit: "V")
    try reader.requirePositive("thermal_voltage", thermal)
    let beta = try reader.number("beta", unit: "V^-1/2")
    try self.init(reader, [Term(.schottky(beta: beta, thermalVoltage: thermal), 1)])
  }
}

/// Shapes with branches of their own, leakage, or a resistance in series.
extension ShapedStatic {
  init(asymmetricSinh reader: ParameterReader) throws(Failure) {
    let slopes = [
      try reader.number("slope", unit: "V^-1"), try reader.number("negative_slope", unit: "V^-1"),
    ]
    try reader.requirePositive("slope", slopes[0])
    try reader.requirePositive("negative_slope", slopes[1])
    try self.init(
      reader,
      Term.branches(
        Term(.hyperbolicSine(slope: slopes[0]), 1),
        Term(.hyperbolicSine(slope: slopes[1]), try Self.negativeGain(reader))))
  }

  init(asymmetricPower reader: ParameterReader) throws(Failure) {
    let reference = try reader.number("reference_voltage", unit: "V")
    try reader.requirePositive("reference_voltage", reference)
    let exponents = [
      try Self.exponent(reader, "exponent"), try Self.exponent(reader, "negative_exponent"),
    ]
    try self.init(
      reader,
      Term.branches(
        Term(powerLaw: exponents[0], reference: reference),
        Term(powerLaw: exponents[1], reference: reference, times: try Self.negativeGain(reader))))
  }

  init(diode reader: ParameterReader) throws(Failure) {
    let slope = try reader.number("slope", unit: "V^-1")
    guard slope != 0 else { throw reader.section.failure("slope.value", "must not be 0") }
    try self.init(
      reader, [Term(.diode(slope: slope), 1), Term(.linear, try Self.leakage(reader))])
  }

  init(fowlerNordheim reader: ParameterReader) throws(Failure) {
    let field = try reader.number("field", unit: "V")
    let reference = try reader.number("reference_voltage", unit: "V")
    try reader.requireNotNegative("field", field)
    try reader.requirePositive("reference_voltage", reference)
    try self.init(
      reader,
      [
        Term(.linear, try Self.leakage(reader)),
        Term(.fowlerNordheim(field: field, reference: reference), 1),
      ])
  }

  init(spaceCharge reader: ParameterReader) throws(Failure) {
    let crossover = try reader.number("crossover", unit: "V")
    try reader.requirePositive("crossover", crossover)
    let exponent = try Self.exponent(reader, "exponent")
    try self.init(reader, Term.spaceCharge(crossover: crossover, exponent: exponent))
  }

  private static func negativeGain(_ reader: ParameterReader) throws(Failure) -> Double {
    let gain = try reader.number("negative_gain", unit: "1")
    try reader.requireNotNegative("negative_gain", gain)
    return gain
  }

  private static func leakage(_ reader: ParameterReader) throws(Failure) -> Double {
    let leakage = try reader.number("leakage", unit: "1")
    try reader.requireNotNegative("leakage", leakage)
    return leakage
  }

  private static func exponent(_ reader: ParameterReader, _ key: String) throws(Failure) -> Double {
    let exponent = try reader.number(key, unit: "1")
    guard exponent >= 1 else {
      throw reader.section.failure("\(key).value", "must be at least 1")
    }
    return exponent
  }
}

extension SeriesSinhStatic {
  init(reader: ParameterReader, limits: DeviceLimits) throws(Failure) {
    let gain = try reader.number("gain", unit: "1")
    let spread = try reader.number("spread", unit: "1")
    let slope = try reader.number("slope", unit: "V^-1")
    let resistance = try reader.number("series_resistance", unit: "ohm")
    try reader.requirePositive("gain", gain)
    try reader.requireNotNegative("spread", spread)
    try reader.requirePositive("slope", slope)
    try reader.requireNotNegative("series_resistance", resistance)
    self.init(
      gain: gain, spread: spread, slope: slope, resistance: resistance, range: limits.conductance)
  }
}

extension SinhStateStatic {
  init(reader: ParameterReader, limits: DeviceLimits) throws(Failure) {
    let gain = try reader.number("gain", unit: "1")
    let spread = try reader.number("spread", unit: "1")
    let slope = try reader.number("slope", unit: "V^-1")
    let slopePerDecade = try reader.number("slope_per_decade", unit: "V^-1")
    let reference = try reader.number("reference_conductance", unit: "S")
    try reader.requirePositive("gain", gain)
    try reader.requirePositive("reference_conductance", reference)
    try reader.requireNotNegative("spread", spread)
    self.init(
      gain: gain, spread: spread, slope: slope, slopePerDecade: slopePerDecade,
      reference: reference, range: limits.conductance, voltage: limits.readVoltage)
    let ends = [limits.conductance.lowerBound, limits.conductance.upperBound]
    guard ends.allSatisfy({ self.slope(at: $0) > 0 }) else {
      throw reader.section.failure("slope.value", "is not positive all over limits.conductance")
    }
  }
}
