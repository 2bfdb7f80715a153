import Failures
import Foundation

/// One current–voltage sweep: a device in one state at one temperature, in the order measured.
struct Sweep: Sendable {
  var device: Int
  var cycle: Int
  var operation: Int
  /// Nominal programmed conductance, NaN when the table has none.
  var conductance: Double
  /// °C, NaN when the table has none.
  var temperature: Double
  var compliance: Double
  var voltages: [Double] = []
  var currents: [Double] = []
  /// Readings behind each point.
  var counts: [Double] = []

  /// Points above which neighbours are averaged; a smooth curve loses nothing.
  static let longest = 256

  init(row: MeasuredRow, report: (MeasuredQuantity) -> Int) {
    device = report(.device)
    cycle = report(.cycle)
    operation = report(.operation)
    conductance = row[.conductance]
    temperature = row[.temperature]
    compliance = row[.compliance]
  }

  mutating func append(voltage: Double, current: Double) {
    voltages.append(voltage)
    currents.append(current)
    counts.append(1)
  }

  /// Averages pairs of neighbours until the sweep is short, so that large tables fit into memory.
  mutating func thin(to longest: Int = Sweep.longest) {
    while voltages.count > longest {
      var (v, i, n): ([Double], [Double], [Double]) = ([], [], [])
      for first in stride(from: 0, to: voltages.count - 1, by: 2) {
        let (a, b) = (counts[first], counts[first + 1])
        v.append((a * voltages[first] + b * voltages[first + 1]) / (a + b))
        i.append((a * currents[first] + b * currents[first + 1]) / (a + b))
        n.append(a + b)
      }
      (voltages, currents, counts) = (v, i, n)
    }
  }
}

/// Sweeps of a set of files.
struct SweepCollection: Sendable {
  var sweeps: [Sweep] = []
  var report: ReadReport

  /// Groups rows: a new device, cycle, operation, state or temperature begins a sweep.
  ///
  /// - Parameter longest: points of a sweep above which neighbours are averaged.
  init(_ reader: TableReader, longest: Int = Sweep.longest) throws(Failure) {
    var sweeps: [Sweep] = []
    var key: [Double] = []
    report = try reader.readRows { row throws(Failure) in
      let found = [
        row[.device], row[.cycle], row[.operation], row[.conductance], row[.temperature],
      ]
      if !zip(found, key).allSatisfy({ $0 == $1 || $0.isNaN && $1.isNaN }) || key.isEmpty {
        if !sweeps.isEmpty { sweeps[sweeps.count - 1].thin(to: longest) }
        sweeps.append(Sweep(row: row) { row[$0].isNaN ? 0 : row.label($0) })
        key = found
      }
      sweeps[sweeps.count - 1].append(voltage: row[.voltage], current: row[.current])
    }
    if !sweeps.isEmpty { sweeps[sweeps.count - 1].thin(to: longest) }
    try report.require([.voltage, .current], for: "fit iv")
    self.sweeps = sweeps
  }
}
