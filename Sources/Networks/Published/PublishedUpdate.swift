import ArrayOperations
import Crossbars
import Devices
import Failures
import Mathematics

/// How an array learns by the published procedure; see ``PublishedProcedure``.
struct PublishedUpdate: WeightUpdate {
  let procedure: PublishedProcedure
  private var sampler: UpdateSampler
  /// Whether no weight of the layer is trained.
  let isFrozen: Bool
  /// Conductances right after the last update, before weights shrink: what the published energy
  /// script compares.
  private(set) var stored: (plus: [Float], minus: [Float])

  init(
    _ procedure: PublishedProcedure, isFrozen: Bool, _ array: ProgrammedArray,
    _ stream: RandomStream
  ) {
    self.procedure = procedure
    self.isFrozen = isFrozen
    sampler = UpdateSampler(
      wordLines: array.inputs + 1, outputs: array.outputs, array.plan, stream)
    stored = array.crossbar.state
  }

  /// Pulses, energy by the published script, signs, shrinking weights.
  mutating func update(
    _ array: ProgrammedArray, input: Matrix, delta: Matrix, _ context: inout StepContext
  ) {
    guard !isFrozen, sampler.sample(input: input, delta: delta, context) else { return }
    let crossbar = array.crossbar
    var updateSigns = sampler.updateSigns
    revise(&updateSigns, signs: crossbar.storedSigns)
    context.ledger += crossbar.program(
      updateSigns, step: context.step, workers: context.workers)
    let state = crossbar.state
    let conductance = changedConductance(state, hasMinusDevices: array.hasPairs)
    // The script's first difference is between the first and the second step.
    if context.step > 0 {
      let pulse = array.plan.setPulse
      context.ledger.programPublished +=
        pulse.voltage * pulse.voltage * pulse.width * conductance
    }
    shrink(state, array)
  }

  mutating func update(
    _ array: ProgrammedArray, _ slopes: BatchSlopes, _ context: inout StepContext
  ) throws(Failure) {
    throw Failure(.usage, at: "networks", "must be of dense layers with [as_published]")
  }

  mutating func endEpoch() { sampler.reset() }

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

  /// Weights of trained devices shrink, and single ones at the bottom lose a positive sign.
  private func shrink(_ state: (plus: [Float], minus: [Float]), _ array: ProgrammedArray) {
    guard procedure.weightRetention != 1 || procedure.losesSigns else { return }
    let crossbar = array.crossbar
    let retention = Float(procedure.weightRetention)
    let centre = Float(crossbar.technology.conditions.centre)
    var (plus, minus) = state
    var signs = crossbar.storedSigns
    let (wordLines, outputs) = (crossbar.wordLines, crossbar.outputs)
    for row in 0..<wordLines {
      for column in 0..<outputs
      where trains(row: row, column: column, wordLines: wordLines, outputs: outputs) {
        let at = row * outputs + column
        if procedure.losesSigns, !signs.isEmpty, plus[at] <= centre { signs[at] = -1 }
        plus[at] = centre + retention * (plus[at] - centre)
        if array.hasPairs { minus[at] = centre + retention * (minus[at] - centre) }
      }
    }
    crossbar.setState(plus: plus, minus: minus, signs: signs)
  }
}

// MARK: - Saving

extension PublishedUpdate {
  func state(_ array: ProgrammedArray, name: String) -> [TrainerState.NamedArray] {
    guard !isFrozen else { return [] }
    let (signs, shape) = (array.crossbar.storedSigns, array.shape)
    return [
      .init(name: name + ".stored-plus", shape: shape, values: stored.plus),
      .init(name: name + ".stored-minus", shape: shape, values: stored.minus),
    ] + (signs.isEmpty ? [] : [.init(name: name + ".signs", shape: shape, values: signs)])
  }

  mutating func restore(
    _ state: TrainerState, _ array: ProgrammedArray, name: String
  ) throws(StateMismatch) {
    guard !isFrozen else { return }
    let (crossbar, count) = (array.crossbar, array.weights)
    stored = (
      plus: try state.conductances(name + ".stored-plus", count: count),
      minus: try state.conductances(name + ".stored-minus", count: count)
    )
    guard !crossbar.storedSigns.isEmpty else { return }
    let (plus, minus) = crossbar.state
    crossbar.setState(
      plus: plus, minus: minus, signs: try state.values(name + ".signs", count: count))
  }
}
