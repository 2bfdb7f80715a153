import Mathematics

/// What pulses to a pair and reads of it take from memory, pair by pair.
///
/// A training step pulses some devices in a hundred, scattered over arrays larger than the caches
/// nearest the processor. With two basis functions the frozen variability of a pair, its state and what is derived
/// from it are the sixteen numbers of one cache line; the read coefficients alone lie where the
/// matrix products want them.
struct PairRecords: Sendable {
  private let table: RecordTable<Float>
  private let terms: Int

  /// Places of the quantities of the plus device; the minus device's follow them.
  private enum Place {
    static let conductance = 0
    static let readDeviation = 2
    static let setDeviation = 4
    static let resetDeviation = 6
    static let terms = 8
  }

  /// Quantities of a pair per basis function, in their order.
  private enum Term: Int {
    case sum, reference, referenceSum, referenceTransposed
  }

  /// Records of as many pairs, all zero.
  ///
  /// - Parameter terms: number of basis functions.
  init(terms: Int, pairs: Int) {
    table = RecordTable(records: pairs, values: Place.terms + 4 * terms, repeating: 0)
    self.terms = terms
  }

  /// Programmed conductances in siemens.
  func conductance(isPlus: Bool) -> Lane<Float> { lane(Place.conductance, isPlus) }

  /// Frozen deviations of the static characteristic.
  func readDeviation(isPlus: Bool) -> Lane<Float> { lane(Place.readDeviation, isPlus) }

  /// Frozen deviations of the answer to SET pulses.
  func setDeviation(isPlus: Bool) -> Lane<Float> { lane(Place.setDeviation, isPlus) }

  /// Frozen deviations of the answer to RESET pulses.
  func resetDeviation(isPlus: Bool) -> Lane<Float> { lane(Place.resetDeviation, isPlus) }

  /// aₖ⁺ + aₖ⁻, the first basis function's; the others' follow each.
  var sums: Lane<Float> { lane(.sum) }

  /// aₖ⁻ of an ideal or fixed reference, or aₖ⁺ − aₖ⁻ of a pair of references, likewise.
  var references: Lane<Float> { lane(.reference) }

  /// aₖ⁺ + aₖ⁻ of a pair of references.
  var referenceSums: Lane<Float> { lane(.referenceSum) }

  /// aₖ⁺ − aₖ⁻ of a pair of references as transposed reads see it.
  var referencesTransposed: Lane<Float> { lane(.referenceTransposed) }

  private func lane(_ place: Int, _ isPlus: Bool) -> Lane<Float> {
    table.lane(isPlus ? place : place + 1)
  }

  private func lane(_ term: Term) -> Lane<Float> {
    table.lane(Place.terms + term.rawValue * terms)
  }

  /// Where the devices of pairs are, for loops that count no references; the records outlive it.
  var addresses: Addresses { Addresses(base: table.base, width: table.width) }

  /// State and frozen variability of single devices by address.
  ///
  /// Sound: the records own the storage for the array's life, and threads work on devices of their own.
  struct Addresses: @unchecked Sendable {
    fileprivate let base: UnsafeMutablePointer<Float>
    fileprivate let width: Int

    /// Address of a pair's record.
    @inline(__always)
    subscript(pair: Int) -> UnsafeMutablePointer<Float> { base + pair &* width }

    /// Address of a device's conductance.
    @inline(__always)
    func conductance(_ pair: Int, isPlus: Bool) -> UnsafeMutablePointer<Float> {
      self[pair] + (Place.conductance &+ (isPlus ? 0 : 1))
    }

    /// A device's deviation of the answer to a pulse.
    @inline(__always)
    func deviation(_ pair: Int, isPlus: Bool, isSet: Bool) -> Float {
      self[pair][(isSet ? Place.setDeviation : Place.resetDeviation) &+ (isPlus ? 0 : 1)]
    }
  }
}
