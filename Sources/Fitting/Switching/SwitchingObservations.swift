import Failures
import Foundation

/// Single pulses on cells in the high-resistance state, counted by device and kind of pulse.
struct SwitchingObservations: Sendable {
  /// Amplitude in volts and width in seconds.
  struct Level: Hashable, Sendable {
    var voltage: Double
    var width: Double
  }

  struct Count: Sendable {
    var level: Int
    var switched: Double
    var total: Double
  }

  var levels: [Level] = []
  var devices: [[Count]] = []
  var pulses = 0
  var switched = 0
  /// Pulses on cells that conducted already.
  var excluded = 0
  /// Conductance above which a cell counts as switched, S; NaN where the table says it itself.
  var threshold = Double.nan
  /// Median conductances after and before a pulse that switched, S.
  var onConductance = Double.nan
  var offConductance = Double.nan

  /// Whether devices received several pulses, so that their spread can be told apart.
  var isRepeated: Bool {
    let several = devices.count { $0.reduce(0) { $0 + $1.total } >= 4 }
    return several >= 5
  }

  /// The counts of all pulses, whatever the device.
  var pooled: [Count] {
    var sums = levels.indices.map { Count(level: $0, switched: 0, total: 0) }
    for count in devices.joined() {
      sums[count.level].switched += count.switched
      sums[count.level].total += count.total
    }
    return sums
  }

  /// Fewest pulses from which three numbers can be told.
  static let fewest = 20

  private struct Pulse {
    var device: Int
    var level: Level
    var before: Double
    var after: Double
    var isSwitched: Double
  }

  /// Reads pulses.
  ///
  /// - Parameter threshold: nil takes the valley between the two states.
  static func read(
    _ reader: TableReader, threshold: Double?
  ) throws(Failure) -> (SwitchingObservations, ReadReport) {
    var all: [Pulse] = []
    let report = try reader.readRows { row throws(Failure) in
      guard row[.voltage] > 0 else { return }
      all.append(
        Pulse(
          device: row[.device].isNaN ? 0 : row.label(.device),
          level: Level(voltage: row[.voltage], width: row[.width]),
          before: row[.conductanceBefore], after: row[.conductanceAfter],
          isSwitched: row[.switched]))
    }
    let place = reader.files[0]
    let isTold = report.quantities.contains(.switched)
    try report.require(
      isTold ? [.voltage] : [.voltage, .conductanceBefore, .conductanceAfter],
      for: "fit switching")
    var found = SwitchingObservations()
    if !isTold {
      let states = all.map(\.after).filter { $0 > 0 }
      if let threshold {
        found.threshold = threshold
      } else {
        found.threshold = try valley(of: states, at: place)
      }
    }
    try found.collect(all, isTold: isTold, at: place)
    return (found, report)
  }

  private mutating func collect(
    _ all: [Pulse], isTold: Bool, at place: String
  ) throws(Failure) {
    var places: [Level: Int] = [:]
    var counts: [Int: [Int: (Double, Double)]] = [:]
    var (on, off): ([Double], [Double]) = ([], [])
    for pulse in all {
      // Half the threshold: a cell close to it is neither fresh nor switched.
      if pulse.before >= threshold / 2 {
        excluded += 1
        continue
      }
      let isSwitched = isTold ? pulse.isSwitched >= 0.5 : pulse.after > threshold
      if isSwitched { on.append(pulse.after) }
      off.append(pulse.before)
      let level = places[pulse.level] ?? levels.count
      if level == levels.count {
        places[pulse.level] = level
        levels.append(pulse.level)
      }
      let old = counts[pulse.device]?[level] ?? (0, 0)
      counts[pulse.device, default: [:]][level] = (old.0 + (isSwitched ? 1 : 0), old.1 + 1)
      pulses += 1
      if isSwitched { switched += 1 }
    }
    devices = counts.sorted { $0.key < $1.key }.map { device in
      device.value.sorted { $0.key < $1.key }.map {
        Count(level: $0.key, switched: $0.value.0, total: $0.value.1)
      }
    }
    (onConductance, offConductance) = (Self.median(on), Self.median(off))
    try check(at: place)
  }

  private func check(at place: String) throws(Failure) {
    guard pulses >= Self.fewest else {
      throw Failure(
        .badData, at: place,
        "\(pulses) pulses on cells in the high-resistance state are too few (\(excluded) left out)",
        remedy: "at least \(Self.fewest) are needed; --threshold sets what counts as switched")
    }
    guard switched > 0, switched < pulses else {
      throw Failure(
        .badData, at: place, "\(switched == 0 ? "no" : "every") pulse switches its cell",
        remedy: "measure amplitudes around the threshold, or set --threshold")
    }
    guard pooled.contains(where: { $0.switched > 0 && $0.switched < $0.total }) else {
      throw Failure(
        .badData, at: place,
        "no amplitude switches only a part of its pulses: the spread is not determined",
        remedy: "measure amplitudes closer to the threshold")
    }
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.filter(\.isFinite).sorted()
    return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
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
