import Foundation
import Mathematics
import MeasuredTables

/// Readings so far from the others of their time and temperature that they are no draw of the same
/// population: a cell that died, a decimal point, a contact that opened.
///
/// Changes are judged twice: with three times or more against their own cell's drift, which shows what
/// the cells' differences hide, and among the cells of their time. The scale is robust,
/// 1.4826 · MAD, so that the readings sought do not widen it. Real tails are kept: in a tail that
/// thins out values follow each other closely, so outliers have to lie apart from all that is kept,
/// and what is more than a few per cent is a part of the population.
struct RetentionOutliers {
  /// Robust standard deviations at which a reading counts as far off: a normal distribution puts one
  /// reading in 10¹⁵ there, and the estimate of the scale itself is off by a few per cent only.
  static let limit = 8.0
  /// How many times as far off as the furthest value that is kept an outlier has to be.
  ///
  /// A tail that falls like x⁻ᵃ has so wide a gap above its k-th largest value with probability 3⁻ᵃᵏ.
  static let gap = 3.0
  /// From so many values on a gap is no chance; fewer have to be more than the tail below them.
  private static let convincing = 3
  /// The largest share of the readings of a temperature that is left out.
  static let largestShare = 0.05
  /// Cells from which a median and its deviation say something.
  private static let leastCells = 8
  /// Outliers that a note names.
  private static let named = 12

  /// How many readings were left out.
  private(set) var count = 0
  /// What was left out or kept, in words.
  private(set) var notes: [String] = []

  /// Takes the readings that lie apart out of their groups.
  init(cleaning pairs: inout RetentionPairs) {
    let temperatures = pairs.groups.map(\.temperature)
    // NaN, a table without temperatures, is one temperature.
    let distinct = Set(temperatures.filter(\.isFinite)).sorted()
    for celsius in distinct.isEmpty ? [Double.nan] : distinct {
      let own = temperatures.indices.filter { temperatures[$0] == celsius || celsius.isNaN }
      let place = celsius.isFinite ? String(format: " at %g °C", celsius) : ""
      if pairs.hasTimes, own.count >= 3 {
        clean(
          own, "departures from the cells' own drift\(place)",
          Self.departures(own.map { pairs.groups[$0] }), isDeparture: true, of: &pairs)
      }
      clean(own, "changes\(place)", own.map { pairs.groups[$0].changes }, of: &pairs)
    }
  }

  /// What a change has beyond its cell's median drift in ln(1 + t/t₀).
  private static func departures(_ groups: [RetentionGroup]) -> [[Double]] {
    let origin = groups.map(\.time).filter { $0 > 0 }.min() ?? 1
    func clock(_ time: Double) -> Double { log1p(max(0, time) / origin) }
    var slopes: [Int: [Double]] = [:]
    for group in groups {
      for (index, change) in group.changes.enumerated() where group.times[index] > 0 {
        slopes[group.device[index], default: []].append(change / clock(group.times[index]))
      }
    }
    let drifts = slopes.mapValues { $0.median ?? 0 }
    return groups.map { group in
      group.changes.enumerated().map { index, change in
        change - (drifts[group.device[index]] ?? 0) * clock(group.times[index])
      }
    }
  }

  private mutating func clean(
    _ groups: [Int], _ what: String, _ values: [[Double]], isDeparture: Bool = false,
    of pairs: inout RetentionPairs
  ) {
    let distances = values.map { Self.distances($0) }
    let sorted = distances.joined().sorted(by: >)
    let beyond = sorted.count { $0 > Self.limit }
    guard beyond > 0 else { return }
    let between = sorted.count { $0 > Self.limit / 2 } - beyond
    // The last of the far values that has nothing close below it.
    let apart = (1...beyond).last { k in
      sorted[k - 1] > Self.gap * (k < sorted.count ? sorted[k] : 0)
        && (k >= Self.convincing || k > between + beyond - k)
    }
    let cut = apart.map { sorted[$0 - 1] } ?? .infinity
    var far = distances.map { list in list.indices.filter { list[$0] >= cut } }
    // A cell that departs at most of its times has no drift to depart from.
    if isDeparture { Self.extend(&far, groups.map { pairs.groups[$0].device }) }
    let found = far.reduce(0) { $0 + $1.count }
    let cells = Set(
      zip(groups, far).flatMap { group, list in list.map { pairs.groups[group].device[$0] } })
    // One cell may be a large share of a small table.
    let isFew = Double(found) <= Self.largestShare * Double(sorted.count) || cells.count == 1
    let isCut = found > 0 && isFew
    // Departures are no sample of one distribution, and their tails say nothing.
    if !isDeparture, !isCut || found < beyond {
      notes.append(
        "\(isCut ? beyond - found : beyond) of \(sorted.count) \(what) lie over \(Int(Self.limit))"
          + " robust standard deviations from the median, \(between) more over"
          + " \(Int(Self.limit / 2)): the distribution has heavy tails; they are kept, and the spread"
          + " is theirs")
    }
    guard isCut else { return }
    count += found
    notes.append(
      "\(found) of \(sorted.count) \(what) lie over \(Int(Self.limit)) robust standard deviations"
        + " from the median and apart from the others: left out as outliers, "
        + names(zip(groups, far).map { ($0, $1) }, in: pairs))
    for (group, list) in zip(groups, far) {
      pairs.groups[group].remove(Set(list))
    }
  }

  /// Adds all readings of the devices of which more than half are far off.
  private static func extend(_ far: inout [[Int]], _ devices: [[Int]]) {
    var (seen, bad): ([Int: Int], [Int: Int]) = ([:], [:])
    for (list, devices) in zip(far, devices) {
      for device in devices { seen[device, default: 0] += 1 }
      for index in list { bad[devices[index], default: 0] += 1 }
    }
    let whole = Set(bad.filter { 2 * $0.value > seen[$0.key] ?? 0 }.keys)
    for k in far.indices {
      let known = Set(far[k])
      far[k] = devices[k].indices.filter { known.contains($0) || whole.contains(devices[k][$0]) }
    }
  }

  /// |x − median| over the robust standard deviation; empty where there is no scale.
  private static func distances(_ changes: [Double]) -> [Double] {
    guard changes.count >= leastCells else { return [] }
    let centre = changes.median ?? 0
    // Estimates from few cells are uncertain by themselves: the limit is wider there.
    let few = 1 + 10 / Double(changes.count)
    let scale = (changes.medianDeviation(from: centre) ?? 0) * few
    return scale > 0 ? changes.map { abs($0 - centre) / scale } : []
  }

  /// Devices with the times at which they are off.
  private func names(_ far: [(group: Int, readings: [Int])], in pairs: RetentionPairs) -> String {
    var times: [Int: [Double]] = [:]
    var seen: [Int: Int] = [:]
    for (group, readings) in far {
      for device in pairs.groups[group].device { seen[device, default: 0] += 1 }
      for reading in readings {
        times[pairs.groups[group].device[reading], default: []].append(pairs.groups[group].time)
      }
    }
    let labels = pairs.report.devices.names
    let words = times.sorted { $0.key < $1.key }.map { device, times -> String in
      let name = "device \(labels.indices.contains(device) ? labels[device] : "\(device)")"
      if times.count > 1, times.count == seen[device] {
        return "\(name) at every time (its first reading, or the cell itself)"
      }
      let stated = times.filter(\.isFinite).map { String(format: "%g s", $0) }
      return stated.isEmpty ? name : "\(name) at \(stated.joined(separator: ", "))"
    }
    return words.prefix(Self.named).joined(separator: "; ")
      + (words.count > Self.named ? "; and \(words.count - Self.named) more devices" : "")
  }
}
