import Failures
import Files

/// The measured conductances of a device's states, from `[states]`: for readers and comparisons;
/// training takes its range from `[limits]`, the noise source its two states from `[switching]`.
package struct StateDistributions: Equatable, Sendable {
  /// A state: ln R is normal around the logarithm of the median.
  package struct State: Equatable, Sendable {
    /// Median in siemens.
    package var conductance: Double
    /// Standard deviation of ln R over all devices and cycles.
    package var spread: Double
    /// Of it between devices and from cycle to cycle; nil where they were not told apart.
    package var deviceSpread: Double?
    package var cycleSpread: Double?
  }

  package var off: State
  package var on: State
  /// Medians and spreads of all levels, by rising conductance; empty for two states.
  package var levels: [(conductance: Double, spread: Double)] {
    zip(levelConductances, levelSpreads).map { ($0, $1) }
  }
  private var levelConductances: [Double] = []
  private var levelSpreads: [Double] = []
  /// Shares of the devices and cycles that reached both states.
  package var deviceYield: Double?
  package var cycleYield: Double?

  /// Decodes `[states]`.
  init(reader: ParameterReader) throws(Failure) {
    func optional(_ key: String) throws(Failure) -> Double? {
      guard reader.section.contains(key) else { return nil }
      let value = try reader.number(key, unit: "1")
      try reader.requireNotNegative(key, value)
      return value
    }
    func state(_ name: String) throws(Failure) -> State {
      let state = State(
        conductance: try reader.number("\(name)_conductance", unit: "S"),
        spread: try reader.number("\(name)_spread", unit: "1"),
        deviceSpread: try optional("\(name)_device_spread"),
        cycleSpread: try optional("\(name)_cycle_spread"))
      try reader.requirePositive("\(name)_conductance", state.conductance)
      try reader.requireNotNegative("\(name)_spread", state.spread)
      return state
    }
    off = try state("off")
    on = try state("on")
    try reader.requirePositive("on_conductance", on.conductance - off.conductance, "above off")
    deviceYield = try optional("device_yield")
    cycleYield = try optional("cycle_yield")
    if reader.section.contains("levels") {
      levelConductances = try reader.numbers("levels", unit: "S")
      levelSpreads = try reader.numbers(
        "level_spreads", unit: "1", count: levelConductances.count)
    }
  }
}
