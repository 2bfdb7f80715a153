package import ArrayOperations
package import Devices
package import Failures

/// How an array is made, read and written: the device with everything tabulated for its conditions.
///
/// One technology serves every array of a chip. Tables are made once; the exact models stay
/// reachable for the reference path.
package struct ArrayTechnology: Sendable {
  /// The exact models behind the tables.
  package let device: DeviceModel
  /// The conditions the tables were made for.
  package private(set) var conditions: ArrayConditions
  /// Noise of readings; nil where the conditions leave it out.
  private let readNoise: (any LinearReadNoise)?
  let coefficients: StaticTable
  private(set) var setTable: PulseTable
  private(set) var resetTable: PulseTable
  /// What half-selected devices do; nil when the conditions leave their drift out.
  private(set) var disturb: DisturbTables?
  /// Both training pulses, whole and where wires leave a share of them.
  private(set) var trainingPulses: PulsePairTables
  /// Pulses of write-and-verify, from weak to strong; those of the first training pulses.
  let setAmplitudes: [PulseTable]
  let resetAmplitudes: [PulseTable]

  /// 4 · k_B · T · f: the Johnson variance of a reading per siemens, in A²/S; zero without noise.
  package private(set) var noisePerSiemens: Double

  /// Voltage up to which a line is read without each basis function beyond the first.
  let linearLimits: [Float]

  /// Basis functions of the static model.
  var basis: [BasisFunction] { coefficients.basis }

  /// Tabulates a device for the read, the pulses and the conductance bounds of some conditions.
  ///
  /// - Throws: ``Failure`` of kind `badData` when the device's read noise is not ``LinearReadNoise``.
  package init(device: DeviceModel, conditions: ArrayConditions) throws(Failure) {
    self.device = device
    self.conditions = conditions
    let read = conditions.read
    coefficients = StaticTable(
      device.staticModel, range: conditions.conductanceBounds, temperature: read.temperature,
      spread: conditions.staticVariation)
    setTable = Self.table(device, conditions, conditions.setPulse)
    resetTable = Self.table(device, conditions, conditions.resetPulse)
    disturb = conditions.disturbsHalfSelected ? DisturbTables(device, conditions) : nil
    trainingPulses = Self.trainingPulses(device, conditions)
    setAmplitudes = Self.amplitudeSteps(
      from: conditions.setPulse, to: device.limits.setVoltage.upperBound
    ).map { Self.table(device, conditions, $0) }
    resetAmplitudes = Self.amplitudeSteps(
      from: conditions.resetPulse, to: device.limits.resetVoltage.lowerBound
    ).map { Self.table(device, conditions, $0) }
    let linearNoise = device.readNoise as? any LinearReadNoise
    guard linearNoise != nil || !conditions.readNoise else {
      throw Failure(
        .badData, at: "calibration \(device.name): noise",
        "the variance of a reading is not proportional to conductance, as batched reads of arrays need:"
          + " they draw one number for all devices of a line",
        remedy: "use a device with Johnson noise or none, or leave read noise out")
    }
    readNoise = conditions.readNoise ? linearNoise : nil
    noisePerSiemens = Self.noise(readNoise, read)
    linearLimits = Self.linearLimits(device, conditions)
  }

  /// The same technology with the training pulses of other conditions.
  package func pulsing(as other: ArrayConditions) -> ArrayTechnology {
    guard other.setPulse != conditions.setPulse || other.resetPulse != conditions.resetPulse
    else { return self }
    var result = self
    result.conditions.setPulse = other.setPulse
    result.conditions.resetPulse = other.resetPulse
    result.conditions.writeGain = other.writeGain
    let conditions = result.conditions
    result.setTable = Self.table(device, conditions, conditions.setPulse)
    result.resetTable = Self.table(device, conditions, conditions.resetPulse)
    result.trainingPulses = Self.trainingPulses(device, conditions)
    if disturb != nil { result.disturb = DisturbTables(device, conditions) }
    return result
  }

  /// The same technology read through another bandwidth, in hertz.
  package func reading(through bandwidth: Double) -> ArrayTechnology {
    var result = self
    result.conditions.read.bandwidth = bandwidth
    result.noisePerSiemens = Self.noise(readNoise, result.conditions.read)
    return result
  }

  /// What the non-idealities make of the devices of one polarity; nil without any.
  func nonIdealities(
    _ layout: TileLayout, deviceSeed: UInt64, name: String
  ) -> DeviceNonIdealities? {
    DeviceNonIdealities(
      conditions.nonIdealities, layout, window: conditions.window, deviceSeed: deviceSeed,
      name: name)
  }

  /// The technology of the pair of references beside a pair: plain pairs that nothing disturbs.
  var ofReferences: ArrayTechnology {
    var result = self
    result.conditions.pairing = .twoSided
    result.conditions.disturbsHalfSelected = false
    result.disturb = nil
    return result
  }

  private static func table(
    _ device: DeviceModel, _ conditions: ArrayConditions, _ pulse: Pulse
  ) -> PulseTable {
    PulseTable(
      device.pulseModel, pulse: pulse, bounds: conditions.conductanceBounds,
      spread: conditions.pulseVariation)
  }

  private static func trainingPulses(
    _ device: DeviceModel, _ conditions: ArrayConditions
  ) -> PulsePairTables {
    func family(_ pulse: Pulse) -> PulseFamily {
      PulseFamily(
        device.pulseModel, pulse: pulse, bounds: conditions.conductanceBounds,
        spread: conditions.pulseVariation,
        lowestVoltageRatio: conditions.lowestVoltageRatio)
    }
    return PulsePairTables(set: family(conditions.setPulse), reset: family(conditions.resetPulse))
  }

  private static func noise(
    _ readNoise: (any LinearReadNoise)?, _ read: ReadOperation
  ) -> Double {
    readNoise?.variancePerSiemens(temperature: read.temperature, bandwidth: read.bandwidth) ?? 0
  }

  /// I/V in siemens of a device at a voltage, from the tables.
  func chordConductance(at conductance: Float, z: Float, voltage: Double) -> Double {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: basis.count) { values in
      guard let base = values.baseAddress else { return 0 }
      coefficients.coefficients(at: conductance, z: z, into: base)
      return basis.indices.reduce(0) {
        $0 + Double(values[$1]) * basis[$1].chord(at: voltage)
      }
    }
  }

  /// Amplitudes up to 50 V, beyond any device of this kind.
  private static let mostSteps = 1000

  /// Amplitudes in steps of 50 mV from the training pulse to the end of the calibrated range.
  private static func amplitudeSteps(from first: Pulse, to last: Double) -> [Pulse] {
    let count = Int(
      clamping: (abs(last) - abs(first.voltage)) / 0.05 + 1e-9, rule: .down, to: 0...mostSteps)
    return (0...count).map { step in
      Pulse(
        voltage: first.voltage + (first.isSet ? 0.05 : -0.05) * Double(step), width: first.width)
    }
  }
}

/// The choices under which a device is used in an array.
package struct ArrayConditions: Equatable, Sendable {
  /// How arrays are read; sets the temperature of the tables and the noise.
  package var read = ReadOperation()
  /// How devices make a weight.
  package var pairing = Pairing.twoSided
  /// SET pulse of training, and the weakest of write-and-verify.
  package var setPulse = OperatingPoint.standard.setPulse
  /// RESET pulse of training, and the weakest of write-and-verify.
  package var resetPulse = OperatingPoint.standard.resetPulse
  /// What lines that are not selected are held at during a pulse.
  package var scheme = WriteScheme.half
  /// Whether half-selected devices drift by the model's own tail, outside its calibration.
  package var disturbsHalfSelected = false
  /// Conductances in siemens between which weights are mapped; inside ``conductanceBounds``.
  package var window = OperatingPoint.standard.window
  /// Conductances in siemens that bound devices.
  package var conductanceBounds = OperatingPoint.standard.conductanceBounds
  /// Frozen device-to-device spread of the static characteristic.
  package var staticVariation = true
  /// Frozen device-to-device spread of the pulse response.
  package var pulseVariation = true
  /// Whether readings carry the device's ``ReadNoise``.
  package var readNoise = true
  /// Wires of the tiles the array is cut into; nil is one tile with ideal wires.
  package var wires: TileWires?
  /// Non-idealities beside those of the device's model.
  package var nonIdealities = NonIdealities()
  /// SET pulses, and RESET pulses, that carry devices to their symmetry points before references are
  /// written to what they read there; zero puts references at the window's centre.
  package var zeroShiftPulsePairs = 0
  /// What sense amplifiers multiply currents by; users of an array apply it.
  package var readGain = 1.0
  /// What drivers have multiplied the amplitudes of the pulses by, to make up for wires.
  package var writeGain = 1.0

  /// Two-sided pairs with ideal wires, all variation and noise on.
  package init() {}

  /// Least share of a pulse's amplitude that pulse responses are tabulated for.
  var lowestVoltageRatio: Double { wires == nil ? 1 : 0.3 }

  /// Whether references are written to the symmetry points of their partners.
  var shiftsZero: Bool {
    (pairing == .oneFixed || pairing == .referencedPair) && zeroShiftPulsePairs > 0
  }

  /// The state of both devices of a pair that holds a weight of zero.
  package var centre: Double {
    pairing == .singleWithSign ? window.lowerBound : (window.lowerBound + window.upperBound) / 2
  }
}
