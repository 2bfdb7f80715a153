/// What a column of a measurement can be.
///
/// The raw value is the key in a description; a tidy header adds the unit: `voltage_V`.
package enum MeasuredQuantity: String, Sendable, CaseIterable {
  /// Which device, chip or cell a row belongs to.
  case device
  /// Which repetition a row belongs to.
  case cycle
  /// `set`, `reset`, `read` … where a file mixes them.
  case operation
  case voltage
  case current
  /// Nominal programmed state, or the conductance that was read.
  case conductance
  /// Instead of a conductance.
  case resistance
  case conductanceBefore = "conductance_before"
  case conductanceAfter = "conductance_after"
  case resistanceBefore = "resistance_before"
  case resistanceAfter = "resistance_after"
  case currentBefore = "current_before"
  case currentAfter = "current_after"
  /// Voltage at which a state was read, where `voltage` is that of the pulse.
  case readVoltage = "read_voltage"
  case temperature
  case time
  case width
  /// Number of the pulse within its cycle, 0 for the state before the first.
  case pulse
  /// Whether a pulse switched the device: 0 or 1.
  case switched
  /// Programmed level.
  case level
  case row
  case column
  case compliance
  /// Threshold of a SET or RESET ramp, one value a cycle.
  case setVoltage = "set_voltage"
  case resetVoltage = "reset_voltage"

  /// SI unit of the values, empty for a word or a plain number; temperatures are in °C.
  package var unit: String {
    switch self {
    case .device, .cycle, .operation, .pulse, .level, .switched, .row, .column: ""
    case .voltage, .readVoltage, .setVoltage, .resetVoltage: "V"
    case .current, .compliance, .currentBefore, .currentAfter: "A"
    case .conductance, .conductanceBefore, .conductanceAfter: "S"
    case .resistance, .resistanceBefore, .resistanceAfter: "ohm"
    case .temperature: "°C"
    case .time, .width: "s"
    }
  }

  /// Whether values are words that are only compared.
  package var isLabel: Bool { self == .device || self == .cycle || self == .operation }

  /// Whether a row is of use without it.
  var mayBeAbsent: Bool { self == .setVoltage || self == .resetVoltage }

  /// The header of a tidy table.
  package var header: String {
    unit.isEmpty ? rawValue : "\(rawValue)_\(self == .temperature ? "C" : unit)"
  }

  /// Quantities that stand for this one: reciprocal resistance, or current over a voltage.
  var substitutes: (resistance: MeasuredQuantity, current: MeasuredQuantity)? {
    switch self {
    case .conductance: (.resistance, .current)
    case .conductanceBefore: (.resistanceBefore, .currentBefore)
    case .conductanceAfter: (.resistanceAfter, .currentAfter)
    default: nil
    }
  }
}
