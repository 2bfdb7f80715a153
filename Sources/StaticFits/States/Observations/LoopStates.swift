import Devices
import Failures
import FitResults
import Foundation
import Mathematics
import MeasuredTables

/// States of loops, read at a small voltage: ON on the way back after a SET, OFF on the way back after a
/// RESET; where a table has no ways back, on the way out of the next operation.
extension StateReadings {
  /// Volts at which states are read, where switching leaves room.
  private static let usualVoltage = 0.1
  /// The part of the lowest threshold up to which a reading disturbs nothing.
  private static let quiet = 0.4

  package init(loops collection: SweepCollection) {
    report = collection.report
    let summaries = collection.sweeps.map { ComplianceSummary($0) }
    let compliance = SweepCompliance(summaries)
    let clean = zip(collection.sweeps, summaries).map { $0.without(compliance.points(of: $0, $1)) }
    let offset = InstrumentNoise(of: clean).offset
    let names = report.quantities.contains(.operation) ? report.operations.names : []
    let found = collection.sweeps.map { sweep in
      LoopOutcome(
        sweep, operation: names.indices.contains(sweep.operation) ? names[sweep.operation] : nil)
    }
    // One in a hundred may be an outlier.
    let lowest = SortedSample(found.flatMap(\.thresholds)).ends(settingAside: 100)?.low
    let voltage = min(Self.usualVoltage, lowest.map { Self.quiet * $0 } ?? Self.usualVoltage)
    var keyed: [[Int]: (on: Double?, off: Double?)] = [:]
    for ((sweep, held), outcome) in zip(zip(collection.sweeps, clean), found) {
      let key = [sweep.device, sweep.cycle]
      var states = keyed[key] ?? (nil, nil)
      let own = outcome.states(in: held, at: voltage, offset: offset)
      states.on = own.on ?? states.on
      states.off = own.off ?? states.off
      keyed[key] = states
    }
    enter(keyed, voltage: voltage)
  }

  private mutating func enter(
    _ keyed: [[Int]: (on: Double?, off: Double?)], voltage: Double
  ) {
    var switched: Set<[Int]> = []
    for (key, states) in keyed.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      if let on = states.on {
        readings.append(Reading(device: key[0], cycle: key[1], label: .on, conductance: on))
      }
      if let off = states.off {
        readings.append(Reading(device: key[0], cycle: key[1], label: .off, conductance: off))
      }
      if let on = states.on, let off = states.off, on > RampExcursion.contrast * off {
        switched.insert(key)
      }
    }
    cycles = (keyed.count, switched.count)
    devices = (Set(keyed.keys.map { $0[0] }).count, Set(switched.map { $0[0] }).count)
    let silent = keyed.count { $0.value.on == nil && $0.value.off == nil }
    leftOut = [
      LeftOut("neither switch nor reach a state", "cycles", count: silent, of: keyed.count)
    ]
    notes.append(
      "states are I/V at \(Quantity(voltage, "V")): ON on the way back after SET, OFF on the way back after"
        + " RESET, or on the way out of the next operation")
  }
}

/// What the runs of one sweep did to its device.
struct LoopOutcome {
  enum Operation: Sendable {
    case set
    case reset
  }

  /// One run on one side of zero volts.
  private struct Run {
    var sign: Double
    var operation: Operation?
  }

  private var runs: [Run] = []
  /// Volts, magnitudes.
  private(set) var thresholds: [Double] = []

  init(_ sweep: Sweep, operation name: String?) {
    let named = name?.lowercased()
    for excursion in sweep.excursions {
      var operation: Operation?
      let found = excursion.outcome(named: named, compliance: sweep.compliance)
      if case .threshold(let voltage) = found.outcome {
        operation = found.isSet ? .set : .reset
        thresholds.append(abs(voltage))
      }
      runs.append(Run(sign: excursion.sign, operation: operation))
    }
  }

  /// Conductances of both states near a voltage, S, from a sweep without its points at the compliance.
  func states(in sweep: Sweep, at voltage: Double, offset: Double) -> (on: Double?, off: Double?) {
    var after: (on: Double?, off: Double?) = (nil, nil)
    var before: (on: Double?, off: Double?) = (nil, nil)
    let excursions = sweep.excursions
    for (run, excursion) in zip(runs, excursions) where run.sign == excursion.sign {
      guard let operation = run.operation else { continue }
      let out = excursion.conductance(0..<excursion.top + 1, at: voltage, offset: offset)
      let back = excursion.conductance(
        excursion.top..<excursion.voltages.count, at: voltage, offset: offset)
      switch operation {
      case .set:
        after.on = back ?? after.on
        before.off = out ?? before.off
      case .reset:
        after.off = back ?? after.off
        before.on = out ?? before.on
      }
    }
    return (after.on ?? before.on, after.off ?? before.off)
  }
}

extension RampExcursion {
  /// I/V of a part of the run near a voltage, S: a straight line of ln(I/V) over the points between half
  /// and twice of it, or over the nearest four; nil for fewer than two.
  func conductance(_ range: Range<Int>, at target: Double, offset: Double) -> Double? {
    let usable = range.filter {
      voltages[$0] > 0.1 * target && currents[$0] - sign * offset > 0
    }
    var near = usable.filter { voltages[$0] >= target / 2 && voltages[$0] <= 2 * target }
    if near.count < 3 {
      near = Array(
        usable.sorted { abs(voltages[$0] - target) < abs(voltages[$1] - target) }.prefix(4)
          .filter { voltages[$0] <= 4 * target })
    }
    return ChordLine.value(
      near.map { (voltages[$0] - target, (currents[$0] - sign * offset) / voltages[$0], 1) })
  }
}

/// The chord conductance at a voltage from those around it: ln G as a straight line of the voltage, which
/// a curve of any steepness is over a short way.
enum ChordLine {
  /// - Parameter points: distance from the voltage wanted, conductance in siemens, weight.
  /// - Returns: siemens; nil for fewer than two points.
  static func value(_ points: [(distance: Double, conductance: Double, weight: Double)]) -> Double?
  {
    guard points.count >= 2 else { return nil }
    var (n, x, y, xx, xy) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for point in points {
      let value = log(point.conductance)
      n += point.weight
      x += point.weight * point.distance
      y += point.weight * value
      xx += point.weight * point.distance * point.distance
      xy += point.weight * point.distance * value
    }
    let determinant = n * xx - x * x
    let line = determinant > 1e-12 * n * xx ? (xx * y - x * xy) / determinant : y / n
    // Points on one side of the voltage wanted carry a mean, not a line.
    let isAround = points.contains { $0.distance <= 0 } && points.contains { $0.distance >= 0 }
    return exp(isAround ? line : y / n)
  }
}
