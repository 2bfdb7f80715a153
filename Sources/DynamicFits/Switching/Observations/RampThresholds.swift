import Failures
import FitResults
import Foundation
import Mathematics
import MeasuredTables
import StaticFits

/// SET and RESET voltages of repeated ramps and loops.
struct RampThresholds {
  /// The ramps of one operation.
  struct Branch {
    /// Volts, per device with a threshold.
    var groups: [[Double]] = []
    var ramps = 0
    /// Why ramps have no threshold, and how many each.
    var reasons: [String: Int] = [:]
    fileprivate var found: [Int: [Double]] = [:]
    /// Median step of each ramp's voltage, V.
    private var steps: [Double] = []
    /// What tells two thresholds apart: the median step of the ramps' voltage, V.
    var resolution: Double { steps.median ?? 0 }
    /// Largest currents of the ramps with a threshold, and of those without a step, A.
    private var switchedPeaks: [Double] = []
    private var flatPeaks: [Double] = []

    /// Ramps with one.
    var thresholds: Int { groups.reduce(0) { $0 + $1.count } }

    /// Ramps without a threshold.
    var excluded: Int { reasons.values.reduce(0, +) }

    /// How many ramps are left out, and why.
    var exclusions: String {
      let words = reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
        "\($0.value) \($0.key)"
      }
      return words.isEmpty ? "none is left out" : "left out: \(words.joined(separator: ", "))"
    }

    /// What was left out, rule by rule.
    func leftOut(_ name: String) -> [LeftOut] {
      reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
        LeftOut($0.key, "\(name) ramps", count: $0.value, of: ramps)
      }
    }

    fileprivate mutating func take(
      _ outcome: RampOutcome, _ ramp: RampExcursion?, of device: Int
    ) {
      ramps += 1
      switch outcome {
      case .threshold(let voltage):
        found[device, default: []].append(voltage)
        if let step = ramp?.step { steps.append(step) }
        switchedPeaks.append(ramp?.currents.max() ?? 0)
      case .flat(let peak): flatPeaks.append(peak)
      case .none(let reason): reasons[reason, default: 0] += 1
      }
    }

    fileprivate mutating func finish() {
      // A cell that is on without a step reaches about what a switched one does.
      let usual = switchedPeaks.median ?? 0
      for peak in flatPeaks {
        let isOff = peak < usual / RampExcursion.contrast
        let outcome = isOff ? RampOutcome.neverSwitched : .conducted
        if case .none(let reason) = outcome { reasons[reason, default: 0] += 1 }
      }
      groups = found.sorted { $0.key < $1.key }.map(\.value)
    }
  }

  var set = Branch()
  var reset = Branch()
  var report: ReadReport

  /// Fewest thresholds, of whichever devices, that have a spread.
  static let fewest = 2

  /// The states that loops show beside their thresholds; nil where they show none.
  var states: StatesFit?

  init(_ reader: TableReader) throws(Failure) {
    if let thresholds = try Self.thresholds(of: reader) {
      self = thresholds
      return
    }
    let collection = try SweepCollection(reader, longest: .max)
    report = collection.report
    let names = report.quantities.contains(.operation) ? report.operations.names : []
    for sweep in collection.sweeps {
      let isKnown = names.indices.contains(sweep.operation)
      take(sweep, operation: isKnown ? names[sweep.operation].lowercased() : nil)
    }
    try finish(at: reader.files[0])
    let readings = StateReadings(loops: collection)
    states = try? StatesFit(readings, at: reader.files[0])
  }

  private init(report: ReadReport) { self.report = report }

  private mutating func finish(at place: String) throws(Failure) {
    set.finish()
    reset.finish()
    guard set.thresholds >= Self.fewest || reset.thresholds >= Self.fewest else {
      throw Failure(
        .badData, at: place,
        "fewer than \(Self.fewest) ramps switch: of \(set.ramps) SET ramps,"
          + " \(set.exclusions); of \(reset.ramps) RESET ramps, \(reset.exclusions)",
        remedy: "give an operation column that says set or reset, and a compliance")
    }
  }

  /// An operation's name decides what a ramp is for, else its side.
  private mutating func take(_ sweep: Sweep, operation: String?) {
    if let operation, operation != "set", operation != "reset" { return }
    var excursions = sweep.excursions
    if operation != nil {
      // A named ramp is the larger of its sides; an offset around zero is no ramp.
      excursions = excursions.max { $0.peak < $1.peak }.map { [$0] } ?? []
      if excursions.isEmpty { take(.short, nil, of: sweep.device, isSet: operation == "set") }
    }
    for ramp in excursions {
      let found = ramp.outcome(named: operation, compliance: sweep.compliance)
      take(found.outcome, ramp, of: sweep.device, isSet: found.isSet)
    }
  }

  private mutating func take(
    _ outcome: RampOutcome, _ ramp: RampExcursion?, of device: Int, isSet: Bool
  ) {
    if isSet {
      set.take(outcome, ramp, of: device)
    } else {
      reset.take(outcome, ramp, of: device)
    }
  }

  /// Thresholds that a table gives itself, one a cycle; nil where it gives none.
  private static func thresholds(of reader: TableReader) throws(Failure) -> RampThresholds? {
    let columns = ["set_voltage", "reset_voltage"].map { MeasuredQuantity(rawValue: $0) }
    var isGiven = false
    for column in columns.compactMap({ $0 }) where try reader.gives(column) { isGiven = true }
    guard isGiven else { return nil }
    var found = RampThresholds(report: ReadReport())
    found.report = try reader.readRows { row throws(Failure) in
      let device = row[.device].isNaN ? 0 : row.label(.device)
      for (column, isSet) in zip(columns, [true, false]) {
        guard let column else { continue }
        let value = row[column]
        found.take(
          value.isFinite ? .threshold(value) : .none("has no number"), nil, of: device, isSet: isSet
        )
      }
    }
    for (column, isSet) in zip(columns, [true, false]) {
      guard let column, !found.report.quantities.contains(column) else { continue }
      if isSet { found.set = Branch() } else { found.reset = Branch() }
    }
    found.isGiven = true
    try found.finish(at: reader.files[0])
    return found
  }

  /// Whether the table gives thresholds rather than ramps.
  private(set) var isGiven = false
}
