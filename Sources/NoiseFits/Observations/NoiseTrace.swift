import Failures
import Foundation
import MeasuredTables

/// Conductance of one device, read at equal intervals.
struct NoiseTrace {
  var name: String
  var values: [Double] = []
  /// Seconds.
  var interval = 0.0
  var isUneven = false
  /// Largest share of samples that sit at one end of the range.
  var clippedShare = 0.0
  /// Where they sit, S.
  var clippedAt = Double.nan
  /// What was replaced.
  var spikes: [Spike] = []
  /// Samples as far outside as spikes, but too many to be such: left in.
  var outside = 0
  /// Samples that were absent and are filled in, and in how many places.
  var missing = 0
  var gaps = 0

  /// Fewest samples from which a spectrum is worth the name.
  static let fewest = 1024

  /// Reads traces: rows of one device, cycle and level, in one piece or among those of others; where
  /// times begin anew, so does a trace.
  ///
  /// - Returns: the traces, and why others are left out.
  /// - Throws: ``Failure`` of kind `badData` when no trace can be used, for the reason of the first.
  static func read(
    _ reader: TableReader
  ) throws(Failure) -> ([NoiseTrace], leftOut: [String], ReadReport) {
    var traces: [NoiseTrace] = []
    var times: [[Double]] = []
    var open: [[Double]: Int] = [:]
    let report = try reader.readRows(deriving: [.conductance]) { row throws(Failure) in
      let key = [row[.device], row[.cycle], row[.level]].map { $0.isNaN ? -1 : $0 }
      if let at = open[key], times[at].count >= fewest, let last = times[at].last, row[.time] < last
      {
        open[key] = nil
      }
      let at = open[key] ?? traces.count
      if at == traces.count {
        open[key] = at
        traces.append(NoiseTrace(name: row[.device].isNaN ? "0" : "\(row.label(.device))"))
        times.append([])
      }
      traces[at].values.append(row[.conductance])
      times[at].append(row[.time])
    }
    let place = reader.files[0]
    try report.require([.conductance, .time], for: "fit noise")
    var (usable, leftOut): ([NoiseTrace], [String]) = ([], [])
    var failure: Failure?
    for index in traces.indices {
      if let number = Int(traces[index].name), report.devices.names.indices.contains(number) {
        traces[index].name = report.devices.names[number]
      }
      do throws(Failure) {
        try traces[index].check(times[index], at: place)
        usable.append(traces[index])
      } catch {
        leftOut.append(error.cause)
        failure = failure ?? error
      }
      times[index] = []
    }
    if usable.isEmpty, let failure { throw failure }
    return (usable, leftOut, report)
  }

  /// What the names of each trace's parameters begin with: the device's name, and a number where a
  /// device has several traces; nothing for the only trace.
  static func prefixes(_ traces: [NoiseTrace]) -> [String] {
    guard traces.count > 1 else { return traces.map { _ in "" } }
    var seen: [String: Int] = [:]
    let sizes = Dictionary(grouping: traces, by: \.name).mapValues(\.count)
    return traces.map { trace in
      seen[trace.name, default: 0] += 1
      let number = (sizes[trace.name] ?? 1) > 1 ? "#\(seen[trace.name] ?? 1)" : ""
      return "\(trace.name)\(number)."
    }
  }

  private mutating func check(_ times: [Double], at place: String) throws(Failure) {
    guard values.count >= Self.fewest else {
      throw Failure(
        .badData, at: place,
        "the trace of device \(name) has \(values.count) samples, too few for a spectrum",
        remedy: "at least \(Self.fewest) are needed")
    }
    let steps = zip(times.dropFirst(), times).map { $0 - $1 }
    guard let shortest = steps.min(), shortest > 0, steps.allSatisfy(\.isFinite) else {
      throw Failure(
        .badData, at: place, "the times of device \(name) do not rise",
        remedy: "sort the rows by device and time")
    }
    replaceSpikes(times)
    guard let low = values.min(), let high = values.max(), low < high else {
      throw Failure(
        .badData, at: place, "the trace of device \(name) is constant",
        remedy: "read with more digits or a finer range")
    }
    for end in [low, high] {
      let share = Double(values.count { $0 == end }) / Double(values.count)
      if share > clippedShare { (clippedShare, clippedAt) = (share, end) }
    }
    try fillGaps(times, at: place)
  }
}
