import CProcessor
import Devices
import Mathematics

/// Brings the read coefficients of pairs up to date with their state.
///
/// Holds addresses, not references: counting references per pair costs as much as the arithmetic.
/// Goes over a stretch of pairs once per concern, so that what an array has none of costs nothing
/// per pair. Sound: made by a write or a recomputation of the array that owns the storage and let go of before it
/// returns; a pair is refreshed by one thread.
struct CoefficientRefresher: @unchecked Sendable {
  private let table: StaticTable
  private let terms: Int
  private let devices: Int
  private let outputs: Int
  private let hasMinusDevices: Bool
  private let plus: Polarity
  private let minus: Polarity
  private let sums: Lane<Float>
  /// aₖ⁻ of devices that never change; nil where they do.
  private let fixed: Lane<Float>?
  /// What the references of referenced pairs read; nil for other pairings.
  private let pairReferences: PairReferences?
  private let signs: UnsafeMutablePointer<Float>?
  private let difference: UnsafeMutablePointer<Float>
  private let transposedDifference: UnsafeMutablePointer<Float>
  private let columnTotals: UnsafeMutablePointer<Double>

  /// The devices of one polarity and what wires leave of them; no gains with ideal wires.
  private struct Polarity {
    let conductance: Lane<Float>
    let deviation: Lane<Float>
    /// Of the first basis function; the others' follow.
    let forward: Lane<Float>?
    let transposed: Lane<Float>?
    /// Factors of non-idealities; nil without any.
    let nonIdealities: UnsafeMutablePointer<Float>?

    init(_ bank: DeviceBank, _ gains: WireGains?, _ nonIdealities: DeviceNonIdealities?) {
      self.nonIdealities = nonIdealities?.gain.base
      conductance = bank.conductance
      deviation = bank.readDeviation
      forward = gains?.forward.first
      transposed = gains?.transposed.first
    }
  }

  /// Coefficients of an array of references.
  private struct PairReferences {
    let difference: Lane<Float>
    let transposedDifference: Lane<Float>
    let sum: Lane<Float>
  }

  init(_ crossbar: Crossbar) {
    table = crossbar.technology.coefficients
    terms = crossbar.basis.count
    devices = crossbar.wordLines * crossbar.outputs
    outputs = crossbar.outputs
    hasMinusDevices = crossbar.hasMinusDevices
    plus = Polarity(crossbar.plus, crossbar.plusGains, crossbar.plusNonIdealities)
    minus = Polarity(crossbar.minus, crossbar.minusGains, crossbar.minusNonIdealities)
    let records = crossbar.records
    sums = records.sums
    fixed = crossbar.technology.conditions.pairing.sharesTiles ? nil : records.references
    pairReferences = crossbar.references.map { _ in
      PairReferences(
        difference: records.references, transposedDifference: records.referencesTransposed,
        sum: records.referenceSums)
    }
    signs = crossbar.signs?.base
    difference = crossbar.difference.base
    transposedDifference = crossbar.transposedDifference.base
    columnTotals = crossbar.columnTotals.base
  }

  /// Refreshes neighbours on a word line.
  ///
  /// - Parameter rowChanges: an entry per basis function.
  func refresh(row: Int, columns: Range<Int>, rowChanges: UnsafeMutablePointer<Double>) {
    withUnsafeTemporaryAllocation(of: PairPlace.self, capacity: columns.count) { places in
      for (index, column) in columns.enumerated() {
        places[index] = PairPlace(row: row, column: column, outputs: outputs)
      }
      refresh(UnsafeBufferPointer(places), rowChanges: rowChanges, firstRow: row)
    }
  }

  /// Fetches into the cache what ``refresh(_:rowChanges:firstRow:)`` needs of a pair beside what
  /// pulses do.
  @inline(__always)
  func prefetch(_ device: Int) {
    if let gains = plus.transposed { prefetch_line(gains.address(of: device)) }
    for term in 0..<terms {
      let at = term &* devices &+ device
      prefetch_line(difference + at)
      if plus.transposed != nil { prefetch_line(transposedDifference + at) }
    }
  }

  /// Recomputes aₖ⁺ ∓ aₖ⁻ of some pairs as the wires show them, follows with the column totals and
  /// adds to the changes of their word lines.
  ///
  /// An ideal reference adds no noise and takes no energy: it is left out of the sums.
  ///
  /// - Parameter rowChanges: an entry per word line from `firstRow` on and basis function.
  func refresh(
    _ places: UnsafeBufferPointer<PairPlace>, rowChanges: UnsafeMutablePointer<Double>,
    firstRow: Int
  ) {
    let count = places.count * terms
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 &* count &+ 1) { values in
      guard let ofPlus = values.baseAddress else { return }
      let ofMinus = ofPlus + count
      coefficients(of: places, plus, into: ofPlus)
      if let fixed {
        for (index, place) in places.enumerated() {
          for term in 0..<terms {
            ofMinus[index &* terms &+ term] = fixed[Int(place.pair), term]
          }
        }
      } else {
        coefficients(of: places, minus, into: ofMinus)
      }
      weaken(places, plus, ofPlus)
      weaken(places, minus, ofMinus)
      refreshTransposed(places, ofPlus, ofMinus)
      pass(places, plus, ofPlus)
      pass(places, minus, ofMinus)
      for term in 0..<terms {
        combine(
          places, term, ofPlus, ofMinus, rowChanges: rowChanges, firstRow: firstRow)
      }
    }
  }

  private func coefficients(
    of places: UnsafeBufferPointer<PairPlace>, _ polarity: Polarity,
    into values: UnsafeMutablePointer<Float>
  ) {
    for (index, place) in places.enumerated() {
      let pair = Int(place.pair)
      table.coefficients(
        at: polarity.conductance[pair], z: polarity.deviation[pair], into: values + index &* terms)
    }
  }

  /// Applies non-idealities.
  private func weaken(
    _ places: UnsafeBufferPointer<PairPlace>, _ polarity: Polarity,
    _ values: UnsafeMutablePointer<Float>
  ) {
    guard let nonIdealities = polarity.nonIdealities else { return }
    for (index, place) in places.enumerated() {
      for term in 0..<terms { values[index &* terms &+ term] *= nonIdealities[Int(place.pair)] }
    }
  }

  /// Leaves what the wires pass on in a forward read.
  private func pass(
    _ places: UnsafeBufferPointer<PairPlace>, _ polarity: Polarity,
    _ values: UnsafeMutablePointer<Float>
  ) {
    guard let gains = polarity.forward else { return }
    for (index, place) in places.enumerated() {
      for term in 0..<terms {
        values[index &* terms &+ term] *= gains[Int(place.pair), term]
      }
    }
  }

  /// The differences as transposed reads see them, where wires tell the directions apart.
  private func refreshTransposed(
    _ places: UnsafeBufferPointer<PairPlace>, _ ofPlus: UnsafeMutablePointer<Float>,
    _ ofMinus: UnsafeMutablePointer<Float>
  ) {
    guard let plusGains = plus.transposed, let minusGains = minus.transposed else { return }
    for (index, place) in places.enumerated() {
      let pair = Int(place.pair)
      let sign = signs?[pair] ?? 1
      for term in 0..<terms {
        let value = index &* terms &+ term
        var net =
          sign * (plusGains[pair, term] * ofPlus[value] - minusGains[pair, term] * ofMinus[value])
        if let pairReferences { net -= pairReferences.transposedDifference[pair, term] }
        transposedDifference[term &* devices &+ pair] = net
      }
    }
  }

  /// Difference, sum and totals of one basis function.
  private func combine(
    _ places: UnsafeBufferPointer<PairPlace>, _ term: Int,
    _ ofPlus: UnsafeMutablePointer<Float>, _ ofMinus: UnsafeMutablePointer<Float>,
    rowChanges: UnsafeMutablePointer<Double>, firstRow: Int
  ) {
    let difference = difference + term &* devices
    let columnTotals = columnTotals + term &* outputs
    for (index, place) in places.enumerated() {
      let pair = Int(place.pair)
      let (raising, lowering) = (ofPlus[index &* terms &+ term], ofMinus[index &* terms &+ term])
      var total = hasMinusDevices ? raising + lowering : raising
      var net = (signs?[pair] ?? 1) * (raising - lowering)
      if let pairReferences {
        total += pairReferences.sum[pair, term]
        net -= pairReferences.difference[pair, term]
      }
      let change = Double(total) - Double(sums[pair, term])
      difference[pair] = net
      sums[pair, term] = total
      rowChanges[(Int(place.row) &- firstRow) &* terms &+ term] += change
      columnTotals[Int(place.column)] += change
    }
  }
}

/// Where a pair is in its array.
struct PairPlace: BitwiseCopyable {
  let pair: Int32
  let row: Int32
  let column: Int32

  init() { (pair, row, column) = (0, 0, 0) }

  init(row: Int, column: Int, outputs: Int) {
    pair = Int32(truncatingIfNeeded: row &* outputs &+ column)
    self.row = Int32(truncatingIfNeeded: row)
    self.column = Int32(truncatingIfNeeded: column)
  }
}
