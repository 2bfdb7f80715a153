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

  /// Reads traces; a new device or level begins one.
  static func read(_ reader: TableReader) throws(Failure) -> ([NoiseTrace], ReadReport) {
    var traces: [NoiseTrace] = []
    var times: [[Double]] = []
    var key: [Double] = []
    let report = try reader.readRows(deriving: [.conductance]) { row throws(Failure) in
      let found = [row[.device], row[.cycle], row[.level]]
      if key.isEmpty || !zip(found, key).allSatisfy({ $0 == $1 || $0.isNaN && $1.isNaN }) {
        traces.append(NoiseTrace(name: row[.device].isNaN ? "0" : "\(row.label(.device))"))
        times.append([])
        key = found
      }
      traces[traces.count - 1].values.append(row[.conductance])
      times[times.count - 1].append(row[.time])
    }
    let place = reader.files[0]
    try report.require([.conductance, .time], for: "fit noise")
    for index in traces.indices {
      if let number = Int(traces[index].name), report.devices.names.indices.contains(number) {
        traces[index].name = report.devices.names[number]
      }
      try traces[index].check(times[index], at: place)
    }
    return (traces, report)
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
