import ArrayOperations
import Reports

/// The quantities of a ledger with the names that files give them, unit included.
enum LedgerTable {
  struct Quantity: Sendable {
    let name: String
    let path: any WritableKeyPath<EnergyLedger, Double> & Sendable
  }

  struct Count: Sendable {
    let name: String
    let path: any WritableKeyPath<EnergyLedger, Int> & Sendable
  }

  static let energies = [
    Quantity(name: "energy_forward_J", path: \.forward),
    Quantity(name: "energy_backward_J", path: \.backward),
    Quantity(name: "energy_program_selected_J", path: \.programSelected),
    Quantity(name: "energy_program_half_J", path: \.programHalf),
    Quantity(name: "energy_noise_J", path: \.noise),
    Quantity(name: "energy_periphery_J", path: \.periphery),
  ]
  static let time = Quantity(name: "hardware_s", path: \.seconds)
  static let disturb = Quantity(name: "disturb_S", path: \.disturb)
  /// No part of the total.
  static let published = Quantity(name: "published_energy_J", path: \.programPublished)
  private static var numbers: [Quantity] { energies + [time, disturb, published] }
  static let counts = [
    Count(name: "pulses", path: \.pulses), Count(name: "writes", path: \.writes),
    Count(name: "half_selections", path: \.halfSelections),
    Count(name: "noise_bits", path: \.noiseBits),
    Count(name: "noise_cycles", path: \.noiseCycles),
  ]
  /// Counts that ledgers of earlier versions lack: zero there.
  private static let laterCounts = [
    Count(name: "devices_written", path: \.devicesWritten),
    Count(name: "devices_missed", path: \.devicesMissed),
  ]

  /// The ledger as a JSON object.
  static func json(_ ledger: EnergyLedger) -> JSON {
    .object(
      numbers.map { JSON.Member($0.name, .number(ledger[keyPath: $0.path])) }
        + [JSON.Member("energy_total_J", .number(ledger.total))]
        + counts.map { JSON.Member($0.name, .integer(ledger[keyPath: $0.path])) })
  }

  /// What the first writing took.
  static func initialWriting(_ ledger: EnergyLedger) -> JSON {
    [
      "devices": .integer(ledger.devicesWritten), "pulses": .integer(ledger.pulses),
      "missed": .integer(ledger.devicesMissed), "time_s": .number(ledger.seconds),
      "energy_J": .number(ledger.total),
    ]
  }

  /// The ledger as names and numbers; counts stay exact up to 2⁵³.
  static func values(_ ledger: EnergyLedger) -> [String: Double] {
    var values: [String: Double] = [:]
    for quantity in numbers {
      values[quantity.name] = ledger[keyPath: quantity.path]
    }
    for count in counts + laterCounts {
      values[count.name] = Double(ledger[keyPath: count.path])
    }
    return values
  }

  /// The inverse of ``values(_:)``; nil when a quantity is missing or no count.
  static func ledger(_ values: [String: Double]) -> EnergyLedger? {
    var ledger = EnergyLedger()
    for quantity in numbers {
      guard let value = values[quantity.name] else { return nil }
      ledger[keyPath: quantity.path] = value
    }
    for count in counts + laterCounts {
      let value = values[count.name] ?? (laterCounts.contains { $0.name == count.name } ? 0 : nil)
      guard let value, let exact = Int(exactly: value) else { return nil }
      ledger[keyPath: count.path] = exact
    }
    return ledger
  }
}
