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
        sweep,
        OperationName(names.indices.contains(sweep.operation) ? names[sweep.operation] : ""))
    }
    // One in a hundred may be an outlier.
    let lowest = SortedSample(found.flatMap(\.thresholds)).ends(settingAside: 100)?.low
    let voltage = min(Self.usualVoltage, lowest.map { Self.quiet * $0 } ?? Self.usualVoltage)
    var cycles = LoopCycles()
    for ((sweep, held), outcome) in zip(zip(collection.sweeps, clean), found) {
      cycles.take(
        outcome.readings(in: held, at: voltage, offset: offset), device: sweep.device,
        cycle: report.quantities.contains(.cycle) ? sweep.cycle : -1)
    }
    enter(cycles.finished, voltage: voltage)
  }

  private mutating func enter(_ found: [LoopCycles.Cycle], voltage: Double) {
    var switched: [LoopCycles.Cycle] = []
    for (place, cycle) in found.enumerated() {
      if let on = cycle.on {
        readings.append(Reading(device: cycle.device, cycle: place, label: .on, conductance: on))
      }
      if let off = cycle.off {
        readings.append(Reading(device: cycle.device, cycle: place, label: .off, conductance: off))
      }
      if let on = cycle.on, let off = cycle.off, on > RampExcursion.contrast * off {
        switched.append(cycle)
      }
    }
    cycles = (found.count, switched.count)
    devices = (Set(found.map(\.device)).count, Set(switched.map(\.device)).count)
    let silent = found.count { $0.on == nil && $0.off == nil }
    leftOut = [
      LeftOut("neither switch nor reach a state", "cycles", count: silent, of: found.count)
    ]
    notes.append(
      "states are I/V at \(Quantity(voltage, "V")): ON on the way back after SET, OFF on the way back after"
        + " RESET, or on the way out of the next operation")
  }
}

/// Cycles of devices, from their operations in the order measured: an operation that comes again begins
/// the next one, whether a table numbers them or not.
struct LoopCycles {
  struct Cycle {
    var device: Int
    fileprivate var operations: Set<LoopOutcome.Operation> = []
    fileprivate var after: (on: Double?, off: Double?) = (nil, nil)
    fileprivate var before: (on: Double?, off: Double?) = (nil, nil)

    fileprivate init(device: Int) { self.device = device }

    /// S.
    var on: Double? { after.on ?? before.on }
    var off: Double? { after.off ?? before.off }
  }

  private var closed: [Cycle] = []
  private var open: [[Int]: Cycle] = [:]

  /// All of them, device by device.
  var finished: [Cycle] {
    let rest = open.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
    return (closed + rest).enumerated()
      .sorted { ($0.element.device, $0.offset) < ($1.element.device, $1.offset) }.map(\.element)
  }

  /// Takes the operations of a sweep; one without any is a cycle that did nothing, where cycles have no
  /// numbers.
  mutating func take(_ readings: [LoopOutcome.Reading], device: Int, cycle: Int) {
    let key = [device, cycle]
    if readings.isEmpty {
      if cycle < 0 {
        closed.append(Cycle(device: device))
      } else if open[key] == nil {
        open[key] = Cycle(device: device)
      }
    }
    for reading in readings {
      var current = open[key] ?? Cycle(device: device)
      if current.operations.contains(reading.operation) {
        closed.append(current)
        current = Cycle(device: device)
      }
      current.operations.insert(reading.operation)
      switch reading.operation {
      case .set:
        current.after.on = reading.back
        current.before.off = reading.out
      case .reset:
        current.after.off = reading.back
        current.before.on = reading.out
      }
      open[key] = current
    }
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

  init(_ sweep: Sweep, _ name: OperationName) {
    for excursion in sweep.excursions {
      var operation: Operation?
      let found = excursion.outcome(for: name.polarity, compliance: sweep.compliance)
      if case .threshold(let voltage) = found.outcome {
        operation = found.isSet ? .set : .reset
        thresholds.append(abs(voltage))
      }
      runs.append(Run(sign: excursion.sign, operation: operation))
    }
  }

  /// An operation with the conductances before it, on the way out, and after it, S.
  struct Reading {
    var operation: Operation
    var out: Double?
    var back: Double?
  }

  /// What was read around every operation near a voltage, from a sweep without its points at the
  /// compliance.
  func readings(in sweep: Sweep, at voltage: Double, offset: Double) -> [Reading] {
    zip(runs, sweep.excursions).compactMap { run, excursion in
      guard run.sign == excursion.sign, let operation = run.operation else { return nil }
      return Reading(
        operation: operation,
        out: excursion.conductance(0..<excursion.top + 1, at: voltage, offset: offset),
        back: excursion.conductance(
          excursion.top..<excursion.voltages.count, at: voltage, offset: offset))
    }
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
