import Foundation
import Mathematics

extension NoiseTrace {
  /// A reading far outside of all that a trace stays at.
  struct Spike {
    /// Counted from 0 among the rows of the trace.
    var sample: Int
    /// Seconds.
    var time: Double
    /// What was read, and what takes its place, S.
    var value: Double
    var replacement: Double
  }

  /// Samples of the running median: what lasts half of it is a level.
  private static let reach = 2
  /// A spike is so many robust deviations beyond the levels.
  private static let deviations = 10.0
  /// Extremes of the running median that do not count, so that two bursts hide no spike.
  private static let extremes = 8
  /// More than this share of the samples is a property of the trace, not an accident.
  private static let mostSpikes = 0.005

  /// Finds spikes and puts a line between their neighbours in their place.
  ///
  /// A sample of a trap that is filled for one sample is as far from its neighbours as a spike, but it
  /// sits on a level where other samples stay: a spike is outside of the running median's whole range,
  /// by as much as that range again. Spikes within the levels look like the trap.
  mutating func replaceSpikes(_ times: [Double]) {
    let n = values.count
    let middle = runningMedian()
    let distances = (0..<n).map { abs(values[$0] - middle[$0]) }
    var scale = distances.medianDeviation() ?? 0
    // Readings of few digits mostly equal their median: their last digit is the scale then.
    if scale == 0 { scale = distances.filter { $0 > 0 }.min() ?? 0 }
    let rising = middle.sorted()
    let (low, high) = (rising[Self.extremes], rising[n - 1 - Self.extremes])
    let margin = max(Self.deviations * scale, high - low)
    let found = (0..<n).filter {
      distances[$0] > Self.deviations * scale
        && (values[$0] < low - margin || values[$0] > high + margin)
    }
    guard !found.isEmpty else { return }
    guard Double(found.count) <= Self.mostSpikes * Double(n) else {
      outside = found.count
      return
    }
    let outliers = Set(found)
    for sample in found {
      var (before, after) = (sample - 1, sample + 1)
      while outliers.contains(before) { before -= 1 }
      while outliers.contains(after) { after += 1 }
      let ends = [before, after].filter { values.indices.contains($0) }
      let share =
        ends.count == 2 ? (times[sample] - times[before]) / (times[after] - times[before]) : 0
      let (first, last) = (values[ends[0]], values[ends[ends.count - 1]])
      spikes.append(
        Spike(
          sample: sample, time: times[sample], value: values[sample],
          replacement: first + share * (last - first)))
    }
    for spike in spikes { values[spike.sample] = spike.replacement }
  }

  private func runningMedian() -> [Double] {
    let width = 2 * Self.reach + 1
    return values.indices.map { t in
      let first = max(0, min(values.count - width, t - Self.reach))
      return values[first..<first + width].median ?? values[t]
    }
  }
}
