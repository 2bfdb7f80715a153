import Failures
import FitResults
import Foundation
import Mathematics
import MeasuredTables

/// Cells of one temperature at about one time after programming, each beside its own first reading.
struct RetentionGroup {
  /// °C, NaN where the table does not say.
  var temperature: Double
  /// Seconds since the first reading, the median of the cells; NaN where the table does not say.
  var time: Double
  /// The same of every cell.
  var times: [Double] = []
  /// ln of the first conductance and of the later one, per cell.
  var first: [Double] = []
  var later: [Double] = []
  var device: [Int] = []

  /// Leaves readings out.
  mutating func remove(_ indices: Set<Int>) {
    guard !indices.isEmpty else { return }
    func kept<Value>(_ values: [Value]) -> [Value] {
      values.indices.filter { !indices.contains($0) }.map { values[$0] }
    }
    (times, first, later, device) = (kept(times), kept(first), kept(later), kept(device))
  }

  /// Changes of ln G.
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
  /// What was left out, rule by rule.
  private(set) var leftOut: [LeftOut] = []
  /// Cells without their first reading, which are left out.
  private(set) var headless: [Int] = []
  /// All usable readings, S.
  private(set) var conductance = 0.0...0

  /// Readings that are left in the groups, S.
  var keptConductance: ClosedRange<Double> {
    let logarithms = groups.flatMap { $0.first + $0.later }
    return exp(logarithms.min() ?? 0)...exp(logarithms.max() ?? 0)
  }

  /// One reading, conductance in S.
  private struct Reading {
    var time: Double
    var conductance: Double
  }

  private struct Key: Hashable {
    var temperature: Double
    var device: Int
  }

  init(_ reader: TableReader) throws(Failure) {
    var readings: [Key: [Reading]] = [:]
    var unusable = 0
    report = try reader.readRows(deriving: [.conductance]) { row throws(Failure) in
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
    try report.require([.conductance], for: "fit retention")
    hasTimes = report.quantities.contains(.time)
    if !report.quantities.contains(.device) {
      // A trace without a name is one cell's; without times either, rows are nothing's.
      try report.require([.time], for: "fit retention without a column of devices")
    }
    let later = paired(readings)
    let all = readings.values.reduce(unusable) { $0 + $1.count }
    let cells = Set(readings.keys.map(\.device)).count
    leftOut = [
      LeftOut("without a positive conductance", "readings", count: unusable, of: all),
      LeftOut(
        "read once", "cells", count: readings.values.count { $0.count == 1 }, of: readings.count),
      LeftOut(
        "without the first reading that the others have", "cells", count: Set(headless).count,
        of: cells),
    ]
    for (temperature, all) in later.sorted(by: { $0.key < $1.key }) {
      groups += grouped(all, temperature: temperature < -1e8 ? .nan : temperature)
    }
    let values = readings.values.lazy.flatMap { $0 }.map(\.conductance)
    conductance = (values.min() ?? 0)...(values.max() ?? 0)
    try check(at: place)
  }

  private func check(at place: String) throws(Failure) {
    guard !groups.isEmpty else {
      throw Failure(
        .badData, at: place, "no cell was read at two times",
        remedy: "give device, time and conductance, or a file before and a file after")
    }
    let isConstant = groups.allSatisfy { group in group.changes.allSatisfy { $0 == 0 } }
    guard !isConstant else {
      throw Failure(
        .badData, at: place,
        "the data is constant: every cell reads the same at all times, so there is no drift to fit",
        remedy: "check the conductance column with `fit inspect`, or read with more digits")
    }
  }

  /// Later readings beside the first of their cell, by temperature.
  private mutating func paired(_ readings: [Key: [Reading]]) -> [Double: [Later]] {
    var later: [Double: [Later]] = [:]
    let byTemperature = Dictionary(grouping: readings, by: \.key.temperature)
    for (temperature, cells) in byTemperature.sorted(by: { $0.key < $1.key }) {
      // Without times the order of the files is the order of the readings.
      let sorted = cells.sorted { $0.key.device < $1.key.device }.map { key, all in
        (device: key.device, readings: hasTimes ? all.sorted { $0.time < $1.time } : all)
      }
      let latest = hasTimes ? Self.latestStart(sorted.map { $0.readings.map(\.time) }) : .infinity
      for (device, all) in sorted {
        guard let first = all.first, all.count > 1 else { continue }
        guard first.time <= latest || !hasTimes else {
          headless.append(device)
          continue
        }
        devices += 1
        for (number, reading) in all.enumerated().dropFirst() {
          later[temperature, default: []].append(
            Later(
              time: hasTimes ? reading.time - first.time : Double(number), device: device,
              first: log(first.conductance), later: log(reading.conductance)))
        }
      }
    }
    return later
  }

  /// The time by which a cell must have been read first, where all cells share a clock.
  ///
  /// A cell whose first reading is missing would be compared with a later one. It has fewer readings
  /// than usual and begins nearer to the others' second time than to their first. Where a cell with
  /// all its readings begins so late as well, cells have clocks of their own, and nothing is missing.
  private static func latestStart(_ cells: [[Double]]) -> Double {
    let sizes = Dictionary(grouping: cells, by: \.count).filter { $0.key > 1 }
    guard let usual = sizes.max(by: { ($0.value.count, $0.key) < ($1.value.count, $1.key) })?.key,
      usual > 2
    else { return .infinity }
    let whole = cells.filter { $0.count >= usual }
    guard let start = whole.map({ $0[0] }).median, let second = whole.map({ $0[1] }).median else {
      return .infinity
    }
    let middle = (start + second) / 2
    return whole.allSatisfy { $0[0] <= middle } ? middle : .infinity
  }

  /// Neighbouring times further apart than this ratio are different ones, and so are times further
  /// from the first of their group than an octave.
  private static let (gap, width) = (1.02, 2.0)
  /// Cells twice in a group, of all readings, up to which groups are the instrument's own.
  private static let mostTwice = 0.02

  /// Readings by about the time they were taken at: an instrument gets to no two cells at once.
  private func grouped(_ all: [Later], temperature: Double) -> [RetentionGroup] {
    let sorted = all.sorted { ($0.time, $0.device) < ($1.time, $1.device) }
    var groups: [RetentionGroup] = []
    for reading in sorted {
      if groups.last?.times.last != reading.time || groups.isEmpty {
        groups.append(RetentionGroup(temperature: temperature, time: .nan))
      }
      groups[groups.count - 1].append(reading)
    }
    guard hasTimes else { return groups }
    groups = byProtocol(sorted, temperature) ?? byDistance(sorted, temperature)
    for index in groups.indices {
      groups[index].time = groups[index].nominalTime
    }
    return groups
  }

  /// Groups by the distance of a cell's own readings: what is closer than half of it is one time.
  ///
  /// - Returns: nil where cells were read at times of their own, so that a group holds cells twice.
  private func byProtocol(_ sorted: [Later], _ temperature: Double) -> [RetentionGroup]? {
    var last: [Int: Double] = [:]
    var reach = [Double](repeating: .infinity, count: sorted.count)
    for (index, reading) in sorted.enumerated() {
      reach[index] = reading.time - (last[reading.device] ?? 0)
      last[reading.device] = reading.time
    }
    var next: [Int: Double] = [:]
    for (index, reading) in sorted.enumerated().reversed() {
      if let time = next[reading.device] { reach[index] = min(reach[index], time - reading.time) }
      next[reading.device] = reading.time
    }
    var groups: [RetentionGroup] = []
    var seen: Set<Int> = []
    var twice = 0
    for (index, reading) in sorted.enumerated() {
      let before = groups.last?.times.last ?? -.infinity
      if reading.time - before > reach[index] / 2 || groups.isEmpty {
        groups.append(RetentionGroup(temperature: temperature, time: .nan))
        seen = []
      }
      if !seen.insert(reading.device).inserted { twice += 1 }
      groups[groups.count - 1].append(reading)
    }
    return Double(twice) <= Self.mostTwice * Double(sorted.count) ? groups : nil
  }

  private func byDistance(_ sorted: [Later], _ temperature: Double) -> [RetentionGroup] {
    var groups: [RetentionGroup] = []
    for reading in sorted {
      let previous = groups.last?.times.last ?? -.infinity
      let start = groups.last?.times.first ?? -.infinity
      if reading.time > Self.gap * previous || reading.time > Self.width * start {
        groups.append(RetentionGroup(temperature: temperature, time: .nan))
      }
      groups[groups.count - 1].append(reading)
    }
    return groups
  }
}

/// A later reading of a cell beside its first; logarithms of conductance.
private struct Later {
  var time: Double
  var device: Int
  var first: Double
  var later: Double
}

extension RetentionGroup {
  fileprivate mutating func append(_ reading: Later) {
    times.append(reading.time)
    first.append(reading.first)
    later.append(reading.later)
    device.append(reading.device)
  }

  /// The time of the cells in as few digits as they share: what an instrument was told to wait, rather
  /// than when it got to the middle one.
  fileprivate var nominalTime: Double {
    let middle = times[times.count / 2]
    guard let low = times.min(), let high = times.max(), low < high, middle > 0 else {
      return middle
    }
    for digits in 1...6 {
      let scale = pow(10, (log10(middle)).rounded(.down) - Double(digits - 1))
      let rounded = (middle / scale).rounded() * scale
      if (low...high).contains(rounded) { return rounded }
    }
    return middle
  }
}
