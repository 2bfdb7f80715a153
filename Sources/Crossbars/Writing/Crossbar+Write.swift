package import ArrayOperations
import Devices
import Mathematics

extension Crossbar {
  /// Writes weights by write-and-verify against the current read at V_read; see ``DeviceWriter``.
  ///
  /// Where conditions ask for zero shifting, references are first written to what their partners read
  /// at their symmetry points. What pulses would disturb is not applied, since a device is written until
  /// it reads right.
  ///
  /// - Parameters:
  ///   - targets: differences G⁺ − G⁻ in siemens, wordLines × outputs; pairs are written
  ///     symmetrically about the window's centre, single devices and fixed pairs as they must.
  ///   - draw: names the noise of the verifying reads and of the pulses.
  ///   - chosen: devices to write, by pair; nil writes all.
  /// - Returns: what pulses, selected and half-selected, and reads cost, and how many devices were
  ///   written and missed.
  package func writeVerified(
    targets: [Float], draw: UInt64, chosen: [Int]? = nil
  ) -> EnergyLedger {
    precondition(targets.count == wordLines * outputs, "targets do not fit the array")
    var ledger = EnergyLedger()
    let shiftsZero = technology.conditions.shiftsZero && chosen == nil
    if shiftsZero {
      ledger += pulseToSymmetryPoints(
        pulsePairs: technology.conditions.zeroShiftPulsePairs, draw: draw)
    }
    let zeros = shiftsZero ? symmetryPointReadings(draw: draw, ledger: &ledger) : nil
    if let references, chosen == nil {
      let differences = targets.indices.map { pair in
        zeros.map { Float($0[pair].plus - $0[pair].minus) } ?? 0
      }
      ledger += references.writeVerified(targets: differences, draw: draw)
    }
    for pair in chosen ?? Array(targets.indices) {
      let (ofPlus, ofMinus) = conductances(for: targets[pair], about: zeros?[pair])
      DeviceWriter(self, plus, pair, element: 2 * pair, draw: draw)
        .write(to: ofPlus + referenceOffset, ledger: &ledger)
      guard hasMinusDevices else { continue }
      DeviceWriter(self, minus, pair, element: 2 * pair + 1, draw: draw)
        .write(to: ofMinus, ledger: &ledger)
    }
    recomputeSums()
    return ledger
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
        bank, pair, element: (2 * pairs + element) * DeviceWriter.pulseLimit, draw: draw,
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
        bank, pair, element: (4 * wordLines * outputs + element) * DeviceWriter.pulseLimit,
        draw: draw,
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
    return conditions.pairing.conductances(
      holding: Double(difference), about: zero ?? (conditions.centre, conditions.centre)
    ) { conditions.nonIdealities.nearestLevel($0, in: conditions.window) }
  }

  /// I(V_read)/V_read of one device with the noise of one read.
  func verifyingRead(
    _ bank: DeviceBank, _ device: Int, element: Int, draw: UInt64, ledger: inout EnergyLedger
  ) -> Double {
    let read = technology.conditions.read
    let chord = readConductance(bank, device)
    ledger.forward += read.voltage * read.voltage * chord * read.time
    ledger.seconds += read.time
    guard technology.noisePerSiemens > 0 else { return chord }
    return chord + readingDeviation(at: chord)
      * Double(verifyNoise.gaussian(at: element, substream: draw))
  }

  /// Standard deviation in siemens of a verifying read of a conductance.
  func readingDeviation(at conductance: Double) -> Double {
    (technology.noisePerSiemens * max(0, conductance)).squareRoot()
      / technology.conditions.read.voltage
  }

  /// I(V_read)/V_read of one device behind the wires, without noise.
  func readConductance(_ bank: DeviceBank, _ device: Int) -> Double {
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

  /// What the wires leave of the devices of a polarity.
  func gains(of bank: DeviceBank) -> WireGains? {
    bank.isSame(as: plus) ? plusGains : minusGains
  }
}
