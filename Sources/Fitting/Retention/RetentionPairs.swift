import Failures
import Foundation

/// Cells of one temperature at one time after programming, each beside its own first reading.
struct RetentionGroup {
  /// °C, NaN where the table does not say.
  var temperature: Double
  /// Seconds since the first reading, NaN where the table does not say.
  var time: Double
  /// ln of the first conductance and of the later one, per cell.
  var first: [Double] = []
  var later: [Double] = []
  var device: [Int] = []

  var changes: [Double] { zip(later, first).map { $0 - $1 } }

  /// Correlation of ln G before and after; NaN where cells do not differ.
  var correlation: Double {
    let n = Double(first.count)
    let (a, b) = (first.reduce(0, +) / n, later.reduce(0, +) / n)
    var (xx, yy, xy) = (0.0, 0.0, 0.0)
    for (x, y) in zip(first, later) {
      xx += (x - a) * (x - a)
      yy += (y - b) * (y - b)
      xy += (x - a) * (y - b)
    }
    return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : .nan
  }
}

/// Readings of cells in order of time, paired with the first.
struct RetentionPairs {
  var groups: [RetentionGroup] = []
  var report: ReadReport
  var devices = 0
  var hasTimes = false

  init(_ reader: TableReader) throws(Failure) {
    struct Reading {
      var time: Double
      var conductance: Double
    }
    struct Key: Hashable {
      var temperature: Double
      var device: Int
    }
    var readings: [Key: [Reading]] = [:]
    var unusable = 0
    report = try reader.readRows { row throws(Failure) in
      guard row[.conductance] > 0 else {
        unusable += 1
        return
      }
      let key = Key(
        temperature: row[.temperature].isNaN ? -1e9 : row[.temperature],
        device: row[.device].isNaN ? 0 : row.label(.device))
      readings[key, default: []].append(
        Reading(time: row[.time], conductance: row[.conductance]))
    }
    let place = reader.files[0]
    try report.require([.conductance, .device], for: "fit retention")
    hasTimes = report.quantities.contains(.time)
    if unusable > 0 { report.note("\(unusable) readings are not positive", at: place) }
    var places: [[Double]: Int] = [:]
    for (key, all) in readings.sorted(by: {
      ($0.key.temperature, $0.key.device) < ($1.key.temperature, $1.key.device)
    }) {
      // Without times the order of the files is the order of the readings.
      let sorted = hasTimes ? all.sorted { $0.time < $1.time } : all
      guard let first = sorted.first, sorted.count > 1 else { continue }
      devices += 1
      for (number, reading) in sorted.enumerated().dropFirst() {
        let time = hasTimes ? reading.time - first.time : Double(number)
        let index = places[[key.temperature, time]] ?? groups.count
        if index == groups.count {
          places[[key.temperature, time]] = index
          groups.append(
            RetentionGroup(
              temperature: key.temperature < -1e8 ? .nan : key.temperature,
              time: hasTimes ? time : .nan))
        }
        groups[index].first.append(log(first.conductance))
        groups[index].later.append(log(reading.conductance))
        groups[index].device.append(key.device)
      }
    }
    groups.removeAll { $0.first.count < 5 }
    guard !groups.isEmpty else {
      throw Failure(
        .badData, at: place, "no five cells were read at two times",
        remedy: "give device, time and conductance, or a file before and a file after")
    }
  }
}
