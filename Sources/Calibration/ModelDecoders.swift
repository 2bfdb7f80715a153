import Devices
import Failures

/// One decoder per model kind, by the word that a file's `model` key holds.
///
/// A new kind of device is one entry here and a decoder beside its model's parameters.
enum ModelDecoders {
  typealias Static =
    @Sendable (ParameterReader, DeviceLimits) throws(Failure) -> any StaticModel
  typealias Pulses = @Sendable (ParameterReader) throws(Failure) -> any PulseModel

  static let statics: [String: Static] = [
    "linear": { _, _ throws(Failure) in LinearStatic() },
    "nili-cubic": { reader, limits throws(Failure) in
      try NiliStatic(reader: reader, limits: limits)
    },
    "odd-polynomial": { reader, _ throws(Failure) in try ShapedStatic(oddPolynomial: reader) },
    "sinh": { reader, _ throws(Failure) in try ShapedStatic(sinh: reader) },
    "power-law": { reader, _ throws(Failure) in try ShapedStatic(powerLaw: reader) },
    "poole-frenkel": { reader, _ throws(Failure) in try ShapedStatic(pooleFrenkel: reader) },
    "schottky": { reader, _ throws(Failure) in try ShapedStatic(schottky: reader) },
    "asymmetric-sinh": { reader, _ throws(Failure) in try ShapedStatic(asymmetricSinh: reader) },
    "asymmetric-power": { reader, _ throws(Failure) in try ShapedStatic(asymmetricPower: reader) },
    "diode": { reader, _ throws(Failure) in try ShapedStatic(diode: reader) },
    "fowler-nordheim": { reader, _ throws(Failure) in try ShapedStatic(fowlerNordheim: reader) },
    "space-charge-limited": { reader, _ throws(Failure) in
      try ShapedStatic(spaceCharge: reader)
    },
    "sinh-series": { reader, limits throws(Failure) in
      try SeriesSinhStatic(reader: reader, limits: limits)
    },
    "sinh-state": { reader, limits throws(Failure) in
      try SinhStateStatic(reader: reader, limits: limits)
    },
  ]

  static let pulses: [String: Pulses] = [
    "constant-step": { reader throws(Failure) in try ConstantStepResponse(reader: reader) },
    "soft-bounds": { reader throws(Failure) in try SoftBoundsResponse(softBounds: reader) },
    "linear-step": { reader throws(Failure) in try SoftBoundsResponse(linear: reader) },
    "power-step": { reader throws(Failure) in try SoftBoundsResponse(power: reader) },
    "piecewise-step": { reader throws(Failure) in try PiecewiseResponse(reader: reader) },
    "nili-bins": { reader throws(Failure) in try NiliPulseResponse(reader: reader) },
  ]
}

extension ConstantStepResponse {
  init(reader: ParameterReader) throws(Failure) {
    self.init(
      setStep: try reader.number("set_step", unit: "S"),
      resetStep: try reader.number("reset_step", unit: "S"),
      threshold: try reader.number("threshold", unit: "V"))
    try reader.requirePositive("set_step", setStep)
    try reader.requirePositive("reset_step", -resetStep, "negative")
    try reader.requirePositive("threshold", threshold)
  }
}
