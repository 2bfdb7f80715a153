import Crossbars
import Mathematics

/// A layer's share of the published procedure; see ``PublishedProcedure``.
struct PublishedUpdate {
  let procedure: PublishedProcedure
  /// Whether no weight of the layer is trained.
  let isFrozen: Bool
  /// Conductances right after the last update, before weights shrink: what the published energy
  /// script compares.
  private(set) var stored: (plus: [Float], minus: [Float])

  init(_ procedure: PublishedProcedure, isFrozen: Bool, initial: (plus: [Float], minus: [Float])) {
    self.procedure = procedure
    self.isFrozen = isFrozen
    stored = initial
  }

  /// Whether a weight is trained, in an array whose last word line is the bias.
  func trains(row: Int, column: Int, wordLines: Int, outputs: Int) -> Bool {
    if isFrozen { return false }
    if procedure.freezesBiases && row == wordLines - 1 { return false }
    guard procedure.freezesEdges else { return true }
    return row != wordLines - 2 && (column != outputs - 1 || outputs == 1)
  }

  /// Turns update signs against the gradient into the published ones.
  ///
  /// - Parameter signs: stored signs of single devices; empty for pairs.
  func revise(_ updateSigns: inout SignMatrix, signs: [Float]) {
    for row in 0..<updateSigns.rows {
      for column in 0..<updateSigns.columns {
        let at = row * updateSigns.columns + column
        guard
          trains(
            row: row, column: column, wordLines: updateSigns.rows, outputs: updateSigns.columns)
        else {
          updateSigns.elements[at] = 0
          continue
        }
        if procedure.direction == .ascent { updateSigns.elements[at] *= -1 }
        if updateSigns.elements[at] == 0, procedure.resetsAtZero {
          // Lowers the magnitude of a single device, the weight of a pair.
          updateSigns.elements[at] = signs.isEmpty || signs[at] > 0 ? -1 : 1
        }
      }
    }
  }

  /// Σ G of devices whose conductance differs from that after the update before, then takes note.
  ///
  /// The published `Energy.m` charges V²·G·t with the conductance of the step before.
  mutating func changedConductance(
    _ after: (plus: [Float], minus: [Float]), hasMinusDevices: Bool
  ) -> Double {
    func changed(_ before: [Float], _ after: [Float]) -> Double {
      zip(before, after).reduce(0) { $1.0 == $1.1 ? $0 : $0 + Double($1.0) }
    }
    var total = changed(stored.plus, after.plus)
    if hasMinusDevices { total += changed(stored.minus, after.minus) }
    stored = after
    return total
  }

  /// Takes the memory of the last update from a saved state.
  mutating func restore(plus: [Float], minus: [Float]) { stored = (plus, minus) }
}
