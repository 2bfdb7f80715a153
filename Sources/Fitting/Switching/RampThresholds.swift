import Failures
import Foundation

/// SET voltages of repeated ramps: where the current first reaches half of its ceiling.
struct RampThresholds {
  /// Volts, per device, those with enough ramps.
  var groups: [[Double]] = []
  var ramps = 0
  /// Ramps on devices that conducted from the start, or that never switched.
  var excluded = 0
  var report: ReadReport

  /// Fewest ramps of a device that counts.
  static let fewest = 5

  /// The threshold of a ramp, or nil when the cell conducted before or did not switch.
  static func threshold(of sweep: Sweep) -> Double? {
    let voltages = sweep.voltages
    guard voltages.count >= 20, let top = voltages.indices.max(by: { voltages[$0] < voltages[$1] })
    else { return nil }
    let currents = sweep.currents[...top].map { abs($0) }
    // Without a stated compliance the plateau of a switched cell is the ramp's largest current.
    let ceiling = sweep.compliance > 0 ? sweep.compliance : sweep.currents.map { abs($0) }.max()
    guard let ceiling, let first = currents.firstIndex(where: { $0 > ceiling / 2 }), first >= 5
    else { return nil }
    let early = currents.indices.filter { voltages[$0] < 0.5 }.map { currents[$0] }.sorted()
    guard !early.isEmpty, early[early.count / 2] <= ceiling / 10 else { return nil }
    return voltages[first]
  }

  init(_ reader: TableReader) throws(Failure) {
    let collection = try SweepCollection(reader, longest: .max)
    report = collection.report
    var found: [Int: [Double]] = [:]
    let names = report.operations.names
    for sweep in collection.sweeps {
      if names.indices.contains(sweep.operation), report.quantities.contains(.operation),
        names[sweep.operation].lowercased() != "set"
      {
        continue
      }
      ramps += 1
      guard let voltage = Self.threshold(of: sweep) else {
        excluded += 1
        continue
      }
      found[sweep.device, default: []].append(voltage)
    }
    groups = found.sorted { $0.key < $1.key }.map(\.value).filter { $0.count >= Self.fewest }
    guard !groups.isEmpty else {
      throw Failure(
        .badData, at: reader.files[0],
        "no device has \(Self.fewest) SET ramps that switch (\(ramps) ramps, \(excluded) left out)",
        remedy: "give an operation column that says set, and a compliance")
    }
  }
}
