import CPrefetch
import Devices
import Mathematics

/// Brings the read coefficients of a pair up to date with its state.
///
/// Holds addresses, not references: it runs once per pulse, and counting references there costs as
/// much as the arithmetic. The array outlives it.
struct CoefficientRefresher: @unchecked Sendable {
  private let table: StaticTable
  private let terms: Int
  private let devices: Int
  private let outputs: Int
  private let hasMinusDevices: Bool
  private let plus: Nature
  private let minus: Nature
  /// aₖ⁻ of devices that never change; nil where they do.
  private let references: UnsafeMutablePointer<Float>?
  /// What the references of referenced pairs read; nil for other pairings.
  private let pairReferences: PairReferences?
  private let signs: UnsafeMutablePointer<Float>?
  private let difference: UnsafeMutablePointer<Float>
  private let sum: UnsafeMutablePointer<Float>
  private let transposedDifference: UnsafeMutablePointer<Float>
  private let columnTotals: UnsafeMutablePointer<Double>

  /// The devices of one polarity and what wires leave of them; no gains with ideal wires.
  private struct Nature {
    let conductance: UnsafeMutablePointer<Float>
    let deviation: UnsafeMutablePointer<Float>
    let forward: UnsafeMutablePointer<Float>?
    let transposed: UnsafeMutablePointer<Float>?
    /// Factors of imperfections; nil without any.
    let flaws: UnsafeMutablePointer<Float>?

    init(_ bank: DeviceBank, _ gains: WireGains?, _ flaws: DeviceFlaws?) {
      self.flaws = flaws?.gain.base
      conductance = bank.conductance.base
      deviation = bank.readDeviation.base
      forward = gains?.forward.base
      transposed = gains?.transposed.base
    }
  }

  /// Coefficients of an array of references.
  private struct PairReferences {
    let difference: UnsafeMutablePointer<Float>
    let transposedDifference: UnsafeMutablePointer<Float>
    let sum: UnsafeMutablePointer<Float>
  }

  init(_ crossbar: Crossbar) {
    table = crossbar.technology.coefficients
    terms = crossbar.basis.count
    devices = crossbar.wordLines * crossbar.outputs
    outputs = crossbar.outputs
    hasMinusDevices = crossbar.hasMinusDevices
    plus = Nature(crossbar.plus, crossbar.plusGains, crossbar.plusFlaws)
    minus = Nature(crossbar.minus, crossbar.minusGains, crossbar.minusFlaws)
    references = crossbar.referenceCoefficients?.base
    pairReferences = crossbar.references.map {
      PairReferences(
        difference: $0.difference.base, transposedDifference: $0.transposedDifference.base,
        sum: $0.sum.base)
    }
    signs = crossbar.signs?.base
    difference = crossbar.difference.base
    sum = crossbar.sum.base
    transposedDifference = crossbar.transposedDifference.base
    columnTotals = crossbar.columnTotals.base
  }

  /// Fetches into the cache what ``refresh(row:column:rowChanges:)`` needs of a pair.
  @inline(__always)
  func prefetch(_ device: Int) {
    prefetch_line(plus.deviation + device)
    if let references {
      prefetch_line(references + device &* terms)
    } else {
      prefetch_line(minus.deviation + device)
    }
    for term in 0..<terms {
      let at = term &* devices &+ device
      prefetch_line(difference + at)
      prefetch_line(sum + at)
      if let pairReferences {
        prefetch_line(pairReferences.difference + at)
        prefetch_line(pairReferences.sum + at)
      }
      guard let plusGain = plus.forward, let minusGain = minus.forward else { continue }
      prefetch_line(plusGain + at)
      prefetch_line(minusGain + at)
      if let gain = plus.transposed { prefetch_line(gain + at) }
      if let gain = minus.transposed { prefetch_line(gain + at) }
      prefetch_line(transposedDifference + at)
    }
  }

  /// Recomputes aₖ⁺ ∓ aₖ⁻ of one pair as the wires show them, follows with the column totals and adds to the row's changes.
  ///
  /// An ideal reference adds no noise and takes no energy: it is left out of the sums.
  @inline(__always)
  func refresh(row: Int, column: Int, rowChanges: UnsafeMutableBufferPointer<Double>) {
    let device = row &* outputs &+ column
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 &* terms) { values in
      guard let ofPlus = values.baseAddress, let rowChanges = rowChanges.baseAddress else { return }
      table.coefficients(
        at: plus.conductance[device], z: plus.deviation[device], into: ofPlus)
      let ofMinus: UnsafeMutablePointer<Float>
      if let references {
        ofMinus = references + device &* terms
      } else {
        ofMinus = ofPlus + terms
        table.coefficients(
          at: minus.conductance[device], z: minus.deviation[device], into: ofMinus)
      }
      let sign = signs?[device] ?? 1
      for term in 0..<terms {
        let at = term &* devices &+ device
        var (raising, lowering) = (ofPlus[term], ofMinus[term])
        if let flaws = plus.flaws { raising *= flaws[device] }
        if let flaws = minus.flaws { lowering *= flaws[device] }
        if let plusBack = plus.transposed, let minusBack = minus.transposed,
          let plusGain = plus.forward, let minusGain = minus.forward
        {
          transposedDifference[at] = sign * (plusBack[at] * raising - minusBack[at] * lowering)
          raising *= plusGain[at]
          lowering *= minusGain[at]
        }
        var total = hasMinusDevices ? raising + lowering : raising
        var net = sign * (raising - lowering)
        if let pairReferences {
          total += pairReferences.sum[at]
          net -= pairReferences.difference[at]
          if plus.transposed != nil {
            transposedDifference[at] -= pairReferences.transposedDifference[at]
          }
        }
        let change = Double(total) - Double(sum[at])
        difference[at] = net
        sum[at] = total
        rowChanges[term] += change
        columnTotals[term &* outputs &+ column] += change
      }
    }
  }
}
