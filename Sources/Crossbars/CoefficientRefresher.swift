import Devices
import Mathematics

/// Brings the read coefficients of a pair up to date with its state.
struct CoefficientRefresher: Sendable {
  private let table: StaticTable
  private let wordLines: Int
  private let outputs: Int
  private let hasMinusDevices: Bool
  private let plus: DeviceBank
  private let minus: DeviceBank
  private let signs: Storage<Float>?
  private let difference: Storage<Float>
  private let sum: Storage<Float>
  private let transposedDifference: Storage<Float>
  private let columnTotals: Storage<Double>
  private let plusGains: WireGains?
  private let minusGains: WireGains?

  init(_ crossbar: Crossbar) {
    table = crossbar.technology.coefficients
    wordLines = crossbar.wordLines
    outputs = crossbar.outputs
    hasMinusDevices = crossbar.hasMinusDevices
    plus = crossbar.plus
    minus = crossbar.minus
    signs = crossbar.signs
    difference = crossbar.difference
    sum = crossbar.sum
    transposedDifference = crossbar.transposedDifference
    columnTotals = crossbar.columnTotals
    plusGains = crossbar.plusGains
    minusGains = crossbar.minusGains
  }

  /// Recomputes aₖ⁺ ∓ aₖ⁻ of one pair as the wires show them, follows with the column totals and adds to the row's changes.
  ///
  /// An ideal reference adds no noise and takes no energy: it is left out of the sums.
  func refresh(row: Int, column: Int, rowChanges: UnsafeMutableBufferPointer<Double>) {
    let terms = rowChanges.count
    let count = wordLines &* outputs
    let device = row &* outputs &+ column
    let sign = signs?[device] ?? 1
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 &* terms) { values in
      guard let ofPlus = values.baseAddress else { return }
      let ofMinus = ofPlus + terms
      table.coefficients(
        at: plus.conductance[device], z: plus.readDeviation[device], into: ofPlus)
      table.coefficients(
        at: minus.conductance[device], z: minus.readDeviation[device], into: ofMinus)
      for term in 0..<terms {
        let at = term &* count &+ device
        if let plusGains, let minusGains {
          transposedDifference[at] =
            sign
            * (plusGains.transposed[at] * ofPlus[term] - minusGains.transposed[at] * ofMinus[term])
          ofPlus[term] *= plusGains.forward[at]
          ofMinus[term] *= minusGains.forward[at]
        }
        let total = hasMinusDevices ? ofPlus[term] + ofMinus[term] : ofPlus[term]
        let change = Double(total) - Double(sum[at])
        difference[at] = sign * (ofPlus[term] - ofMinus[term])
        sum[at] = total
        rowChanges[term] += change
        columnTotals[term &* outputs &+ column] += change
      }
    }
  }
}
