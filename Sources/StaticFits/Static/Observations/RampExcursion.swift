import Foundation
import Mathematics

/// A run of a sweep on one side of zero volts, as magnitudes in the order measured.
///
/// A loop has two, and what one side's currents reach says nothing of the other: RESET commonly peaks
/// at several times the current that SET was limited to.
package struct RampExcursion {
  /// 1 or −1: the side.
  package var sign: Double
  /// |V| and |I|.
  package var voltages: [Double] = []
  package var currents: [Double] = []

  /// Where the voltage peaks.
  private(set) var top = 0

  /// Points that the rise of a ramp needs.
  package static let fewestPoints = 8
  /// The part of the peak voltage below which I/V is the instrument's offset and noise.
  package static let dark = 0.05
  /// The least factor by which a lasting change of state changes the conductance.
  package static let contrast = 2.0

  /// Volts at the top.
  package var peak: Double { voltages[top] }

  fileprivate mutating func finish() -> Bool {
    guard let found = voltages.indices.max(by: { voltages[$0] < voltages[$1] }) else {
      return false
    }
    top = found
    return voltages[top] > 0
  }

  /// Median distance of neighbouring voltages; nil where none differ.
  package var step: Double? {
    zip(voltages, voltages.dropFirst()).map { abs($1 - $0) }.filter { $0 > 0 }.median
  }

  /// Siemens.
  package func conductance(_ index: Int) -> Double { currents[index] / voltages[index] }

  /// The median conductance of the points in a range whose voltages lie between two.
  package func conductance(of range: Range<Int>, between low: Double, and high: Double) -> Double? {
    let values = range.filter { voltages[$0] > low && voltages[$0] < high }.map(conductance)
    return values.count < 2 ? nil : values.median
  }
}

/// What a ramp came to.
package enum RampOutcome: Equatable {
  /// Volts, with their sign.
  case threshold(Double)
  /// No step; the largest current, in amperes, tells beside other ramps whether the cell was on or off.
  case flat(Double)
  /// Why there is no threshold, as a note says it.
  case none(String)

  package static let short = Self.none("had too few points")
  package static let conducted = Self.none("conducted from the start")
  package static let neverSwitched = Self.none("never switched")
  package static let neverFell = Self.none("never fell for good")
  package static let wasOff = Self.none("did not conduct at the start")
}

extension Sweep {
  /// The runs on either side of zero volts, without those that hardly leave it.
  package var excursions: [RampExcursion] {
    var found: [RampExcursion] = []
    for (voltage, current) in zip(voltages, currents) {
      let sign = voltage == 0 ? found.last?.sign ?? 1 : voltage > 0 ? 1.0 : -1.0
      if found.last?.sign != sign {
        // Points at zero belong to whichever side follows.
        if let last = found.last, last.voltages.allSatisfy({ $0 == 0 }) { found.removeLast() }
        found.append(RampExcursion(sign: sign))
      }
      found[found.count - 1].voltages.append(abs(voltage))
      found[found.count - 1].currents.append(abs(current))
    }
    let reach = voltages.reduce(0) { max($0, abs($1)) }
    return found.compactMap { excursion in
      var excursion = excursion
      return excursion.finish() && excursion.peak > 0.1 * reach ? excursion : nil
    }
  }
}

extension RampExcursion {
  /// What a ramp is for and what it came to.
  ///
  /// - Parameter name: `set` or `reset`; without one, SET above zero and RESET below, and above zero too
  ///   where a cell conducts and falls there.
  package func outcome(named name: String?, compliance: Double) -> (
    isSet: Bool, outcome: RampOutcome
  ) {
    switch name {
    case "set": return (true, setThreshold(compliance: compliance))
    case "reset": return (false, resetThreshold)
    default: break
    }
    guard sign > 0 else { return (false, resetThreshold) }
    let set = setThreshold(compliance: compliance)
    if case .threshold = set { return (true, set) }
    let reset = resetThreshold
    if case .threshold = reset { return (false, reset) }
    return (true, set)
  }

  /// How thresholds are defined, for a report.
  package static let definitions =
    "SET: midway to the point at which the current first exceeds half the compliance, or I/V half of its"
    + " largest; RESET: midway from the largest current to the point after it, where a lasting fall"
    + " follows"

  /// Volts in the middle between two points: the device has switched somewhere between them.
  private func midway(_ before: Int, _ after: Int) -> Double {
    (voltages[max(0, before)] + voltages[min(after, voltages.count - 1)]) / 2
  }

  /// The SET voltage: where the current first reaches half of its ceiling.
  ///
  /// - Parameter compliance: the ceiling in amperes; without one, the conductance has to reach half of
  ///   its largest, which neither a limited current nor an ohmic rise behind the step moves.
  package func setThreshold(compliance: Double) -> RampOutcome {
    guard top + 1 >= Self.fewestPoints else { return .short }
    return compliance > 0 ? limited(by: compliance) : unlimited
  }

  private func limited(by compliance: Double) -> RampOutcome {
    guard let first = (0...top).first(where: { currents[$0] > compliance / 2 }) else {
      return .neverSwitched
    }
    let early = (0...top).filter { voltages[$0] < min(0.5, voltages[first] / 2) }
      .map { currents[$0] }
    guard first >= 5, let typical = early.median, typical <= compliance / 10 else {
      return .conducted
    }
    return .threshold(sign * midway(first - 1, first))
  }

  private var unlimited: RampOutcome {
    let visible = (0...top).filter { voltages[$0] > Self.dark * peak }
    guard let most = visible.map(conductance).max(), most > 0,
      let first = visible.first(where: { conductance($0) > most / 2 })
    else { return .neverSwitched }
    let onset = voltages[first]
    let (low, high) = (Self.dark * peak, 0.95 * onset)
    guard
      let before = conductance(of: 0..<first, between: low, and: onset / 2)
        ?? conductance(of: 0..<first, between: low, and: high), before < most / Self.contrast
    else { return .flat(currents.max() ?? 0) }
    // The way back tells a switch from a current that grows steeply; without it, the step does.
    if let rise = conductance(of: 0..<first, between: onset / 2, and: high),
      let back = conductance(of: top..<voltages.count, between: onset / 2, and: high)
    {
      guard back > Self.contrast * rise else { return .neverSwitched }
    } else {
      guard conductance(first) > Self.contrast * conductance(max(0, first - 3)) else {
        return .neverSwitched
      }
    }
    return .threshold(sign * midway(first - 1, first))
  }

  /// The RESET voltage: where the current is largest before a fall that lasts.
  ///
  /// A current that is held at its ceiling counts up to the last point that is held.
  package var resetThreshold: RampOutcome {
    guard top + 1 >= Self.fewestPoints else { return .short }
    let rise = 0...top
    let visible = rise.filter { voltages[$0] > Self.dark * peak }
    guard let most = visible.map({ currents[$0] }).max(), most > 0,
      let last = visible.last(where: { currents[$0] >= 0.995 * most })
    else { return .neverFell }
    let onset = voltages[last]
    // What follows, up to the top and back: a fall of the current alone may be the voltage's.
    let after = (last + 1..<voltages.count).filter { voltages[$0] > onset / 2 }
      .map(conductance)
    guard after.count >= 3, let fallen = after.median, fallen < conductance(last) / Self.contrast
    else {
      return .neverFell
    }
    let early =
      conductance(of: 0..<last, between: Self.dark * peak, and: max(onset / 2, 0.1 * peak))
      ?? conductance(of: 0..<last, between: 0, and: onset)
    guard let early, early > conductance(last) / 10 else { return .wasOff }
    return .threshold(sign * midway(last, last + 1))
  }
}
