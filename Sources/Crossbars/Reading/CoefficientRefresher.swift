import CProcessor
import Devices
import Mathematics

/// Brings the read coefficients of pairs up to date with their state.
///
/// Holds addresses, not references: counting references per pair costs as much as the arithmetic.
/// Sound: made by a write or a recomputation of the array that owns the storage and let go of before it
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
    guard terms == 2, signs == nil, plus.nonIdealities == nil, hasMinusDevices else {
      return refreshAny(places, rowChanges: rowChanges, firstRow: firstRow)
    }
    let wires = wires
    for place in places {
      refreshTwoTerms(place, wires, rowChanges + 2 &* (Int(place.row) &- firstRow))
    }
  }

  /// ``refresh(_:rowChanges:firstRow:)`` of any array, one number after the other.
  func refreshAny(
    _ places: UnsafeBufferPointer<PairPlace>, rowChanges: UnsafeMutablePointer<Double>,
    firstRow: Int
  ) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 &* terms &+ 1) { values in
      guard let ofPlus = values.baseAddress else { return }
      let ofMinus = ofPlus + terms
      for place in places {
        let pair = Int(place.pair)
        coefficients(of: pair, plus, into: ofPlus)
        if let fixed {
          for term in 0..<terms { ofMinus[term] = fixed[pair, term] }
        } else {
          coefficients(of: pair, minus, into: ofMinus)
        }
        weaken(pair, plus, ofPlus)
        weaken(pair, minus, ofMinus)
        for term in 0..<terms {
          refreshTransposed(pair, term, ofPlus[term], ofMinus[term])
          combine(
            place, term, ofPlus[term] * (plus.forward?[pair, term] ?? 1),
            ofMinus[term] * (minus.forward?[pair, term] ?? 1),
            rowChanges + (Int(place.row) &- firstRow) &* terms)
        }
      }
    }
  }

  private func coefficients(
    of pair: Int, _ polarity: Polarity, into values: UnsafeMutablePointer<Float>
  ) {
    table.coefficients(at: polarity.conductance[pair], z: polarity.deviation[pair], into: values)
  }

  /// Applies non-idealities.
  private func weaken(_ pair: Int, _ polarity: Polarity, _ values: UnsafeMutablePointer<Float>) {
    guard let nonIdealities = polarity.nonIdealities else { return }
    for term in 0..<terms { values[term] *= nonIdealities[pair] }
  }

  /// A difference as transposed reads see it, where wires tell the directions apart.
  private func refreshTransposed(_ pair: Int, _ term: Int, _ ofPlus: Float, _ ofMinus: Float) {
    guard let plusGains = plus.transposed, let minusGains = minus.transposed else { return }
    var net =
      (signs?[pair] ?? 1) * (plusGains[pair, term] * ofPlus - minusGains[pair, term] * ofMinus)
    if let pairReferences { net -= pairReferences.transposedDifference[pair, term] }
    transposedDifference[term &* devices &+ pair] = net
  }

  /// Difference, sum and totals of one basis function.
  private func combine(
    _ place: PairPlace, _ term: Int, _ raising: Float, _ lowering: Float,
    _ rowChanges: UnsafeMutablePointer<Double>
  ) {
    let pair = Int(place.pair)
    var total = hasMinusDevices ? raising + lowering : raising
    var net = (signs?[pair] ?? 1) * (raising - lowering)
    if let pairReferences {
      total += pairReferences.sum[pair, term]
      net -= pairReferences.difference[pair, term]
    }
    let change = Double(total) - Double(sums[pair, term])
    difference[term &* devices &+ pair] = net
    sums[pair, term] = total
    rowChanges[term] += change
    columnTotals[term &* outputs &+ Int(place.column)] += change
  }

  /// ``refreshAny(_:rowChanges:firstRow:)`` for pairs of two basis functions, the default, with what
  /// belongs together in one register: the same operations, thus the same bits.
  @inline(__always)
  private func refreshTwoTerms(
    _ place: PairPlace, _ wires: PairGains?, _ rowChanges: UnsafeMutablePointer<Double>
  ) {
    let pair = Int(place.pair)
    let ofPlus = table.twoTerms(at: plus.conductance[pair], z: plus.deviation[pair])
    let ofMinus =
      fixed.map { Self.two($0.address(of: pair)) }
      ?? table.twoTerms(at: minus.conductance[pair], z: minus.deviation[pair])
    let both = SIMD4(lowHalf: ofPlus, highHalf: ofMinus)
    let forth = wires.map { both * $0.forward(pair) } ?? both
    var net = forth.lowHalf - forth.highHalf
    var total = forth.lowHalf + forth.highHalf
    if let pairReferences {
      net -= Self.two(pairReferences.difference.address(of: pair))
      total += Self.two(pairReferences.sum.address(of: pair))
    }
    if let wires {
      let back = both * wires.transposed(pair)
      var transposed = back.lowHalf - back.highHalf
      if let pairReferences {
        transposed -= Self.two(pairReferences.transposedDifference.address(of: pair))
      }
      transposedDifference[pair] = transposed[0]
      transposedDifference[devices &+ pair] = transposed[1]
    }
    difference[pair] = net[0]
    difference[devices &+ pair] = net[1]
    let sum = sums.address(of: pair)
    let change = SIMD2<Double>(total) - SIMD2<Double>(Self.two(sum))
    UnsafeMutableRawPointer(sum).storeBytes(of: total, as: SIMD2<Float>.self)
    rowChanges[0] += change[0]
    rowChanges[1] += change[1]
    columnTotals[Int(place.column)] += change[0]
    columnTotals[outputs &+ Int(place.column)] += change[1]
  }

  @inline(__always)
  private static func two(_ address: UnsafeMutablePointer<Float>) -> SIMD2<Float> {
    UnsafeRawPointer(address).loadUnaligned(as: SIMD2<Float>.self)
  }

  /// The gains of both devices of pairs of two basis functions: those of plus, then those of minus.
  private struct PairGains {
    private let forward: Lane<Float>
    private let transposed: Lane<Float>

    init(forward: Lane<Float>, transposed: Lane<Float>) {
      (self.forward, self.transposed) = (forward, transposed)
    }

    @inline(__always)
    func forward(_ pair: Int) -> SIMD4<Float> {
      UnsafeRawPointer(forward.address(of: pair)).loadUnaligned(as: SIMD4<Float>.self)
    }

    @inline(__always)
    func transposed(_ pair: Int) -> SIMD4<Float> {
      UnsafeRawPointer(transposed.address(of: pair)).loadUnaligned(as: SIMD4<Float>.self)
    }
  }

  private var wires: PairGains? {
    guard let forward = plus.forward, let transposed = plus.transposed else { return nil }
    return PairGains(forward: forward, transposed: transposed)
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
