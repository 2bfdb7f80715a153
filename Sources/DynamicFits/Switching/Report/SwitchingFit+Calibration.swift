package import Failures
package import FitResults
import Foundation
import StaticFits
import Statistics

extension SwitchingFit {
  /// Where the shares of device and cycle come from when the data does not part them.
  package struct CycleShare: Sendable {
    /// Standard deviation from cycle to cycle over that of all thresholds, in (0, 1).
    package var value: Double
    /// The device it was measured on; nil for a bare assumption.
    package var origin: String?

    package init(value: Double, origin: String?) {
      self.value = value
      self.origin = origin
    }
  }

  /// Puts the fit into a draft as `[switching]`.
  ///
  /// - Throws: ``Failure`` of kind `badData` when the data does not determine the threshold, or does
  ///   not part the spread and no share is given.
  package func enter(
    _ draft: inout CalibrationDraft, source: String, share: CycleShare?
  ) throws(Failure) {
    try requireThreshold()
    let (device, cycle, origin) = try parts(source: source, share: share)
    let assumed = CalibrationDraft.assumedSource
    draft.set("switching.threshold_mean", thresholdMean, unit: "V", source: source)
    draft.set("switching.device_spread", device, unit: "V", source: origin)
    draft.set("switching.cycle_spread", cycle, unit: "V", source: origin)
    draft.set(
      "switching.drift", 0, unit: "V", source: "\(assumed): none; the fit does not look for it",
      range: -1...1)
    // A base that has the section keeps what the data does not say.
    func fallback(_ key: String, _ value: Double, _ unit: String, _ why: String) {
      guard !draft.contains("switching.\(key)") else { return }
      draft.set("switching.\(key)", value, unit: unit, source: "\(assumed): \(why)")
    }
    if width.isFinite { draft.set("switching.set_width", width, unit: "s", source: source) }
    fallback("set_width", 1e-6, "s", "ramps have no width")
    if let reset = resetThreshold {
      draft.set(
        "switching.reset_voltage", -(abs(reset.mean) + 3 * reset.totalSpread), unit: "V",
        source: "\(source): three standard deviations beyond the mean RESET threshold")
    }
    fallback("reset_voltage", -1.5 * thresholdMean, "V", "1.5 times the SET threshold")
    fallback("reset_width", width.isFinite ? width : 1e-6, "s", "as long as SET")
    fallback("read_voltage", Self.readVoltage(below: thresholdMean), "V", "far below the threshold")
    fallback("read_time", 1e-6, "s", "1 µs")
    if onConductance > offConductance, offConductance > 0 {
      draft.set("switching.on_conductance", onConductance, unit: "S", source: source)
      draft.set("switching.off_conductance", offConductance, unit: "S", source: source)
    }
    try states?.enter(&draft, source: source)
    fallback("on_conductance", 100e-6, "S", "the table has none")
    fallback("off_conductance", 10e-6, "S", "the table has none")
    fallback("endurance", 5000, "1", "not measured")
    fallback("rows", 64, "1", "a choice")
    fallback("columns", 16, "1", "a choice")
  }

  /// A threshold known to worse than half of itself is none: its spread, which is a part of it, is
  /// then no number at all.
  private static let worstThreshold = 0.5

  private func requireThreshold() throws(Failure) {
    guard let threshold = report.parameters.first(where: { $0.name == "threshold_mean" }) else {
      throw Failure(
        .badData, at: "[switching]",
        "the table holds RESET only: [switching] is a model of SET, and there is no threshold of it",
        remedy: "give SET pulses or ramps with them, or leave --out away")
    }
    let half = (threshold.interval.upperBound - threshold.interval.lowerBound) / 2
    guard voltages.lowerBound < voltages.upperBound, half.isFinite,
      half < Self.worstThreshold * abs(threshold.value)
    else {
      throw Failure(
        .badData, at: "[switching]",
        voltages.lowerBound < voltages.upperBound
          ? "the data does not determine the threshold"
          : "all pulses have one amplitude: the data does not determine the threshold",
        remedy:
          "measure several amplitudes around the one that switches half of the pulses, or leave"
          + " --out away")
    }
  }

  private func parts(
    source: String, share: CycleShare?
  ) throws(Failure) -> (device: Double, cycle: Double, origin: String) {
    if let share {
      // Where the total is not known, the cycles' part and their share give it.
      let total = totalSpread.isFinite ? totalSpread : cycleSpread / share.value
      let cycle = share.value * total
      let device = (total * total - cycle * cycle).squareRoot()
      let origin = share.origin.map { "from another device: \($0)" } ?? "given"
      return (
        device, cycle,
        "\(CalibrationDraft.assumedSource) share \(share.value), \(origin); \(source)"
      )
    }
    guard let spreads else {
      throw Failure(
        .badData, at: "[switching]",
        cycleSpread.isFinite
          ? "the data holds fewer than \(VarianceComponents.fewestGroups) devices: the spread between"
            + " devices, which [switching] needs, is not determined"
          : "the data does not part the spread into devices and cycles: every device was pulsed too"
            + " few times",
        remedy: "pass --cycle-share X, such as 0.8; it is marked as assumed")
    }
    // A spread of zero is refused by the format; the interval says that it is not resolved.
    let floor = totalSpread * 1e-3
    return (max(spreads.device, floor), max(spreads.cycle, floor), source)
  }

  /// 0.1 V, or a fifth of a threshold that is lower than usual.
  private static func readVoltage(below threshold: Double) -> Double {
    threshold > 0 ? min(0.1, threshold / 5) : 0.1
  }

  /// A draft where there is no base: everything but `[switching]` is assumed.
  package func assumedDraft(name: String) -> CalibrationDraft {
    let isKnown = onConductance > offConductance && offConductance > 0
    var draft = CalibrationDraft(
      assumedAround: isKnown ? offConductance...onConductance : 10e-6...100e-6,
      readVoltage: Self.readVoltage(below: thresholdMean), name: name)
    // Of a table of RESET alone the threshold is not a number.
    let set = thresholdMean > 1e-3 ? thresholdMean : 1e-3
    let duration = width.isFinite ? width : 1e-6
    draft.setPulseLimits(
      set: set...max(set, voltages.upperBound), reset: -1.5 * set ... -1.5 * set,
      width: duration...duration, source: "\(CalibrationDraft.assumedSource): around the threshold")
    draft.set(
      "pulses.threshold", set / 2, unit: "V",
      source: "\(CalibrationDraft.assumedSource): half the SET threshold")
    return draft
  }
}
