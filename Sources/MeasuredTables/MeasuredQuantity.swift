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

  /// SI unit of the values, empty for a word or a plain number; temperatures are in °C.
  package var unit: String {
    switch self {
    case .device, .cycle, .operation, .pulse, .level, .switched, .row, .column: ""
    case .voltage: "V"
    case .current, .compliance: "A"
    case .conductance, .conductanceBefore, .conductanceAfter: "S"
    case .resistance: "ohm"
    case .temperature: "°C"
    case .time, .width: "s"
    }
  }

  /// Whether values are words that are only compared.
  var isLabel: Bool { self == .device || self == .cycle || self == .operation }

  /// The header of a tidy table.
  package var header: String {
    unit.isEmpty ? rawValue : "\(rawValue)_\(self == .temperature ? "C" : unit)"
  }
}
