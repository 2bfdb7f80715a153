import Failures
import Foundation

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
  /// All usable readings, S.
  private(set) var conductance = 0.0...0

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
    var later: [Double: [Later]] = [:]
    for (key, all) in readings.sorted(by: {
      ($0.key.temperature, $0.key.device) < ($1.key.temperature, $1.key.device)
    }) {
      // Without times the order of the files is the order of the readings.
      let sorted = hasTimes ? all.sorted { $0.time < $1.time } : all
      guard let first = sorted.first, sorted.count > 1 else { continue }
      devices += 1
      for (number, reading) in sorted.enumerated().dropFirst() {
        later[key.temperature, default: []].append(
          Later(
            time: hasTimes ? reading.time - first.time : Double(number), device: key.device,
            first: log(first.conductance), later: log(reading.conductance)))
      }
    }
    for (temperature, all) in later.sorted(by: { $0.key < $1.key }) {
      groups += grouped(all, temperature: temperature < -1e8 ? .nan : temperature)
    }
    let few = groups.filter { $0.first.count < Self.leastCells }.reduce(0) { $0 + $1.first.count }
    if few > 0 {
      report.note(
        "\(few) readings are left out: fewer than \(Self.leastCells) cells were read at their time",
        at: place)
    }
    groups.removeAll { $0.first.count < Self.leastCells }
    let values = readings.values.lazy.flatMap { $0 }.map(\.conductance)
    conductance = (values.min() ?? 0)...(values.max() ?? 0)
    guard !groups.isEmpty else {
      throw Failure(
        .badData, at: place, "no five cells were read at two times",
        remedy: "give device, time and conductance, or a file before and a file after")
    }
  }

  /// A later reading of a cell beside its first; logarithms of conductance.
  private struct Later {
    var time: Double
    var device: Int
    var first: Double
    var later: Double
  }

  /// Cells that a group has at least.
  private static let leastCells = 5
  /// Neighbouring times further apart than this ratio are different ones, and so are times further
  /// from the first of their group than an octave.
  private static let (gap, width) = (1.02, 2.0)

  /// Readings by about the time they were taken at: an instrument gets to no two cells at once.
  private func grouped(_ all: [Later], temperature: Double) -> [RetentionGroup] {
    var groups: [RetentionGroup] = []
    for reading in all.sorted(by: { ($0.time, $0.device) < ($1.time, $1.device) }) {
      let previous = groups.last?.times.last ?? -.infinity
      let start = groups.last?.times.first ?? -.infinity
      let isNew =
        hasTimes
        ? reading.time > Self.gap * previous || reading.time > Self.width * start
        : reading.time != previous
      if isNew { groups.append(RetentionGroup(temperature: temperature, time: .nan)) }
      groups[groups.count - 1].times.append(reading.time)
      groups[groups.count - 1].first.append(reading.first)
      groups[groups.count - 1].later.append(reading.later)
      groups[groups.count - 1].device.append(reading.device)
    }
    guard hasTimes else { return groups }
    for index in groups.indices {
      groups[index].time = groups[index].times[groups[index].times.count / 2]
    }
    return groups
  }
}
