import Files
import FitResults
import Foundation
import Mathematics
import MeasuredTables

extension PulseSeries {
  /// Robust standard deviations beyond which a single reading among steady neighbours is no noise of
  /// a device, and the share of its neighbours' conductance that it must be off as well.
  private static let spikeLimit = (deviations: 12.0, share: 0.3)

  /// Leaves out readings that their neighbours on either side agree to be wrong, and names them.
  ///
  /// A step of a device stays; a reading that comes back did not happen in the device, or was not
  /// its state. The ends of a run have no neighbours on both sides and are kept.
  mutating func leaveOutSpikes() {
    let all = runs.reduce(0) { $0 + $1.conductance.count }
    leaveOutTheImpossible()
    let plausible = runs.reduce(0) { $0 + $1.conductance.count }
    defer {
      let left = runs.reduce(0) { $0 + $1.conductance.count }
      leftOut += [
        LeftOut("far beyond all others", "readings", count: all - plausible, of: all),
        LeftOut(
          "spikes between steady neighbours", "readings", count: plausible - left, of: all),
      ]
    }
    let bends = runs.flatMap { run in
      run.conductance.indices.dropFirst().dropLast().map {
        run.conductance[$0 - 1] - 2 * run.conductance[$0] + run.conductance[$0 + 1]
      }
    }
    guard let spread = bends.medianDeviation() else { return }
    // A second difference of white noise has six times its variance.
    let deviation = spread / 6.0.squareRoot()
    for at in runs.indices {
      let readings = runs[at].conductance
      let spikes = readings.indices.compactMap { index in
        Self.departure(readings, at: index).map { (index: index, off: $0.off, from: $0.from) }
      }.filter {
        $0.off > Self.spikeLimit.deviations * deviation
          && $0.off > Self.spikeLimit.share * abs($0.from)
      }
      for spike in spikes.reversed() {
        report.note(
          "an outlying reading left out",
          at:
            "device \(report.devices.name(runs[at].device)), pulse \(NumberText.short(runs[at].pulse[spike.index])):"
            + " \(NumberText.short(readings[spike.index])) beside \(NumberText.short(spike.from))")
        runs[at].pulse.remove(at: spike.index)
        runs[at].conductance.remove(at: spike.index)
      }
    }
  }

  /// Ranges of nearly all readings beyond which a reading is a slip of the instrument or of a unit,
  /// wherever in a run, and the largest share of the readings that are slips.
  private static let impossible = (ranges: 20.0, tail: 0.005, most: 0.01)

  /// Leaves out readings far beyond all others, at the ends of runs as well.
  private mutating func leaveOutTheImpossible() {
    let sorted = runs.flatMap(\.conductance).sorted()
    let cut = Int(Self.impossible.tail * Double(sorted.count)) + 1
    guard 4 * cut < sorted.count else { return }
    let (low, high) = (sorted[cut], sorted[sorted.count - 1 - cut])
    let reach = Self.impossible.ranges * (high - low)
    func isPossible(_ value: Double) -> Bool { value >= low - reach && value <= high + reach }
    let count = sorted.count { !isPossible($0) }
    guard reach > 0, count > 0, Double(count) <= Self.impossible.most * Double(sorted.count) else {
      return
    }
    for at in runs.indices {
      let kept = runs[at].conductance.indices.filter { isPossible(runs[at].conductance[$0]) }
      runs[at].pulse = kept.map { runs[at].pulse[$0] }
      runs[at].conductance = kept.map { runs[at].conductance[$0] }
    }
  }

  /// How far a reading is outside what two neighbours on either side span.
  ///
  /// A device on its way from one state to another is between them. The ends of a run have
  /// neighbours on one side only.
  private static func departure(
    _ readings: [Double], at index: Int
  ) -> (off: Double, from: Double)? {
    guard index >= 1, index < readings.count - 1 else { return nil }
    let near = [-2, -1, 1, 2].map { index + $0 }.filter(readings.indices.contains).map {
      readings[$0]
    }
    guard let low = near.min(), let high = near.max() else { return nil }
    return readings[index] > high
      ? (readings[index] - high, high) : (max(0, low - readings[index]), low)
  }
}
