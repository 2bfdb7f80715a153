import Failures
import Foundation
import Mathematics

extension NoiseTrace {
  /// A larger share of absent samples is not made up.
  private static let mostMissing = 0.05
  /// How far a step may be off a multiple of the interval.
  private static let tolerance = 0.2

  /// Finds the interval, and fills what is missing by lines between the neighbours.
  ///
  /// - Throws: ``Failure`` of kind `badData` when too much is missing.
  mutating func fillGaps(_ times: [Double], at place: String) throws(Failure) {
    let steps = zip(times.dropFirst(), times).map { $0 - $1 }
    let number = Double(steps.count)
    interval = (times[times.count - 1] - times[0]) / number
    // The shortest steps but for a few are the interval: gaps only lengthen.
    let short = SortedSample(steps).ends(settingAside: 20)?.low ?? 0
    let single = steps.filter { $0 > 0.5 * short && $0 < 1.5 * short }
    let unit = single.reduce(0, +) / Double(single.count)
    let multiples = steps.map { max(1, ($0 / unit).rounded()) }
    let off = zip(steps, multiples).count { abs($0 / unit - $1) > Self.tolerance }
    guard Double(off) <= 0.05 * number else {
      isUneven = true
      return
    }
    let absent = multiples.reduce(0, +) - number
    guard absent > 0 else { return }
    let share = absent / (absent + Double(times.count))
    gaps = multiples.count { $0 > 1 }
    guard share <= Self.mostMissing else {
      let percent = String(format: "%.3g", 100 * share)
      throw Failure(
        .badData, at: place,
        "\(percent) % of the samples of device \(name) are missing, in \(gaps) gaps between"
          + " samples \(String(format: "%.6g", unit)) s apart: too many to fill",
        remedy: "measure without gaps, or give every stretch between long gaps a number of its own"
          + " in the column cycle")
    }
    var whole: [Double] = []
    whole.reserveCapacity(times.count + Int(absent))
    for (t, multiple) in multiples.enumerated() {
      for k in 0..<Int(multiple) {
        whole.append(values[t] + Double(k) / multiple * (values[t + 1] - values[t]))
      }
    }
    whole.append(values[values.count - 1])
    values = whole
    missing = Int(absent)
    interval = (times[times.count - 1] - times[0]) / Double(whole.count - 1)
  }
}
