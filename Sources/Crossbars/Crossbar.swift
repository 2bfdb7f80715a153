import Devices
package import Failures
package import Mathematics

/// A passive array of word lines × paired bit lines, and everything a read or a pulse needs of it.
///
/// Output j is the difference of the currents of two bit lines, plus and minus; both devices of pair
/// (i, j) sit on word line i, the fixed one of a one-fixed pair in tiles of its own. State is flat,
/// row-major by word line. Beside the programmed conductances the array keeps, per basis function k of
/// the static model, the differences
/// aₖ⁺ − aₖ⁻ that make a batch of reads one matrix product, and the sums aₖ⁺ + aₖ⁻ with their totals
/// per line, from which noise and energy of a read follow. Both change only where a pulse landed.
///
/// A reference type, because an array is a thing with an identity: it is programmed in place.
package final class Crossbar {
  /// Device, tables and conditions; ``adopt(_:)`` changes them.
  package internal(set) var technology: ArrayTechnology
  /// Word lines, the driven lines of a forward read.
  package let wordLines: Int
  /// Pairs of bit lines, the sensed lines of a forward read.
  package let outputs: Int

  let layout: TileLayout
  let plus: DeviceBank
  /// The minus devices, or an ideal reference when the pairing has none.
  let minus: DeviceBank
  /// Stored signs of single devices, ±1; nil for pairs.
  let signs: Storage<Float>?
  /// What non-idealities make of the devices; nil without any.
  let plusNonIdealities: DeviceNonIdealities?
  let minusNonIdealities: DeviceNonIdealities?
  let readNoise: RandomStream
  let leakageNoise: RandomStream
  let roundingNoise: RandomStream
  let cycleNoise: RandomStream
  let verifyNoise: RandomStream

  /// aₖ⁺ − aₖ⁻, basis function by basis function, wordLines × outputs each.
  let difference: Storage<Float>
  /// State and frozen variability of the pairs, aₖ⁺ + aₖ⁻, and what references that pulses never move read.
  let records: PairRecords
  /// The references of referenced pairs, in tiles of their own; nil for other pairings.
  let references: Crossbar?
  /// The differences as transposed reads see them; the same storage without wires.
  let transposedDifference: Storage<Float>
  /// What the wires leave of every device; nil with ideal wires.
  let plusGains: WireGains?
  let minusGains: WireGains?
  /// State of the tiles at their last solve.
  let tiles: TileRecords
  /// Σⱼ (aₖ⁺ + aₖ⁻) per basis function and word line, and Σᵢ per basis function and output.
  let rowTotals: Storage<Double>
  let columnTotals: Storage<Double>
  /// What half-selected devices have been exposed to; nil when their drift is left out.
  let exposures: ExposureRecords?
  let scratch = Workspace()

  /// An array with every device nominally at the centre of the window.
  ///
  /// - Parameters:
  ///   - name: distinguishes the random streams of this array from others of the same seeds.
  ///   - deviceSeed: fixes the frozen variation, that is, which chip this is.
  ///   - seed: decides noise.
  ///   - signs: ±1 per weight for `singleWithSign`, ignored otherwise.
  /// - Throws: ``Failure`` of kind `usage` for more than ``largestPairCount`` pairs.
  package init(
    _ technology: ArrayTechnology, wordLines: Int, outputs: Int, name: String,
    deviceSeed: UInt64, seed: UInt64, signs: [Float] = []
  ) throws(Failure) {
    let count = try Self.pairCount(wordLines, by: outputs, at: "array \(name)")
    let (pairing, wires) = (technology.conditions.pairing, technology.conditions.wires)
    precondition(
      pairing.hasMinusDevices || signs.count == count, "single devices need one sign each")
    self.technology = technology
    self.wordLines = wordLines
    self.outputs = outputs
    let layout = TileLayout(
      wordLines: wordLines, outputs: outputs, linesPerOutput: pairing.sharesTiles ? 2 : 1,
      size: wires?.size)
    self.layout = layout
    let terms = technology.basis.count
    let records = PairRecords(terms: terms, pairs: count)
    self.records = records
    let centre = Float(technology.conditions.centre)
    func bank(_ polarity: String, besides neighbour: DeviceBank? = nil) -> DeviceBank {
      DeviceBank(
        layout, records, isPlus: polarity == "plus", state: centre,
        scheme: technology.conditions.scheme, deviceSeed: deviceSeed, name: "\(name)/\(polarity)",
        sharesPulseDeviation: technology.device.variation.sharesPulseDeviation,
        besides: neighbour)
    }
    plus = bank("plus")
    minus =
      pairing.hasMinusDevices
      ? bank("minus", besides: pairing.sharesTiles ? plus : nil)
      : DeviceBank(
        idealReference: centre, layout, records, scheme: technology.conditions.scheme)
    func nonIdealities(_ polarity: String) -> DeviceNonIdealities? {
      technology.nonIdealities(layout, deviceSeed: deviceSeed, name: "\(name)/\(polarity)")
    }
    plusNonIdealities = nonIdealities("plus")
    // An ideal reference has no non-idealities.
    minusNonIdealities = pairing.hasMinusDevices ? nonIdealities("minus") : nil
    self.signs = pairing.hasMinusDevices ? nil : Storage(signs)
    readNoise = RandomStream(seed: seed, name: name + "/read-noise")
    leakageNoise = RandomStream(seed: seed, name: name + "/leakage")
    roundingNoise = RandomStream(seed: seed, name: name + "/rounding")
    cycleNoise = RandomStream(seed: seed, name: name + "/cycle-to-cycle")
    verifyNoise = RandomStream(seed: seed, name: name + "/verify-noise")
    difference = Storage(count: terms * count, repeating: 0)
    references =
      pairing == .referencedPair
      ? try Crossbar(
        technology.ofReferences, wordLines: wordLines, outputs: outputs,
        name: "\(name)/references", deviceSeed: deviceSeed, seed: seed) : nil
    transposedDifference = wires == nil ? difference : Storage(count: terms * count, repeating: 0)
    let gains = wires.map { _ in WireGains.ofPairs(terms: terms, pairs: count) }
    plusGains = gains?.plus
    minusGains = gains?.minus
    tiles = TileRecords(layout)
    rowTotals = Storage(count: terms * wordLines, repeating: 0)
    columnTotals = Storage(count: terms * outputs, repeating: 0)
    exposures = technology.disturb.map { _ in ExposureRecords(layout) }
    recomputeSums()
  }

  /// Pairs that an array can have: what ``DevicePulse`` numbers.
  package static let largestPairCount = DevicePulse.largestPair + 1

  /// The pairs of an array, at most ``largestPairCount``.
  private static func pairCount(
    _ wordLines: Int, by outputs: Int, at place: String
  ) throws(Failure) -> Int {
    precondition(wordLines > 0 && outputs > 0, "an array has at least one device")
    let (count, overflows) = wordLines.multipliedReportingOverflow(by: outputs)
    guard !overflows, count <= largestPairCount else {
      throw Failure(
        .usage, at: place,
        "\(wordLines) word lines with \(outputs) weights each are more than the"
          + " \(largestPairCount) weights that an array can hold",
        remedy: "use smaller layers")
    }
    return count
  }

  var basis: [BasisFunction] { technology.basis }

  /// Whether the minus bit lines carry real devices.
  var hasMinusDevices: Bool { technology.conditions.pairing.hasMinusDevices }

  /// Bit lines that cross a word line in the tiles of the plus devices.
  var physicalColumns: Int { technology.conditions.pairing.sharesTiles ? 2 * outputs : outputs }

  /// The devices of each kind of tile: pairs side by side, or references apart.
  var banksOfTiles: [[DeviceBank]] {
    guard hasMinusDevices else { return [[plus]] }
    return technology.conditions.pairing.sharesTiles ? [[plus, minus]] : [[plus], [minus]]
  }

  /// Programmed conductances in siemens, row-major by word line.
  package var state: (plus: [Float], minus: [Float]) {
    (plus.conductance.values, minus.conductance.values)
  }

  /// Programmed conductances of the references of referenced pairs; nil for other pairings.
  package var referenceState: (plus: [Float], minus: [Float])? { references?.state }

  /// Sets the state of the references of referenced pairs; before ``setState(plus:minus:)``, which
  /// derives the rest.
  package func setReferenceState(plus: [Float], minus: [Float]) {
    references?.setState(plus: plus, minus: minus)
  }

  /// Sets the state of every device and what is derived from it; lengths must fit.
  package func setState(plus: [Float], minus: [Float]) {
    self.plus.conductance.load(plus)
    self.minus.conductance.load(minus)
    exposures?.clear()
    recomputeSums()
  }
}

extension Crossbar {
  /// Goes on under other read and pulse conditions.
  ///
  /// - Parameter technology: of the same device, window, pairing, wires and non-idealities. Wires are
  ///   those of the old amplitudes until they are solved again, by ``solveWires(workers:)`` at the latest.
  package func adopt(_ technology: ArrayTechnology) {
    precondition(
      technology.basis.count == basis.count
        && (technology.disturb == nil) == (exposures == nil)
        && technology.conditions.pairing == self.technology.conditions.pairing
        && (technology.conditions.wires == nil) == (plusGains == nil),
      "another kind of array")
    self.technology = technology
    references?.adopt(technology.ofReferences)
  }

  /// Derives coefficients and totals from the state anew.
  ///
  /// Totals follow pulses by addition; deriving them at fixed points (the borders of epochs) keeps
  /// rounding from accumulating and makes a resumed run equal to an uninterrupted one.
  package func recomputeSums(workers: Workers = .one) {
    copyReferenceReadings()
    recomputePairs(workers: workers)
  }

  /// Takes over what references read, which pulses never move.
  func copyReferenceReadings() {
    if let references {
      let count = wordLines * outputs
      for term in basis.indices {
        for pair in 0..<count {
          records.references[pair, term] = references.difference[term * count + pair]
          records.referenceSums[pair, term] = references.records.sums[pair, term]
          records.referencesTransposed[pair, term] =
            references.transposedDifference[term * count + pair]
        }
      }
    } else if !technology.conditions.pairing.sharesTiles {
      for pair in 0..<wordLines * outputs {
        technology.coefficients.coefficients(
          at: minus.conductance[pair], z: minus.readDeviation[pair],
          into: records.references.address(of: pair))
      }
    }
  }
}
