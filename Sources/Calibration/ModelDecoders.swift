package import Devices
package import Failures

/// A kind of model that a calibration's section may name by its `model` key.
///
/// A new kind of device is a decoder beside its model's parameters and a line in one of the lists.
package struct ModelKind<Model>: Sendable {
  package typealias Decode =
    @Sendable (ParameterReader, DeviceLimits) throws(Failure) -> Model

  /// The word that a file's `model` key holds.
  package let name: String
  private let decode: Decode

  package init(_ name: String, decode: @escaping Decode) {
    self.name = name
    self.decode = decode
  }

  /// The model of a section's parameters.
  package func model(
    _ reader: ParameterReader, _ limits: DeviceLimits
  ) throws(Failure) -> Model { try decode(reader, limits) }
}

/// The models that calibration files may name; a test may add to the lists.
package enum ModelKinds {
  /// Of `[static]`.
  @TaskLocal package static var statics: [ModelKind<any StaticModel>] = [
    .init("asymmetric-power") { reader, _ throws(Failure) in
      try ShapedStatic(asymmetricPower: reader)
    },
    .init("asymmetric-sinh") { reader, _ throws(Failure) in
      try ShapedStatic(asymmetricSinh: reader)
    },
    .init("diode") { reader, _ throws(Failure) in try ShapedStatic(diode: reader) },
    .init("fowler-nordheim") { reader, _ throws(Failure) in
      try ShapedStatic(fowlerNordheim: reader)
    },
    .init("linear") { _, _ throws(Failure) in LinearStatic() },
    .init("nili-cubic") { reader, limits throws(Failure) in
      try NiliStatic(reader: reader, limits: limits)
    },
    .init("odd-polynomial") { reader, _ throws(Failure) in
      try ShapedStatic(oddPolynomial: reader)
    },
    .init("poole-frenkel") { reader, _ throws(Failure) in
      try ShapedStatic(pooleFrenkel: reader)
    },
    .init("power-law") { reader, _ throws(Failure) in try ShapedStatic(powerLaw: reader) },
    .init("schottky") { reader, _ throws(Failure) in try ShapedStatic(schottky: reader) },
    .init("sinh") { reader, _ throws(Failure) in try ShapedStatic(sinh: reader) },
    .init("sinh-series") { reader, limits throws(Failure) in
      try SeriesSinhStatic(reader: reader, limits: limits)
    },
    .init("sinh-state") { reader, limits throws(Failure) in
      try SinhStateStatic(reader: reader, limits: limits)
    },
    .init("space-charge-limited") { reader, _ throws(Failure) in
      try ShapedStatic(spaceCharge: reader)
    },
  ]

  /// Of `[pulses]`.
  @TaskLocal package static var pulses: [ModelKind<any PulseModel>] = [
    .init("constant-step") { reader, _ throws(Failure) in
      try ConstantStepResponse(reader: reader)
    },
    .init("linear-step") { reader, _ throws(Failure) in try SoftBoundsResponse(linear: reader) },
    .init("nili-bins") { reader, _ throws(Failure) in try NiliPulseResponse(reader: reader) },
    .init("piecewise-step") { reader, _ throws(Failure) in
      try PiecewiseResponse(reader: reader)
    },
    .init("power-step") { reader, _ throws(Failure) in try SoftBoundsResponse(power: reader) },
    .init("soft-bounds") { reader, _ throws(Failure) in
      try SoftBoundsResponse(softBounds: reader)
    },
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
