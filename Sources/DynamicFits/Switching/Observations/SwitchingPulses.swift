import Failures
import Foundation
import MeasuredTables
import StaticFits

/// Single pulses of a table, by what they are to do.
struct SwitchingPulses: Sendable {
  struct Pulse: Sendable {
    var device: Int
    /// The amplitude is a magnitude.
    var level: SwitchingObservations.Level
    /// Siemens, NaN where the table says itself what switched.
    var before: Double
    var after: Double
    /// 0 or 1, NaN where conductances say it.
    var isSwitched: Double
  }

  var set: [Pulse] = []
  var reset: [Pulse] = []
  /// Conductance that parts the states, S; NaN where the table says itself what switched.
  var threshold = Double.nan
  var report: ReadReport
  /// Rows without an amplitude.
  private(set) var unpulsed = 0
  /// Pulses that are to form, read or check a cell.
  private(set) var apart = 0

  /// Reads pulses: by the operation's name where there is one, else SET above zero volts and RESET
  /// below.
  ///
  /// - Parameter threshold: nil takes the valley between the two states.
  init(_ reader: TableReader, threshold: Double?) throws(Failure) {
    var all: [(voltage: Double, operation: Int, pulse: Pulse)] = []
    let states: Set<MeasuredQuantity> = [.conductanceBefore, .conductanceAfter]
    var still = 0
    report = try reader.readRows(deriving: states) { row throws(Failure) in
      let voltage = row[.voltage]
      guard voltage != 0, !voltage.isNaN else {
        still += 1
        return
      }
      all.append(
        (
          voltage, row[.operation].isNaN ? -1 : row.label(.operation),
          Pulse(
            device: row[.device].isNaN ? 0 : row.label(.device),
            level: .init(voltage: abs(voltage), width: row[.width]),
            before: row[.conductanceBefore], after: row[.conductanceAfter],
            isSwitched: row[.switched])
        ))
    }
    unpulsed = still
    let place = reader.files[0]
    let isTold = report.quantities.contains(.switched)
    try report.require(
      isTold ? [.voltage] : [.voltage, .conductanceBefore, .conductanceAfter],
      for: "fit switching")
    let names = report.quantities.contains(.operation) ? report.operations.names : []
    for (voltage, operation, pulse) in all {
      let named = names.indices.contains(operation) ? OperationName(names[operation]) : .other
      switch named {
      case .set: set.append(pulse)
      case .reset: reset.append(pulse)
      case .apart: apart += 1
      case .other: if voltage > 0 { set.append(pulse) } else { reset.append(pulse) }
      }
    }
    if !isTold {
      let states = all.map(\.pulse.after).filter { $0 > 0 }
      if let threshold {
        self.threshold = threshold
      } else {
        self.threshold = try Self.valley(of: states, at: place)
      }
    }
  }

  /// The conductance that parts two states best: the cut of the logarithm that leaves the least
  /// variance within the parts (Otsu 1979).
  private static func valley(of states: [Double], at place: String) throws(Failure) -> Double {
    let sorted = states.map { log($0) }.sorted()
    let total = sorted.reduce(0, +)
    guard let low = sorted.first, let high = sorted.last, high - low > log(1.5) else {
      throw Failure(
        .badData, at: place, "the conductances after the pulses do not fall into two states",
        remedy: "set --threshold in siemens, or give a column switched of 0 and 1")
    }
    var (best, cut, sum) = (-1.0, (low + high) / 2, 0.0)
    for k in 1..<sorted.count {
      sum += sorted[k - 1]
      let (n, m) = (Double(k), Double(sorted.count - k))
      let distance = sum / n - (total - sum) / m
      if n * m * distance * distance > best {
        best = n * m * distance * distance
        // Midway between the means of the parts, so that one straggler does not decide.
        cut = (sum / n + (total - sum) / m) / 2
      }
    }
    return exp(cut)
  }
}
