package import ArrayOperations
package import Devices
import Foundation
import Mathematics

/// True random bits from stochastic switching, on columns of the array reserved for it.
///
/// A cycle of a device is a SET pulse near its threshold, a read against a reference, and a RESET
/// pulse; the bit is whether it switched, with the probability of ``SwitchingModel``. Devices cycle
/// in blocks of 64; after each block the amplitude is corrected (``AmplitudeControl``), the raw bits
/// are tested and corrected within the device's own sequence, and what is left is appended device
/// after device.
///
/// A bit compares one counter-based uniform number with the switching probability, so that a bit is
/// a function of (seed, purpose, position, device, cycle) and the control's history. Thresholds are
/// frozen by the device seed. Position 0 begins with a search for the amplitudes, whose cycles are
/// booked; every later one begins with amplitudes as long tracking leaves them, drawn by position.
/// Drift begins anew with each position.
package struct SwitchingArray: BitSource {
  package let name: String
  package let model: SwitchingModel
  package let correction: BitCorrection
  package private(set) var monitor: HealthMonitor
  /// The amplitude and threshold of every device.
  package private(set) var devices: [SwitchingDevice]
  private var control: AmplitudeControl
  private let corrector: BitCorrector
  private let stream: RandomStream
  private let readEnergy: (on: Double, off: Double)
  private let words = Storage<UInt32>(count: 256, repeating: 0)
  private var position: UInt64 = 0
  private var block = 0
  private var entropySum = 0.0
  private var isReady = false
  private let startsSettled: Bool

  /// Cycles per device between two corrections of its amplitude.
  package static let blockLength = 64

  /// An array at position 0.
  ///
  /// - Parameters:
  ///   - device: must have a switching model; its static model gives the read energy.
  ///   - model: the device's switching model, possibly with numbers of a study.
  ///   - seed: decides the bits, with `purpose`; `deviceSeed` decides the thresholds.
  ///   - startsSettled: whether position 0 does without the search too.
  package init(
    name: String, device: DeviceModel, model: SwitchingModel, correction: BitCorrection,
    control: AmplitudeControl.Scope, seed: UInt64, deviceSeed: UInt64, purpose: String,
    startsSettled: Bool, tests: HealthTests
  ) {
    self.name = name
    self.model = model
    self.correction = correction
    self.startsSettled = startsSettled
    self.control = AmplitudeControl(scope: control, model: model)
    corrector = BitCorrector(correction)
    stream = RandomStream(seed: seed, name: "switching/\(purpose)")
    readEnergy = model.readEnergy(of: device)
    let count = model.rows * model.columns
    monitor = HealthMonitor(tests, lanes: count)
    devices = Normal.draws(count, from: RandomStream(seed: deviceSeed, name: "switching-threshold"))
      .map {
        SwitchingDevice(
          threshold: model.thresholdMean + model.deviceSpread * $0,
          amplitude: model.thresholdMean)
      }
  }

  package var trueEntropy: Double? { block == 0 ? nil : entropySum / Double(block * devices.count) }

  package var wear: DeviceWear? {
    let search = AmplitudeControl.searchBlocks * Self.blockLength * devices.count
    return DeviceWear(
      devices: devices.count, endurance: model.endurance,
      startUpCycles: startsSettled ? 0 : search)
  }

  package mutating func restart(at position: UInt64) {
    self.position = position
    monitor = HealthMonitor(monitor.tests, lanes: devices.count)
    block = 0
    entropySum = 0
    isReady = false
  }

  package mutating func start(ledger: inout EnergyLedger) {
    guard !isReady else { return }
    isReady = true
    if position == 0 && !startsSettled {
      search(&ledger)
    } else {
      control.settle(&devices, from: stream, substream: 2 * position + 1)
    }
  }

  package mutating func produce(into bits: inout BitQueue, ledger: inout EnergyLedger) {
    start(ledger: &ledger)
    cycleBlock(substream: 2 * position, at: block, &ledger) { array, device, raw, probability in
      array.monitor.observe(raw, lane: device)
      array.entropySum += 0 - log2(max(probability, 1 - probability))
      let (corrected, count) = array.corrector.apply(raw)
      bits.append(corrected, count: count)
    }
    control.follow(&devices)
    block += 1
  }

  /// Finds every amplitude from nothing; the bits are thrown away, the cycles are booked.
  private mutating func search(_ ledger: inout EnergyLedger) {
    control.begin(&devices)
    for step in 0..<AmplitudeControl.searchBlocks {
      cycleBlock(substream: 2 * position + 1, at: step, &ledger) { _, _, _, _ in }
      control.search(&devices, step: step)
    }
  }

  /// Takes every device through 64 cycles.
  ///
  /// `take` receives each device's raw bits with the probability they were drawn with.
  @inline(__always)
  private mutating func cycleBlock(
    substream: UInt64, at block: Int, _ ledger: inout EnergyLedger,
    _ take: (inout SwitchingArray, Int, UInt64, Double) -> Void
  ) {
    let groups = (devices.count + 3) / 4
    let drift = substream & 1 == 1 ? 0 : model.drift * Double(block * Self.blockLength)
    var tally = CycleTally()
    for group in 0..<groups {
      stream.fillWords(words.buffer, from: (block * groups + group) * 256, substream: substream)
      for lane in 0..<min(4, devices.count - 4 * group) {
        let device = 4 * group + lane
        let amplitude = devices[device].amplitude
        let distance = amplitude - devices[device].threshold - drift
        let probability = Normal.cumulative(distance / model.cycleSpread)
        let raw = Self.bits(words.base + 64 * lane, probability)
        let ones = raw.nonzeroBitCount
        devices[device].switched = ones
        tally.add(amplitude: amplitude, switched: ones, kept: Self.blockLength - ones)
        take(&self, device, raw, probability)
      }
    }
    let cycles = devices.count * Self.blockLength
    ledger.noiseCycles += cycles
    ledger.noise += model.energy(of: tally, read: readEnergy)
    ledger.seconds += Double(cycles / model.columns) * model.cycleTime
  }

  /// 64 comparisons, the first the most significant bit; `probability` in steps of 2⁻³².
  @inline(__always)
  private static func bits(_ words: UnsafePointer<UInt32>, _ probability: Double) -> UInt64 {
    let threshold = UInt32(min(max(0, probability * 0x1p32), 4_294_967_295))
    var bits: UInt64 = 0
    for index in 0..<64 { bits = bits &<< 1 | (words[index] < threshold ? 1 : 0) }
    return bits
  }
}

/// One device of the reserved columns.
package struct SwitchingDevice: Sendable {
  /// Frozen threshold and present SET amplitude, in volts.
  package var threshold: Double
  package var amplitude: Double
  /// Cycles of the last block in which it switched.
  var switched = 0
}

/// Sums from which the energy of a block follows.
struct CycleTally {
  /// Σ V² over cycles that switched and over those that did not, in V².
  var switchedSquares = 0.0
  var keptSquares = 0.0
  var switched = 0
  var kept = 0

  @inline(__always)
  mutating func add(amplitude: Double, switched: Int, kept: Int) {
    let square = amplitude * amplitude
    switchedSquares += square * Double(switched)
    keptSquares += square * Double(kept)
    self.switched += switched
    self.kept += kept
  }
}

extension SwitchingModel {
  /// Energy of one read V·I·t in either state, by the device's own characteristic at 25 °C.
  func readEnergy(of device: DeviceModel) -> (on: Double, off: Double) {
    func energy(_ conductance: Double) -> Double {
      let current = device.staticModel.current(
        conductance: conductance, voltage: read.voltage,
        temperature: ReadOperation().temperature)
      return read.voltage * current * read.width
    }
    return (energy(onConductance), energy(offConductance))
  }

  /// Energy in joules of cycles: SET, read and RESET of the cycled device and its half-selected neighbours.
  ///
  /// A device that switches conducts as off for one half of the SET pulse and as on for the other;
  /// a RESET pulse is booked at the conductance it meets, as everywhere in the ledger. A word line's
  /// devices are cycled together under V/2, each with the amplitude of its bit line; the other
  /// `rows` − 1 devices on that bit line, off since their own RESET, see half of it. Reads drive one
  /// word line against virtual ground: nothing else conducts.
  func energy(of tally: CycleTally, read: (on: Double, off: Double)) -> Double {
    let resetSquareSeconds = resetPulse.voltage * resetPulse.voltage * resetPulse.width
    let (on, off) = (Double(tally.switched), Double(tally.kept))
    let phases = [
      (setWidth * tally.switchedSquares, (onConductance + offConductance) / 2),
      (setWidth * tally.keptSquares, offConductance),
      (resetSquareSeconds * on, onConductance), (resetSquareSeconds * off, offConductance),
    ]
    return phases.reduce(on * read.on + off * read.off) { sum, phase in
      let energy = WriteScheme.half.energy(
        selected: phase.1, halfSelected: Double(rows - 1) * offConductance,
        squareSeconds: phase.0)
      return sum + energy.selected + energy.halfSelected
    }
  }
}
