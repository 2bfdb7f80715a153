import Crossbars
import Devices
import Mathematics

extension CrossbarLayer {
  /// One update by the published procedure: pulses, energy by its script, signs, shrinking weights.
  mutating func updateAsPublished(
    input: Matrix, delta: Matrix, _ published: PublishedUpdate, _ context: inout StepContext
  ) {
    guard !published.isFrozen, sampler.sample(input: input, delta: delta, context) else { return }
    var updateSigns = sampler.updateSigns
    published.revise(&updateSigns, signs: crossbar.storedSigns)
    context.ledger += crossbar.program(
      updateSigns, step: context.step, workers: context.workers)
    let state = crossbar.state
    var published = published
    let conductance = published.changedConductance(state, hasMinusDevices: hasPairs)
    // The script's first difference is between the first and the second step.
    if context.step > 0 {
      let pulse = plan.setPulse
      context.ledger.programPublished +=
        pulse.voltage * pulse.voltage * pulse.width * conductance
    }
    self.published = published
    shrink(state, published)
  }

  private var hasPairs: Bool { plan.pairing != .singleWithSign }

  /// Weights of trained devices shrink, and single ones at the bottom lose a positive sign.
  private func shrink(_ state: (plus: [Float], minus: [Float]), _ published: PublishedUpdate) {
    let procedure = published.procedure
    guard procedure.weightRetention != 1 || procedure.losesSigns else { return }
    let retention = Float(procedure.weightRetention)
    let centre = Float(crossbar.technology.conditions.centre)
    var (plus, minus) = state
    var signs = crossbar.storedSigns
    let (wordLines, outputs) = (crossbar.wordLines, crossbar.outputs)
    for row in 0..<wordLines {
      for column in 0..<outputs
      where published.trains(row: row, column: column, wordLines: wordLines, outputs: outputs) {
        let at = row * outputs + column
        if procedure.losesSigns, !signs.isEmpty, plus[at] <= centre { signs[at] = -1 }
        plus[at] = centre + retention * (plus[at] - centre)
        if hasPairs { minus[at] = centre + retention * (minus[at] - centre) }
      }
    }
    crossbar.setState(plus: plus, minus: minus, signs: signs)
  }
}

// MARK: - Saving

extension CrossbarLayer {
  /// What the procedure adds to the changing state.
  func publishedState(name: String, shape: [Int]) -> [TrainerState.NamedArray] {
    guard let published, !published.isFrozen else { return [] }
    let signs = crossbar.storedSigns
    return [
      .init(name: name + ".stored-plus", shape: shape, values: published.stored.plus),
      .init(name: name + ".stored-minus", shape: shape, values: published.stored.minus),
    ] + (signs.isEmpty ? [] : [.init(name: name + ".signs", shape: shape, values: signs)])
  }

  mutating func restorePublished(_ state: TrainerState, name: String) throws(StateMismatch) {
    guard var published, !published.isFrozen else { return }
    let count = crossbar.wordLines * crossbar.outputs
    published.restore(
      plus: try state.conductances(name + ".stored-plus", count: count),
      minus: try state.conductances(name + ".stored-minus", count: count))
    self.published = published
    guard !crossbar.storedSigns.isEmpty else { return }
    let (plus, minus) = crossbar.state
    crossbar.setState(
      plus: plus, minus: minus, signs: try state.values(name + ".signs", count: count))
  }
}
