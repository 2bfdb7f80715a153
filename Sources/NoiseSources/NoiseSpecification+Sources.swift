package import ArrayOperations
package import Devices
package import Failures
import Foundation
import Mathematics

/// What a source is made for.
package struct NoiseConditions: Sendable {
  package var device: DeviceModel
  /// How cells are read, for sources that read them.
  package var read = ReadOperation()
  /// Decides the noise, together with `purpose`.
  package var seed: UInt64
  /// Decides frozen device properties.
  package var deviceSeed: UInt64
  /// Tells apart the sequences of one seed, such as training and sampling.
  package var purpose: String
  package var tests = HealthTests.standard
  /// Whether a source goes on that fails its tests.
  package var keepsGoing = false
  /// Whether the noise serves to look at a generator, not to train it: recordings then begin anew
  /// when they end, and amplitudes start where long tracking leaves them.
  package var isForSamples = false

  package init(device: DeviceModel, seed: UInt64, deviceSeed: UInt64, purpose: String) {
    self.device = device
    self.seed = seed
    self.deviceSeed = deviceSeed
    self.purpose = purpose
  }

  fileprivate func stream(_ name: String) -> RandomStream {
    RandomStream(seed: seed, name: "\(name)/\(purpose)")
  }
}

extension NoiseSpecification {
  /// The source as bits.
  ///
  /// - Throws: ``Failure``: `badData` when the calibration lacks what the source needs or the
  ///   recording is too short, `noInput` when there is no recording.
  package func bitSource(_ conditions: NoiseConditions) throws(Failure) -> any BitSource {
    let (name, tests) = (description, conditions.tests)
    switch kind {
    case .gaussian, .uniform:
      return GeneratorBits(name: name, seeds: conditions.stream("generator"), tests: tests)
    case .shiftRegister(let width):
      return ShiftRegister(width, name: name, seeds: conditions.stream("lfsr"), tests: tests)
    case .switching(let options): return try switching(options, conditions)
    case .thermal(let bits):
      guard bits == ThermalNoise.defaultBits else {
        throw Failure(
          .usage, at: "noise source \(name)", "the converter's bits shape numbers, not bits",
          remedy: "leave out bits=, which belongs to train --noise")
      }
      let cell = try ThermalCell(conditions)
      return MarkovBits(
        name: name, probability: 0.5, correlation: 0, cost: cell.cost,
        stream: conditions.stream("thermal"), tests: tests)
    case .telegraph(let correction): return try telegraph(correction, conditions)
    case .biased(let probability, let correlation):
      return biased(probability, correlation, conditions)
    case .frozen:
      return FrozenBits(
        name: name, defect: FrozenNoise.defect, words: FrozenNoise.vectors * 100 * 16 / 64,
        stream: RandomStream(seed: conditions.seed, name: "frozen"), tests: tests)
    case .file(let path):
      return try RecordedBits(
        path: path, name: name, wraps: conditions.isForSamples, tests: tests)
    }
  }

  private func switching(
    _ options: SwitchingOptions, _ conditions: NoiseConditions
  ) throws(Failure) -> SwitchingArray {
    var model = try Self.required(conditions.device.switching, "switching", conditions)
    if let cycleSpread = options.cycleSpread { model.cycleSpread = cycleSpread }
    if let drift = options.drift { model.drift = drift }
    return SwitchingArray(
      name: description, device: conditions.device, model: model, correction: options.correction,
      control: options.control, seed: conditions.seed, deviceSeed: conditions.deviceSeed,
      purpose: conditions.purpose, startsSettled: conditions.isForSamples,
      tests: conditions.tests)
  }

  private func telegraph(
    _ correction: BitCorrection, _ conditions: NoiseConditions
  ) throws(Failure) -> MarkovBits {
    let model = try Self.required(conditions.device.telegraph, "telegraph", conditions)
    // P(filled) and the memory left after an interval of a two-state process.
    let filled = model.emissionTime / (model.captureTime + model.emissionTime)
    let rate = 1 / model.captureTime + 1 / model.emissionTime
    let current = conditions.device.staticModel.current(
      conductance: model.conductance, voltage: model.read.voltage,
      temperature: conditions.read.temperature)
    let energy = model.read.voltage * current * model.read.width
    return MarkovBits(
      name: description, probability: filled, correlation: exp(-rate * model.sampleInterval),
      correction: correction,
      cost: BitCost(one: energy, zero: energy, seconds: model.sampleInterval),
      stream: conditions.stream("telegraph"), tests: conditions.tests)
  }

  /// Bits of a chosen bias at the cost of switching cycles, where the calibration knows it.
  private func biased(
    _ probability: Double, _ correlation: Double, _ conditions: NoiseConditions
  ) -> MarkovBits {
    MarkovBits(
      name: description, probability: probability, correlation: correlation,
      cost: conditions.device.switching?.cost(of: conditions.device) ?? .nothing,
      defect: "its bits are biased or correlated by design",
      stream: conditions.stream("biased"), tests: conditions.tests)
  }

  private static func required<Model>(
    _ model: Model?, _ section: String, _ conditions: NoiseConditions
  ) throws(Failure) -> Model {
    guard let model else {
      throw Failure(
        .badData, at: "calibration \(conditions.device.name)",
        "has no section [\(section)], which the noise source \(section) needs",
        remedy: "choose another calibration or source")
    }
    return model
  }
}

extension NoiseSpecification {
  /// The source as latent numbers.
  ///
  /// `gaussian`, `uniform`, `thermal` and `frozen` deliver numbers themselves; the others deliver
  /// bits, which `encoding` turns into numbers.
  ///
  /// - Throws: as ``bitSource(_:)``, and `internal` for a source that is unfit by design.
  package func latentSource(
    _ conditions: NoiseConditions, encoding: LatentEncoding
  ) throws(Failure) -> any NoiseSource {
    func watched(_ source: any NoiseSource, defect: String? = nil) -> WatchedNoise {
      WatchedNoise(
        source, defect: defect, tests: conditions.tests, keepsGoing: conditions.keepsGoing)
    }
    switch kind {
    case .gaussian, .uniform:
      return watched(
        SoftwareNoise(
          kind == .gaussian ? .gaussian : .uniform, seed: conditions.seed,
          purpose: conditions.purpose))
    case .thermal(let bits):
      return watched(
        ThermalNoise(
          bits: bits, cell: try ThermalCell(conditions), stream: conditions.stream("thermal")))
    case .frozen:
      guard conditions.keepsGoing else {
        throw Failure(
          .internal, at: "noise source frozen", FrozenNoise.defect,
          remedy: BitStream.remedy)
      }
      return watched(FrozenNoise(seed: conditions.seed), defect: FrozenNoise.defect)
    default:
      return BitLatents(
        try BitStream(try bitSource(conditions), keepsGoing: conditions.keepsGoing),
        encoding: encoding)
    }
  }
}

extension SwitchingModel {
  /// Cost of a cycle at the median threshold, per outcome.
  fileprivate func cost(of device: DeviceModel) -> BitCost {
    let read = readEnergy(of: device)
    var (one, zero) = (CycleTally(), CycleTally())
    one.add(amplitude: thresholdMean, switched: 1, kept: 0)
    zero.add(amplitude: thresholdMean, switched: 0, kept: 1)
    return BitCost(
      one: energy(of: one, read: read), zero: energy(of: zero, read: read),
      seconds: cycleTime / Double(columns), cycles: 1)
  }
}
