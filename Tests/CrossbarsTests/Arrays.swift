import ArrayOperations
import Calibration
import Crossbars
import Devices
import Mathematics

/// Small arrays in known or random states, and shorthand for using them.
enum Arrays {
  /// Conductances between which every device of the published models is defined.
  static let fullRange = 3.2e-6...315e-6

  /// A published device with a response that is continuous between bins.
  static func device(_ name: String) throws -> DeviceModel {
    try Calibration.load(name).device(interpolated: true)
  }

  /// A device of given models under the limits of the published ones, without noise by default.
  static func device(
    static staticModel: any StaticModel = LinearStatic(),
    pulse: any PulseModel = ConstantStepResponse(setStep: 1e-7, resetStep: -1e-7, threshold: 0.5),
    sharesPulseDeviation: Bool = true, cycleToCycle: Double = 0, noise: ReadNoise = .none
  ) throws -> DeviceModel {
    DeviceModel(
      name: "test", staticModel: staticModel, pulseModel: pulse,
      variation: Variation(
        sharesPulseDeviation: sharesPulseDeviation, cycleToCycle: cycleToCycle),
      readNoise: noise, limits: try Calibration.load("ideal").device.limits)
  }

  /// An array of a device; `adjust` changes the default conditions.
  static func make(
    _ device: DeviceModel, _ wordLines: Int, _ outputs: Int, _ pairing: Pairing = .twoSided,
    deviceSeed: UInt64 = 11, seed: UInt64 = 5, adjust: (inout ArrayConditions) -> Void = { _ in }
  ) throws -> Crossbar {
    var conditions = ArrayConditions()
    conditions.pairing = pairing
    adjust(&conditions)
    let signs = (0..<wordLines * outputs).map { $0 % 3 == 0 ? Float(-1) : 1 }
    return try Crossbar(
      ArrayTechnology(device: device, conditions: conditions), wordLines: wordLines,
      outputs: outputs, name: "test", deviceSeed: deviceSeed, seed: seed, signs: signs)
  }

  /// Uniform random numbers of a range.
  static func numbers(_ count: Int, in range: ClosedRange<Double>, _ name: String) -> [Float] {
    let stream = RandomStream(seed: 21, name: name)
    let width = range.upperBound - range.lowerBound
    return (0..<count).map {
      Float(range.lowerBound + width * stream.preciseUniform(at: $0, substream: 0))
    }
  }

  static func voltages(_ lines: Int, _ samples: Int, largest: Double = 0.2) -> Matrix {
    Matrix(
      rows: lines, columns: samples,
      elements: numbers(lines * samples, in: -largest...largest, "voltages"))
  }

  /// One raise or fall or neither per weight, a third each.
  static func updateSigns(_ rows: Int, _ columns: Int, _ name: String = "requests") -> SignMatrix {
    var updateSigns = SignMatrix(rows: rows, columns: columns)
    updateSigns.elements = signs(rows * columns, name)
    return updateSigns
  }

  /// +1, 0 and −1, a third each.
  static func signs(_ count: Int, _ name: String) -> [Int8] {
    numbers(count, in: -1.49...1.49, name).map { Int8($0.rounded()) }
  }
}

extension Crossbar {
  var pairs: Int { wordLines * outputs }

  /// The states of all devices, plus ones first.
  var states: [Float] { state.plus + state.minus }

  /// Puts every device in a random state; an ideal reference stays.
  func randomise(in range: ClosedRange<Double>) {
    let isSingle = technology.conditions.pairing == .singleWithSign
    setState(
      plus: Arrays.numbers(pairs, in: range, "plus"),
      minus: isSingle ? state.minus : Arrays.numbers(pairs, in: range, "minus"))
  }

  func sensedLines(_ direction: ReadDirection) -> Int {
    direction == .forward ? outputs : wordLines
  }

  func drivenLines(_ direction: ReadDirection) -> Int {
    direction == .forward ? wordLines : outputs
  }

  /// Currents and energy of a read.
  func reading(
    _ voltages: Matrix, _ direction: ReadDirection, draw: UInt64 = 1, workers: Workers = .one
  ) -> Reading {
    var currents = Matrix(
      rows: sensedLines(direction), columns: voltages.columns, repeating: .nan)
    let energy = voltages.withReadOnlyView { voltages in
      currents.withView { read(voltages, direction, into: $0, draw: draw, workers: workers) }
    }
    return Reading(currents: currents, energy: energy)
  }

  /// (I⁺ − I⁻)/V of every pair at V_read in siemens, from the models.
  var chordDifferences: [Double] {
    let voltage = technology.conditions.read.voltage
    var voltages = Matrix(rows: wordLines, columns: wordLines)
    for line in 0..<wordLines { voltages[line, line] = Float(voltage) }
    let currents = CrossbarReference(self).read(voltages, .forward).currents
    return (0..<pairs).map { pair in
      currents[pair % outputs * wordLines + pair / outputs] / Double(Float(voltage))
    }
  }
}

/// What a read found: sensed lines × samples in amperes, and joules.
struct Reading: Equatable {
  let currents: Matrix
  let energy: Double
}

/// Whether two numbers differ by at most `tolerance` relative to the second.
func isClose(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool {
  abs(a - b) <= tolerance * abs(b)
}

/// A model with one odd term and spread: what a sinh characteristic looks like to an array.
struct SinhStatic: StaticModel {
  var basis: [BasisFunction] { [.hyperbolicSine(slope: 4)] }

  func coefficients(conductance: Double, temperature: Double) -> StaticCoefficients {
    StaticCoefficients(
      mean: [conductance], deviation: [0.1 * conductance], admissible: -9...9)
  }
}
