package import Failures
package import FitResults

extension StatesFit {
  /// Puts the states into a draft: `[states]`, and the two of `[switching]` where the draft has it.
  ///
  /// - Throws: ``Failure`` of kind `badData` when fewer than two states are told apart.
  package func enter(_ draft: inout CalibrationDraft, source: String) throws(Failure) {
    guard let off = states.first, let on = states.last, states.count > 1 else {
      throw Failure(
        .badData, at: "[states]", "the readings are of one state",
        remedy: "give readings of both states, or leave --out away")
    }
    draft.removeSection("states")
    for (key, state) in [("off", off), ("on", on)] {
      draft.set("states.\(key)_conductance", state.conductance, unit: "S", source: source)
      draft.set("states.\(key)_spread", state.spread, unit: "1", source: source)
      if let device = state.deviceSpread {
        draft.set("states.\(key)_device_spread", device, unit: "1", source: source)
      }
      if let cycle = state.cycleSpread {
        draft.set("states.\(key)_cycle_spread", cycle, unit: "1", source: source)
      }
    }
    if let deviceYield {
      draft.set("states.device_yield", deviceYield, unit: "1", source: source, range: 0...1)
    }
    if let cycleYield {
      draft.set("states.cycle_yield", cycleYield, unit: "1", source: source, range: 0...1)
    }
    if states.count > 2 {
      draft.set("states.levels", states.map(\.conductance), unit: "S", source: source)
      draft.set("states.level_spreads", states.map(\.spread), unit: "1", source: source)
    }
    if draft.contains("switching.threshold_mean") {
      draft.set("switching.on_conductance", on.conductance, unit: "S", source: source)
      draft.set("switching.off_conductance", off.conductance, unit: "S", source: source)
    }
  }
}
