import Foundation

extension PulseObservations {
  /// Decades beyond nearly all others at which a number is a slip of the instrument or of a unit.
  private static let (conductance, width, voltage) = (1.0, 1.0, 0.5)
  /// Share of the pulses beyond either end of what nearly all are within.
  private static let tail = 0.005
  /// More than this share is a part of the data.
  private static let mostOutliers = 0.01

  /// Pulses whose conductance, width or amplitude is far beyond that of nearly all others.
  ///
  /// One state of 1 S among microsiemens would stretch the bins of conductance over six decades.
  ///
  /// - Returns: their places, none where they are too many for accidents.
  func outliers() -> [Int] {
    var found: Set<Int> = []
    let quantities: [(values: [Double], margin: Double)] = [
      (before.map { log10($0) }, Self.conductance),
      (zip(before, step).map { log10($0 + $1) }, Self.conductance),
      (logarithm, Self.width), (voltage.map { log10(abs($0)) }, Self.voltage),
    ]
    for (values, margin) in quantities where !values.isEmpty {
      let sorted = values.sorted()
      let cut = Int(Self.tail * Double(sorted.count)) + 1
      guard 2 * cut < sorted.count else { continue }
      let inside = (sorted[cut] - margin)...(sorted[sorted.count - 1 - cut] + margin)
      found.formUnion(values.indices.filter { !inside.contains(values[$0]) })
    }
    return Double(found.count) <= Self.mostOutliers * Double(count) ? found.sorted() : []
  }
}
