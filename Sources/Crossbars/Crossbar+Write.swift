import Devices
import Mathematics

/// How far write-and-verify got.
package struct WriteReport: Equatable, Sendable {
  /// Joules, pulses and seconds of all pulses and verifying reads.
  package var ledger = EnergyLedger()
  /// Devices written.
  package var devices = 0
  /// Devices that ended outside the tolerance.
  package var missed = 0

  static func += (report: inout WriteReport, other: WriteReport) {
    report.ledger += other.ledger
    report.devices += other.devices
    report.missed += other.missed
  }
}

extension Crossbar {
  /// Pulses a device gets at most before it is given up.
  private static let pulseLimit = 1000
  /// A write ends within this share of the window's width.
  private static let tolerance = 0.002

  /// Writes weights by write-and-verify against the current read at V_read.
  ///
  /// Each device is read at V_read, with the read's noise, and pulsed one at a time until I/V_read
  /// is within 0.2 % of the window's width of its target: the device's gain error is thus written
  /// away. The amplitude rises in steps of 50 mV from the training pulse to the end of the
  /// calibrated range; the strongest pulse whose mean step does not exceed the remaining error is
  /// taken; behind wires the driver adds what they take. A device that is at the end of its range or
  /// has had a thousand pulses is given up. Pulses (selected and half-selected) and reads are booked;
  /// what they would disturb is not applied, since a device is written until it reads right.
  /// Where conditions ask for zero shifting, references are first written to what their partners
  /// read at their symmetry points.
  ///
  /// - Parameters:
  ///   - targets: differences G⁺ − G⁻ in siemens, wordLines × outputs; pairs are written
  ///     symmetrically about the window's centre, single devices and fixed pairs as they must.
  ///   - draw: names the noise of the verifying reads.
  ///   - chosen: devices to write, by pair; nil writes all.
  package func writeVerified(
    targets: [Float], draw: UInt64, chosen: [Int]? = nil
  ) -> WriteReport {
    precondition(targets.count == wordLines * outputs, "targets do not fit the array")
    var report = WriteReport()
    let shiftsZero = technology.conditions.shiftsZero && chosen == nil
    if shiftsZero {
      report.ledger += pulseToSymmetryPoints(
        pulsePairs: technology.conditions.zeroShiftPulsePairs, draw: draw)
      recomputeSums()
    }
    let zeros = shiftsZero ? symmetryPointReadings(draw: draw, ledger: &report.ledger) : nil
    if let references, chosen == nil {
      let differences = targets.indices.map { pair in
        zeros.map { Float($0[pair].plus - $0[pair].minus) } ?? 0
      }
      report += references.writeVerified(targets: differences, draw: draw)
    }
    for pair in chosen ?? Array(targets.indices) {
      let (ofPlus, ofMinus) = conductances(for: targets[pair], about: zeros?[pair])
      writeDevice(
        plus, pair, element: 2 * pair, target: ofPlus + referenceOffset, draw: draw,
        report: &report)
      guard hasMinusDevices else { continue }
      writeDevice(minus, pair, element: 2 * pair + 1, target: ofMinus, draw: draw, report: &report)
    }
    recomputeSums()
    return report
  }

  /// What an ideal reference reads at V_read beyond its nominal conductance; none for real pairs.
  private var referenceOffset: Double {
    guard !hasMinusDevices else { return 0 }
    let conditions = technology.conditions
    return technology.chordConductance(
      at: Float(conditions.centre), z: 0, voltage: conditions.read.voltage) - conditions.centre
  }

  /// Non-idealities of the devices of a polarity.
  func nonIdealities(of bank: DeviceBank) -> DeviceNonIdealities? {
    bank.isSame(as: plus) ? plusNonIdealities : minusNonIdealities
  }

  /// Sets every device to the nominal state of its target: what a blind write is meant to reach.
  package func writeBlind(targets: [Float]) {
    precondition(targets.count == wordLines * outputs, "targets do not fit the array")
    for pair in targets.indices {
      let (ofPlus, ofMinus) = conductances(for: targets[pair])
      plus.conductance[pair] = Float(ofPlus)
      if hasMinusDevices { minus.conductance[pair] = Float(ofMinus) }
    }
    recomputeSums()
  }

  /// What the devices of every pair read where alternating pulses left them, as near as the window
  /// can hold it; a fixed reference has the reading of its partner.
  private func symmetryPointReadings(
    draw: UInt64, ledger: inout EnergyLedger
  ) -> [(plus: Double, minus: Double)] {
    let pairs = wordLines * outputs
    // Elements beyond those of the verifying reads of both devices of every pair.
    let conditions = technology.conditions
    func reading(_ bank: DeviceBank, _ element: Int, _ pair: Int) -> Double {
      let read = verifyingRead(
        bank, pair, element: (2 * pairs + element) * Self.pulseLimit, draw: draw,
        ledger: &ledger)
      return conditions.nonIdealities.nearestLevel(read, in: conditions.window)
    }
    let sharesTiles = conditions.pairing.sharesTiles
    return (0..<pairs).map { pair in
      let ofPlus = reading(plus, pair, pair)
      return (ofPlus, sharesTiles ? reading(minus, pairs + pair, pair) : ofPlus)
    }
  }

  /// What both devices of a pair read at V_read.
  func pairReading(
    _ pair: Int, draw: UInt64, ledger: inout EnergyLedger
  ) -> (plus: Double, minus: Double) {
    // Elements beyond those of all other verifying reads.
    func reading(_ bank: DeviceBank, _ element: Int) -> Double {
      verifyingRead(
        bank, pair, element: (4 * wordLines * outputs + element) * Self.pulseLimit, draw: draw,
        ledger: &ledger)
    }
    return (reading(plus, 2 * pair), reading(minus, 2 * pair + 1))
  }

  /// The states of a pair that hold a difference, within the window.
  ///
  /// - Parameter zero: where the pair's own zero is; nil puts it at the window's centre.
  private func conductances(
    for difference: Float, about zero: (plus: Double, minus: Double)? = nil
  ) -> (plus: Double, minus: Double) {
    let conditions = technology.conditions
    let window = conditions.window
    func held(_ conductance: Double) -> Double {
      conditions.nonIdealities.nearestLevel(conductance, in: window)
    }
    let (ofPlus, ofMinus) = zero ?? (conditions.centre, conditions.centre)
    let change = Double(difference)
    switch conditions.pairing {
    case .twoSided, .setOnly:
      return (held(ofPlus + change / 2), held(ofMinus - change / 2))
    case .referencedPair:
      // A zero at the window's border leaves the rest of the change to the other device.
      let plus = held(ofPlus + change / 2)
      let minus = held(ofMinus - (change - (plus - ofPlus)))
      return (held(ofPlus + change - (ofMinus - minus)), minus)
    case .oneFixed:
      return (held(ofPlus + change), ofMinus)
    case .singleWithSign:
      return (held(ofPlus + abs(change)), ofMinus)
    }
  }

  private func writeDevice(
    _ bank: DeviceBank, _ device: Int, element: Int, target: Double, draw: UInt64,
    report: inout WriteReport
  ) {
    let conditions = technology.conditions
    let window = conditions.window
    // Between two levels nothing can be written: half their distance is as near as a device gets.
    let tolerance = max(
      Self.tolerance * (window.upperBound - window.lowerBound),
      conditions.nonIdealities.levelStep(in: window).map { 0.51 * $0 } ?? 0)
    report.devices += 1
    for attempt in 0..<Self.pulseLimit {
      let reading = verifyingRead(
        bank, device, element: element * Self.pulseLimit + attempt, draw: draw,
        ledger: &report.ledger)
      let error = target - reading
      if abs(error) <= tolerance { return }
      // One look tells that a fixed device does not answer.
      guard nonIdealities(of: bank)?.isFixed[device] != 1 else { break }
      // At the end of its range a device has no more to give.
      let (conductance, bounds) = (bank.conductance[device], conditions.conductanceBounds)
      guard
        error > 0
          ? conductance < Float(bounds.upperBound) : conductance > Float(bounds.lowerBound)
      else { break }
      guard let table = amplitude(for: error, at: bank.conductance[device]) else { break }
      applyWrite(table, to: bank, device, ledger: &report.ledger)
    }
    report.missed += 1
  }

  /// I(V_read)/V_read of one device with the noise of one read.
  private func verifyingRead(
    _ bank: DeviceBank, _ device: Int, element: Int, draw: UInt64, ledger: inout EnergyLedger
  ) -> Double {
    let read = technology.conditions.read
    let chord = readConductance(bank, device)
    ledger.forward += read.voltage * read.voltage * chord * read.time
    ledger.seconds += read.time
    guard technology.noisePerSiemens > 0 else { return chord }
    let deviation = (technology.noisePerSiemens * max(0, chord)).squareRoot() / read.voltage
    return chord + deviation * Double(verifyNoise.gaussian(at: element, substream: draw))
  }

  /// I(V_read)/V_read of one device behind the wires, without noise.
  private func readConductance(_ bank: DeviceBank, _ device: Int) -> Double {
    // The linear gain stands for all terms: verifying reads are compared within 0.2 %.
    let gain = gains(of: bank).map { Double($0.forward[0][device]) } ?? 1
    return gain * Double(nonIdealities(of: bank)?.gain[device] ?? 1)
      * technology.chordConductance(
        at: bank.conductance[device], z: bank.readDeviation[device],
        voltage: technology.conditions.read.voltage)
  }

  /// What reads of single devices at V_read would find without noise: signed differences of
  /// conductance in siemens, wordLines × outputs.
  package func readDifferences() -> [Float] {
    let differences = (0..<wordLines * outputs).map { device in
      let difference =
        readConductance(plus, device)
        - (hasMinusDevices ? readConductance(minus, device) : Double(minus.conductance[device]))
      return Float(difference) * (signs?[device] ?? 1)
    }
    guard let references else { return differences }
    return zip(differences, references.readDifferences()).map { $0 - $1 }
  }

  /// The strongest pulse whose mean step is no larger than the error, or the weakest there is.
  private func amplitude(for error: Double, at conductance: Float) -> PulseTable? {
    let amplitudes = error > 0 ? technology.setAmplitudes : technology.resetAmplitudes
    var strongest = amplitudes.first
    var step = 0.0
    for table in amplitudes {
      let candidate = abs(Double(table.meanStep(at: conductance)))
      // A stronger amplitude that moves no further only costs more.
      if candidate <= abs(error), candidate > step { (strongest, step) = (table, candidate) }
    }
    return strongest
  }

  private func applyWrite(
    _ table: PulseTable, to bank: DeviceBank, _ device: Int, ledger: inout EnergyLedger
  ) {
    let (row, column) = (device / outputs, device % outputs)
    let word = layout.wordLine(row, tileColumn: column / layout.tileOutputs)
    let bit = layout.bitLine(column, tileRow: row / layout.tileRows)
    let before = bank.conductance[device]
    let z = table.pulse.isSet ? bank.setDeviation[device] : bank.resetDeviation[device]
    let after = table.conductance(after: before, z: z)
    let pulse = table.pulse
    // The writer knows what the wires take and drives harder: V/share, and V/share · V·G from it.
    let voltageRatio = gains(of: bank).map { Double($0.write[device]) } ?? 1
    let energyPerSiemens = pulse.voltage * pulse.voltage * pulse.width / voltageRatio
    let scheme = technology.conditions.scheme
    let tile = layout.tile(row: row, column: column)
    let mates = bank.wordLineConductance[word] + bank.lineConductance[bit] - 2 * Double(before)
    ledger.programSelected += energyPerSiemens * Double(before)
    ledger.programHalf +=
      energyPerSiemens
      * scheme.halfSelectedConductance(
        mates: mates, others: bank.tileConductance[tile] - Double(before))
    ledger.pulses += 1
    let columns = layout.outputs(of: column / layout.tileOutputs).count * physicalColumns / outputs
    let rows = layout.rows(of: row / layout.tileRows).count
    ledger.halfSelections += scheme == .half ? columns + rows - 2 : columns * rows - 1
    ledger.seconds += pulse.width
    guard after != before else { return }
    ledger.writes += 1
    bank.conductance[device] = after
    bank.addToLines(Double(after) - Double(before), row: row, column: column, layout)
  }

  /// What the wires leave of the devices of a polarity.
  func gains(of bank: DeviceBank) -> WireGains? {
    bank.isSame(as: plus) ? plusGains : minusGains
  }
}
