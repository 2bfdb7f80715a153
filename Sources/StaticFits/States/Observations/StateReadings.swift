import Failures
import FitResults
import Foundation
import MeasuredTables

/// Readings of states, one per device, cycle and state.
package struct StateReadings: Sendable {
  /// What a table says of a reading's state.
  enum Label: Hashable, Sendable {
    case off
    case on
    case level(Int)
    /// Nothing: the value alone tells.
    case unknown
  }

  struct Reading: Sendable {
    var device: Int
    var cycle: Int
    var label: Label
    /// S, > 0.
    var conductance: Double
  }

  var readings: [Reading] = []
  var leftOut: [LeftOut] = []
  /// How conductances were read, in words.
  var notes: [String] = []
  var report: ReadReport
  /// Cycles, and those of them in which both states were found; nil where a table does not tell cycles
  /// of switching.
  var cycles: (all: Int, switched: Int)?
  /// Devices, and those of them that switched.
  var devices: (all: Int, switched: Int)?
  /// Names of levels, in their order.
  var levelNames: [String] = []

  /// Words that name a state, in lower case.
  static let onWords: Set<String> = ["set", "on", "lrs", "low", "low-resistance", "program", "1"]
  static let offWords: Set<String> = [
    "reset", "off", "hrs", "high", "high-resistance", "erase", "0",
  ]

  /// Reads loops (voltage and current), single readings (conductance, resistance, or current at one
  /// voltage) or pulses with a conductance after each.
  ///
  /// - Throws: ``Failure`` of kind `badData` when the table gives none of them.
  init(_ reader: TableReader) throws(Failure) {
    if try reader.gives(.voltage), try reader.gives(.current) {
      let collection = try SweepCollection(reader, longest: .max)
      if !Self.isOfOneVoltage(collection.sweeps) {
        self.init(loops: collection)
        return
      }
    }
    try self.init(rows: reader)
  }

  /// Whether all currents were read at one voltage.
  private static func isOfOneVoltage(_ sweeps: [Sweep]) -> Bool {
    let voltages = sweeps.flatMap(\.voltages)
    guard let low = voltages.min(), let high = voltages.max() else { return false }
    return high - low <= 0.02 * max(abs(low), abs(high))
  }

  /// Readings of cells, one each, S.
  init(cells: [Double]) {
    report = ReadReport()
    readings = cells.enumerated().filter { $1 > 0 }.map {
      Reading(device: $0, cycle: 0, label: .unknown, conductance: $1)
    }
  }

  // MARK: - Single readings

  private mutating func dropUnnamed() {
    let unnamed = readings.count { $0.label == .unknown }
    leftOut.append(
      LeftOut("no state is given for them", "readings", count: unnamed, of: readings.count))
    readings.removeAll { $0.label == .unknown }
  }

  private init(rows reader: TableReader) throws(Failure) {
    struct Row {
      var device: Double
      var cycle: Double
      var operation: Int
      var level: Double
      var conductance: Double
    }
    var rows: [Row] = []
    var lost = 0
    let shift = Double(1 << 24)
    report = try reader.readRows { row throws(Failure) in
      let value =
        row[.conductanceAfter].isNaN ? ConductanceMap.conductance(row) : row[.conductanceAfter]
      guard value > 0, value.isFinite else {
        lost += 1
        return
      }
      let device = row[.device].isNaN ? 0 : row[.device]
      let cell = row[.row].isNaN || row[.column].isNaN ? 0 : row[.row] * shift + row[.column] + 1
      rows.append(
        Row(
          device: device * shift * shift + cell, cycle: row[.cycle].isNaN ? -1 : row[.cycle],
          operation: row[.operation].isNaN ? -1 : row.label(.operation),
          level: row[.level], conductance: value))
    }
    let place = reader.files[0]
    guard !rows.isEmpty else {
      throw Failure(
        .badData, at: place, "fit states finds neither loops nor conductances",
        remedy: "give voltage and current of loops, or a column conductance_S or resistance_ohm")
    }
    leftOut = [
      LeftOut("without a positive conductance", "rows", count: lost, of: rows.count + lost)
    ]
    let names = report.operations.names.map { $0.lowercased() }
    let levels = Set(rows.map(\.level).filter { !$0.isNaN }).sorted()
    levelNames = levels.map { "\($0.formatted)" }
    var devices: [Double: Int] = [:]
    for (index, row) in rows.enumerated() {
      let label: Label
      if levels.count > 1 {
        label = levels.firstIndex(of: row.level).map { .level($0) } ?? .unknown
      } else if names.indices.contains(row.operation) {
        let name = names[row.operation]
        label = Self.onWords.contains(name) ? .on : Self.offWords.contains(name) ? .off : .unknown
      } else {
        label = .unknown
      }
      let device = devices[row.device] ?? devices.count
      devices[row.device] = device
      readings.append(
        Reading(
          device: device, cycle: row.cycle < 0 ? index : Int(row.cycle), label: label,
          conductance: row.conductance))
    }
    if readings.contains(where: { $0.label != .unknown }) { dropUnnamed() }
  }
}

extension Double {
  /// A whole number without its point.
  fileprivate var formatted: String {
    Int(exactly: self).map { "\($0)" } ?? "\(self)"
  }
}
