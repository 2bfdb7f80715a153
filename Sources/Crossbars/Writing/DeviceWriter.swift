import ArrayOperations
import Devices
import Mathematics

/// Write-and-verify of one device.
///
/// The device is read at V_read, with the read's noise, and pulsed one pulse at a time until I/V_read is
/// within 0.2 % of the window's width of its target: the device's gain error is thus written away. The
/// amplitude rises in steps of 50 mV from the training pulse to the end of the calibrated range; the
/// strongest pulse whose mean step does not exceed the remaining error is taken. Steps vary from pulse to
/// pulse as those of training do. Behind wires the driver adds what they take, V/r, so that the pulse
/// arrives whole.
///
/// A device is given up when it is stuck, at the end of its range, after a thousand pulses, and when the
/// weakest pulses in both directions straddle its target: they step from one side of the tolerance to the
/// other and back, and neither their drift from pair to pair nor their variation is likely to end inside
/// soon.
struct DeviceWriter {
  /// Pulses a device gets at most before it is given up.
  static let pulseLimit = 1000
  /// A write ends within this fraction of the window's width.
  private static let tolerance = 0.002
  /// Pairs of pulses that straddle the target within which their drift must lead inside the tolerance.
  private static let straddleLimit = 16.0
  /// The same for the random walk that their variation makes of them.
  private static let walkLimit = 100.0
  /// Standard deviations by which a reading may be off.
  private static let noiseLimit = 4.0

  private let crossbar: Crossbar
  private let bank: DeviceBank
  private let device: Int
  /// First element of the random numbers of this device.
  private let element: Int
  private let draw: UInt64
  /// How near in siemens the reading must come.
  private let tolerance: Double

  init(_ crossbar: Crossbar, _ bank: DeviceBank, _ device: Int, element: Int, draw: UInt64) {
    self.crossbar = crossbar
    self.bank = bank
    self.device = device
    self.element = element * Self.pulseLimit
    self.draw = draw
    let conditions = crossbar.technology.conditions
    let window = conditions.window
    // Between two levels nothing can be written: half their distance is as near as a device gets.
    tolerance = max(
      Self.tolerance * (window.upperBound - window.lowerBound),
      conditions.nonIdealities.levelStep(in: window).map { 0.51 * $0 } ?? 0)
  }

  /// Writes the device to a reading in siemens; pulses and reads are booked.
  func write(to target: Double, ledger: inout EnergyLedger) {
    ledger.devicesWritten += 1
    var history = History()
    for attempt in 0..<Self.pulseLimit {
      let reading = crossbar.verifyingRead(
        bank, device, element: element + attempt, draw: draw, ledger: &ledger)
      let error = target - reading
      if abs(error) <= tolerance { return }
      guard canMove(towards: error), let step = step(for: error) else { break }
      history.append(error: error, isWeakest: step.isWeakest)
      guard !isStraddling(history) else { break }
      pulse(step.table, attempt: attempt, ledger: &ledger)
    }
    ledger.devicesMissed += 1
  }

  /// Whether the device answers to pulses and is not at the end of its range.
  private func canMove(towards error: Double) -> Bool {
    // One look tells that a stuck device does not answer.
    guard crossbar.nonIdealities(of: bank)?.isFixed[device] != 1 else { return false }
    let conductance = bank.conductance[device]
    let bounds = crossbar.technology.conditions.conductanceBounds
    return error > 0
      ? conductance < Float(bounds.upperBound) : conductance > Float(bounds.lowerBound)
  }

  /// The strongest pulse whose mean step is no larger than the error, or the weakest there is.
  private func step(for error: Double) -> (table: PulseTable, isWeakest: Bool)? {
    let technology = crossbar.technology
    let amplitudes = error > 0 ? technology.setAmplitudes : technology.resetAmplitudes
    guard let weakest = amplitudes.first else { return nil }
    let conductance = bank.conductance[device]
    var strongest = (table: weakest, isWeakest: true)
    var step = 0.0
    for table in amplitudes {
      let candidate = abs(Double(table.meanStep(at: conductance)))
      // A stronger amplitude that moves no further only costs more.
      if candidate <= abs(error), candidate > step {
        (strongest, step) = ((table, table.pulse == weakest.pulse), candidate)
      }
    }
    return strongest
  }

  /// One pulse that arrives whole.
  private func pulse(_ table: PulseTable, attempt: Int, ledger: inout EnergyLedger) {
    let z = table.pulse.isSet ? bank.setDeviation[device] : bank.resetDeviation[device]
    let after = table.conductance(
      after: bank.conductance[device], z: z,
      cycle: crossbar.cycleFactor(at: element + attempt, substream: 1 << 62 | draw))
    var driven = table.pulse
    driven.voltage /= Double(crossbar.voltageRatio(of: bank, device))
    crossbar.write(bank, device, to: after, driven, in: &ledger)
    ledger.seconds += driven.width
  }

  /// Errors of the last readings, the present one last, as far as pulses of the weakest amplitude led
  /// from one to the next in alternating directions.
  private struct History {
    private(set) var errors: [Double] = []

    mutating func append(error: Double, isWeakest: Bool) {
      if let last = errors.last, (last > 0) == (error > 0) { errors = [] }
      errors.append(error)
      if errors.count > 3 { errors.removeFirst() }
      if !isWeakest { errors = [] }
    }
  }

  /// Whether another pulse of the weakest amplitude is not worth its while.
  ///
  /// With three alternating errors e₀, −e₁, e₂ a pair of pulses moves both sides by e₀ − e₂. That drift
  /// reaches the tolerance t after (e₂ − t)/(e₀ − e₂) pairs when positive, or (e₁ − t)/(e₂ − e₀). With
  /// cycle-to-cycle variation σ a pair of steps of e₀ + e₁ has a deviation of √2·σ·(e₀ + e₁), so that the
  /// walk covers a distance d in about (d / deviation)² pairs.
  private func isStraddling(_ history: History) -> Bool {
    guard history.errors.count == 3 else { return false }
    let (first, other, last) = (
      abs(history.errors[0]), abs(history.errors[1]), abs(history.errors[2])
    )
    // Noise may carry a reading beside the tolerance inside.
    let noise =
      Self.noiseLimit * crossbar.readingDeviation(at: crossbar.readConductance(bank, device))
    guard min(last, other) > tolerance + noise else { return false }
    let drift = first - last
    let distance = (drift > 0 ? last : other) - tolerance
    guard distance > Self.straddleLimit * abs(drift) else { return false }
    let variation = crossbar.technology.device.variation.cycleToCycle
    let square = 2 * variation * variation * (first + other) * (first + other)
    return distance * distance > Self.walkLimit * square
  }
}
