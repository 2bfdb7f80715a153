package import Failures
import Foundation
package import MeasuredTables

/// One current–voltage sweep: a device in one state at one temperature, in the order measured.
package struct Sweep: Sendable {
  package var device: Int
  package var cycle: Int
  package var operation: Int
  /// Nominal programmed conductance, NaN when the table has none.
  package var conductance: Double
  /// °C, NaN when the table has none.
  package var temperature: Double
  package var compliance: Double
  package var voltages: [Double] = []
  package var currents: [Double] = []
  /// Readings behind each point.
  package var counts: [Double] = []

  /// Points above which neighbours are averaged; a smooth curve loses nothing.
  package static let longest = 256

  init(row: MeasuredRow, report: (MeasuredQuantity) -> Int) {
    device = report(.device)
    cycle = report(.cycle)
    operation = report(.operation)
    conductance = row[.conductance]
    temperature = row[.temperature]
    compliance = row[.compliance]
  }

  /// Readings of the table behind the points.
  package var readings: Int { Int(counts.reduce(0, +).rounded()) }

  package mutating func append(voltage: Double, current: Double) {
    voltages.append(voltage)
    currents.append(current)
    counts.append(1)
  }

  /// Averages pairs of neighbours until the sweep is short, so that large tables fit into memory.
  package mutating func thin(to longest: Int = Sweep.longest) {
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

extension Sweep {
  /// Gives up room that is not filled, and shares what a neighbour has alike: an instrument steps
  /// through the same voltages again and again.
  fileprivate mutating func compact(beside neighbour: Sweep?) {
    func exact(_ values: [Double]) -> [Double] { values.withUnsafeBufferPointer { Array($0) } }
    voltages = neighbour?.voltages == voltages ? neighbour?.voltages ?? [] : exact(voltages)
    counts = neighbour?.counts == counts ? neighbour?.counts ?? [] : exact(counts)
    currents = exact(currents)
  }
}

/// Sweeps of a set of files.
package struct SweepCollection: Sendable {
  package var sweeps: [Sweep] = []
  package var report: ReadReport

  /// Groups rows: a new device, cycle, operation, state or temperature begins a sweep.
  ///
  /// - Parameter longest: points of a sweep above which neighbours are averaged.
  package init(_ reader: TableReader, longest: Int = Sweep.longest) throws(Failure) {
    var sweeps: [Sweep] = []
    var key: [Double] = []
    func finish(_ sweep: Sweep?, in sweeps: inout [Sweep]) {
      guard var sweep else { return }
      sweep.thin(to: longest)
      sweep.compact(beside: sweeps.last)
      sweeps.append(sweep)
    }
    var current: Sweep?
    report = try reader.readRows { row throws(Failure) in
      let found = [
        row[.device], row[.cycle], row[.operation], row[.conductance], row[.temperature],
      ]
      if !zip(found, key).allSatisfy({ $0 == $1 || $0.isNaN && $1.isNaN }) || key.isEmpty {
        finish(current, in: &sweeps)
        current = Sweep(row: row) { row[$0].isNaN ? 0 : row.label($0) }
        key = found
      }
      current?.append(voltage: row[.voltage], current: row[.current])
    }
    finish(current, in: &sweeps)
    try report.require([.voltage, .current], for: "fit iv")
    self.sweeps = sweeps
  }
}
