import Failures
import FitResults
import Foundation
import MeasuredTables
import StaticFits

/// Conductance after each of a row of equal pulses, by device, cycle and polarity.
struct PulseSeries: Sendable {
  /// One run of pulses of one polarity.
  struct Run: Sendable {
    var device: Int
    var cycle: Int
    var isSet: Bool
    var pulse: [Double] = []
    var conductance: [Double] = []
  }

  var runs: [Run] = []
  var report: ReadReport
  /// What was left out of the runs.
  var leftOut: [LeftOut] = []
  /// Amplitudes and widths that the table gives; NaN where it does not.
  var setVoltage = Double.nan
  var resetVoltage = Double.nan
  var setWidth = Double.nan
  var resetWidth = Double.nan

  var devices: [Int] { Set(runs.map(\.device)).sorted() }

  /// Reads runs; the operation column says `set` or `reset`, or the voltage's sign does.
  ///
  /// - Throws: ``Failure`` of kind `badData` when a polarity is missing, or the conductance of SET
  ///   runs falls (or of RESET runs rises), which is how a run stored backwards shows.
  init(_ reader: TableReader) throws(Failure) {
    var runs: [Run] = []
    var open: [[Double]: Int] = [:]
    var (words, voltages, widths) = ([Int](), [Double](), [Double]())
    report = try reader.readRows(deriving: [.conductance]) { row throws(Failure) in
      let device = row[.device].isNaN ? 0 : row.label(.device)
      let cycle = row[.cycle].isNaN ? 0 : row.label(.cycle)
      // Runs may be interleaved row by row; a pulse number that falls back begins a new one.
      let key = [Double(device), Double(cycle), row[.operation], row[.voltage]].map {
        $0.isNaN ? 0 : $0
      }
      let pulse = row[.pulse]
      if let at = open[key], let last = runs[at].pulse.last, pulse <= last { open[key] = nil }
      if open[key] == nil {
        open[key] = runs.count
        runs.append(Run(device: device, cycle: cycle, isSet: true))
        words.append(row[.operation].isNaN ? -1 : row.label(.operation))
        voltages.append(row[.voltage])
        widths.append(row[.width])
      }
      guard let at = open[key] else { return }
      runs[at].pulse.append(pulse.isNaN ? Double(runs[at].pulse.count) : pulse)
      runs[at].conductance.append(row[.conductance])
    }
    try report.require([.conductance], for: "fit pulses")
    let all = runs.count
    let names = words.map { $0 >= 0 ? OperationName(report.operations.names[$0]) : .other }
    for at in runs.indices {
      runs[at].isSet = names[at].polarity.map { $0 == .set } ?? (voltages[at] > 0)
      if names[at] == .apart { continue }
      // A table may state amplitudes as magnitudes and say RESET by its name.
      if runs[at].isSet {
        if !voltages[at].isNaN { (setVoltage, setWidth) = (abs(voltages[at]), widths[at]) }
      } else if !voltages[at].isNaN {
        (resetVoltage, resetWidth) = (-abs(voltages[at]), widths[at])
      }
    }
    self.runs = runs.indices.filter { names[$0] != .apart }.map { runs[$0] }
    leftOut.append(
      LeftOut(
        "named as forming, reading or checking", "runs", count: all - self.runs.count, of: all,
        isLoss: false))
    try check(at: reader.files[0])
    leaveOutSpikes()
  }

  private func check(at place: String) throws(Failure) {
    let all = runs.lazy.flatMap(\.conductance)
    if let first = all.first, !all.contains(where: { $0 != first }) {
      throw Failure(
        .badData, at: place, "conductance is \(first) S after every pulse: nothing moves",
        remedy: "is this the column that was read, and are the pulses strong enough?")
    }
    for isSet in [true, false] {
      let own = runs.filter { $0.isSet == isSet && $0.conductance.count >= 5 }
      let name = isSet ? "SET" : "RESET"
      guard !own.isEmpty else {
        throw Failure(
          .badData, at: place, "no run of at least five \(name) pulses",
          remedy: "give voltages of both signs, or an operation column with set and reset")
      }
      let rises = own.map { run -> Double in
        let third = max(1, run.conductance.count / 3)
        let head = run.conductance.prefix(third).reduce(0, +) / Double(third)
        let tail = run.conductance.suffix(third).reduce(0, +) / Double(third)
        return tail - head
      }
      let against = rises.filter { isSet ? $0 < 0 : $0 > 0 }.count
      guard 2 * against <= own.count else {
        throw Failure(
          .badData, at: place,
          "conductance \(isSet ? "falls" : "rises") over \(against) of \(own.count) \(name) runs",
          remedy: "if cycles are stored backwards, say order = \"reversed\" in the description;"
            + " otherwise SET and RESET are exchanged")
      }
    }
  }
}
