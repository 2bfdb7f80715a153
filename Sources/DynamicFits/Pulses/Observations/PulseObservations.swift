import Failures
import FitResults
import Foundation
import MeasuredTables

/// Single pulses with the conductance before and after, ordered by device.
struct PulseObservations: Sendable {
  var voltage: [Double] = []
  /// log₁₀(width / 1 ns).
  var logarithm: [Double] = []
  var before: [Double] = []
  var step: [Double] = []
  /// First observation of each device, and one past the last.
  var starts: [Int] = [0]

  var count: Int { voltage.count }
  var deviceCount: Int { starts.count - 1 }

  /// Reads pulses; what cannot be used is counted.
  static func read(
    _ reader: TableReader
  ) throws(Failure) -> (PulseObservations, ReadReport, leftOut: [LeftOut]) {
    var all = PulseObservations()
    var devices: [Int32] = []
    let states: Set<MeasuredQuantity> = [.conductanceBefore, .conductanceAfter]
    let report = try reader.readRows(deriving: states) { row throws(Failure) in
      let (voltage, width) = (row[.voltage], row[.width])
      let (before, after) = (row[.conductanceBefore], row[.conductanceAfter])
      guard voltage != 0, width > 0, before > 0, after > 0 else { return }
      all.voltage.append(voltage)
      all.logarithm.append(log10(width * 1e9))
      all.before.append(before)
      all.step.append(after - before)
      devices.append(row[.device].isNaN ? 0 : Int32(row.label(.device)))
    }
    try report.require(
      [.voltage, .width, .conductanceBefore, .conductanceAfter], for: "fit pulses")
    var leftOut = [
      LeftOut(
        "without an amplitude, a width or a positive conductance", "pulses",
        count: report.rows - all.count, of: report.rows)
    ]
    let outliers = Set(all.outliers())
    leftOut.append(
      LeftOut(
        "conductance, width or amplitude far beyond that of all others", "pulses",
        count: outliers.count, of: report.rows))
    if !outliers.isEmpty {
      let kept = (0..<all.count).filter { !outliers.contains($0) }
      all = all.selected(kept, starts: [0])
      devices = kept.map { devices[$0] }
    }
    return (all.sorted(by: devices), report, leftOut)
  }

  /// The observations of some places, in that order.
  func selected(_ places: [Int], starts: [Int]) -> PulseObservations {
    PulseObservations(
      voltage: places.map { voltage[$0] }, logarithm: places.map { logarithm[$0] },
      before: places.map { before[$0] }, step: places.map { step[$0] }, starts: starts)
  }

  private func sorted(by devices: [Int32]) -> PulseObservations {
    let most = Int(devices.max() ?? -1) + 1
    var starts = [Int](repeating: 0, count: most + 1)
    for device in devices { starts[Int(device) + 1] += 1 }
    for device in 0..<most { starts[device + 1] += starts[device] }
    var next = starts
    var places = [Int](repeating: 0, count: count)
    for (place, device) in devices.enumerated() {
      places[next[Int(device)]] = place
      next[Int(device)] += 1
    }
    return selected(places, starts: starts)
  }

  /// The pulses of one polarity, with every `stride`-th kept.
  func polarity(isSet: Bool, stride: Int = 1) -> PulseObservations {
    var places: [Int] = []
    var starts = [0]
    for device in 0..<deviceCount {
      var seen = 0
      for place in self.starts[device]..<self.starts[device + 1]
      where (voltage[place] > 0) == isSet {
        if seen % stride == 0 { places.append(place) }
        seen += 1
      }
      starts.append(places.count)
    }
    return selected(places, starts: starts)
  }
}
