import Failures
import Foundation
import MeasuredTables

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
    var resolution: Double { steps.isEmpty ? 0 : steps.sorted()[steps.count / 2] }
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
      let usual = switchedPeaks.isEmpty ? 0 : switchedPeaks.sorted()[switchedPeaks.count / 2]
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

  init(_ reader: TableReader) throws(Failure) {
    let collection = try SweepCollection(reader, longest: .max)
    report = collection.report
    let names = report.operations.names
    let isNamed = report.quantities.contains(.operation)
    for sweep in collection.sweeps {
      let isKnown = isNamed && names.indices.contains(sweep.operation)
      take(sweep, operation: isKnown ? names[sweep.operation].lowercased() : nil)
    }
    set.finish()
    reset.finish()
    guard set.thresholds >= Self.fewest || reset.thresholds >= Self.fewest else {
      throw Failure(
        .badData, at: reader.files[0],
        "fewer than \(Self.fewest) ramps switch: of \(set.ramps) SET ramps,"
          + " \(set.exclusions); of \(reset.ramps) RESET ramps, \(reset.exclusions)",
        remedy: "give an operation column that says set or reset, and a compliance")
    }
  }

  /// An operation's name decides what a ramp is for, else its side: SET above zero, RESET below.
  private mutating func take(_ sweep: Sweep, operation: String?) {
    if let operation, operation != "set", operation != "reset" { return }
    let excursions = sweep.excursions
    guard let operation else {
      for ramp in excursions { take(ramp, of: sweep) }
      return
    }
    // A named ramp is the larger of its sides; an offset around zero is no ramp.
    let ramp = excursions.max { $0.peak < $1.peak }
    if operation == "set" {
      set.take(
        ramp?.setThreshold(compliance: sweep.compliance) ?? .short, ramp, of: sweep.device)
    } else {
      reset.take(ramp?.resetThreshold ?? .short, ramp, of: sweep.device)
    }
  }

  /// A ramp without a name: SET above zero, RESET below.
  private mutating func take(_ ramp: RampExcursion, of sweep: Sweep) {
    guard ramp.sign > 0 else {
      reset.take(ramp.resetThreshold, ramp, of: sweep.device)
      return
    }
    let outcome = ramp.setThreshold(compliance: sweep.compliance)
    if case .threshold = outcome {
      set.take(outcome, ramp, of: sweep.device)
    } else if case .threshold = ramp.resetThreshold {
      // A cell that conducts and falls on the positive side switches off there.
      reset.take(ramp.resetThreshold, ramp, of: sweep.device)
    } else {
      set.take(outcome, ramp, of: sweep.device)
    }
  }
}
