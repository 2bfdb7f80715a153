package import Calibration
package import Failures
package import FitResults
import Foundation
import Mathematics
package import MeasuredTables
import Statistics

/// `fit retention`: drift and spread of conductance with time and temperature.
///
/// Every cell is compared with its own first reading: x = ln G(t)/G(0). A power law of time is
/// x = −ν ln(1 + t/t₀), a logarithmic law G(t)/G(0) = 1 − ν ln(1 + t/t₀). ν of a cell is a draw of a
/// population, so its mean is known to the spread over √N, with Student's interval for few cells; a
/// single cell has the coefficient of its own trace, and no spread.
package struct RetentionFit: Sendable {
  package var report: FitReport
  /// The law of time at the temperature nearest to room, which a table without temperatures is taken
  /// to be of; nil where the data determines none.
  package private(set) var law: RetentionLaw?
  /// Whether the table says what temperature the law is of.
  private(set) var hasTemperatures = false
  /// Conductances that were read, without outliers, S.
  package let conductance: ClosedRange<Double>

  /// Correlation of ln G below which a pair of readings is no pair of the same cells, where other
  /// pairs of the table have twice as much.
  private static let poorCorrelation = 0.5
  /// Cells below which a correlation is no test of pairs.
  private static let fewestCorrelated = 5
  /// Times that are told one by one without being asked for.
  private static let shownTimes = 12
  /// °C.
  private static let room = 25.0

  /// Reads and fits.
  ///
  /// - Throws: ``Failure``: `noInput`, or `badData` when no cell was read twice.
  package init(_ reader: TableReader) throws(Failure) {
    let place = reader.files[0]
    var pairs = try RetentionPairs(reader)
    let outliers = RetentionOutliers(cleaning: &pairs)
    conductance = outliers.count == 0 ? pairs.conductance : pairs.keptConductance
    report = FitReport(kind: "retention", model: "two readings")
    report.statistics = [
      ("rows", Double(pairs.report.rows)), ("devices", Double(pairs.devices)),
    ]
    noteHeadless(pairs)
    report.notes += outliers.notes
    report.statistics.append(("outliers", Double(outliers.count)))
    report.leftOut = pairs.leftOut
    let compared = pairs.groups.reduce(outliers.count) { $0 + $1.device.count }
    report.leftOut.append(
      LeftOut(
        "outliers, apart from the others of their time", "later readings", count: outliers.count,
        of: compared))
    let related = pairs.groups.reduce(0) { $0 + $1.device.count }
    dropStrangers(&pairs)
    report.leftOut.append(
      LeftOut(
        "no pairs: they do not correlate with the readings before", "later readings",
        count: related - pairs.groups.reduce(0) { $0 + $1.device.count }, of: compared))
    for group in pairs.groups { describe(group) }
    hideMostTimes(pairs.groups)
    let times = Set(pairs.groups.map(\.time).filter { $0.isFinite && $0 > 0 })
    let temperatures = Set(pairs.groups.map(\.temperature).filter(\.isFinite))
    hasTemperatures = !temperatures.isEmpty
    for celsius in temperatures.isEmpty ? [Double.nan] : temperatures.sorted() {
      let own = pairs.groups.filter { $0.temperature == celsius || celsius.isNaN }
      if Set(own.map(\.time)).count >= 3, pairs.hasTimes {
        try fitTimes(
          own, celsius: celsius, suffix: temperatures.count > 1 ? Self.suffix(celsius) : "",
          at: place)
      }
    }
    if times.count < 3 {
      report.notes.append(
        "each temperature has \(pairs.hasTimes ? "too few times" : "no times"): the law of time is"
          + " not determined, only the change between the readings")
    }
    if temperatures.count >= 3 {
      try fitArrhenius(pairs.groups, at: place)
    } else {
      report.notes.append(
        "fewer than three usable temperatures: an activation energy is not determined")
    }
    report.add(pairs.report)
    let shown = hasTemperatures ? law?.celsius ?? pairs.groups.first?.temperature : nil
    let own = pairs.groups.filter { shown == nil || $0.temperature == shown }
    report.figures += figures(own)
    addTrust(own)
  }

  static func suffix(_ celsius: Double) -> String {
    celsius.isFinite ? String(format: "_%g_C", celsius) : ""
  }

  private mutating func noteHeadless(_ pairs: RetentionPairs) {
    guard !pairs.headless.isEmpty else { return }
    report.notes.append(
      "\(pairs.headless.count) cells lack the first reading that the others have and are left out,"
        + " as a later one is no state to compare with: device \(pairs.report.devices.list(pairs.headless))"
    )
  }

  /// Leaves out groups that do not correlate with their first reading while others do.
  private mutating func dropStrangers(_ pairs: inout RetentionPairs) {
    // Of few cells a correlation says nothing.
    let correlations = pairs.groups.map {
      Set($0.device).count < Self.fewestCorrelated ? .nan : $0.correlation
    }
    let best = correlations.filter(\.isFinite).max() ?? .nan
    for (group, r) in zip(pairs.groups, correlations) where r < Self.poorCorrelation {
      let circumstance =
        (group.temperature.isFinite ? String(format: " at %g °C", group.temperature) : "")
        + (group.time.isFinite ? String(format: ", %g s", group.time) : "")
      report.notes.append(
        String(
          format: "the readings before and after%@ do not correlate (r = %.2f in ln G",
          circumstance, r)
          + String(format: ", the best of the table %.2f)", best)
          + (best > 2 * r ? ": a bad measurement or other cells; left out of the fit" : ""))
    }
    let bad = correlations.map { $0 < Self.poorCorrelation && best > 2 * $0 }
    guard bad.contains(false) else { return }
    pairs.groups = zip(pairs.groups, bad).filter { !$0.1 }.map(\.0)
  }

  private static func label(_ group: RetentionGroup) -> String {
    suffix(group.temperature)
      + (group.time.isFinite ? String(format: "_%g_s", group.time) : "")
  }

  /// Mean change and spread of the cells at one time, as far as their number determines them.
  private mutating func describe(_ group: RetentionGroup) {
    let label = Self.label(group)
    let (n, mean, deviation) = SampleMoments.of(group.changes)
    guard n > 1 else {
      report.statistics.append(("change\(label)", mean))
      return
    }
    report.parameters.append(
      FittedParameter("drift\(label)", meanOf: group.changes, unit: "1"))
    if n >= Double(VarianceComponents.fewestGroups) {
      report.parameters.append(
        FittedParameter("spread\(label)", ofDeviation: deviation, freedom: n - 1, unit: "1"))
    }
    if n >= Double(Self.fewestCorrelated) {
      report.statistics.append(("correlation\(label)", group.correlation))
    }
  }

  /// Of many times keeps some for a summary, evenly in their number, with the first and the last.
  private mutating func hideMostTimes(_ groups: [RetentionGroup]) {
    let several = groups.filter { $0.times.count > 0 }
    guard several.count > Self.shownTimes else { return }
    let shown = Set(
      (0..<Self.shownTimes).map { $0 * (several.count - 1) / (Self.shownTimes - 1) })
    for (index, group) in several.enumerated() where !shown.contains(index) {
      report.members += ["drift", "spread", "correlation", "change"].map {
        "\($0)\(Self.label(group))"
      }
    }
  }

  /// ν of every cell by least squares through its first reading, and the squares that a law leaves.
  private static func slopes(
    _ groups: [RetentionGroup], _ form: RetentionLaw.Form, origin: Double
  ) -> (loss: Double, slopes: [Double]) {
    let isPower = form == .power
    var sums: [Int: (xy: Double, xx: Double)] = [:]
    for group in groups {
      for (index, change) in group.changes.enumerated() {
        let (x, device) = (log1p(group.times[index] / origin), group.device[index])
        let old = sums[device] ?? (0, 0)
        let y = isPower ? -change : 1 - exp(change)
        sums[device] = (old.xy + x * y, old.xx + x * x)
      }
    }
    var loss = 0.0
    for group in groups {
      for (index, change) in group.changes.enumerated() {
        let x = log1p(group.times[index] / origin)
        guard let sum = sums[group.device[index]], sum.xx > 0 else { continue }
        // Both laws are compared in the conductance itself.
        let slope = sum.xy / sum.xx
        let model = isPower ? exp(-slope * x) : 1 - slope * x
        loss += (exp(change) - model) * (exp(change) - model)
      }
    }
    let slopes = sums.sorted { $0.key < $1.key }.compactMap {
      $0.value.xx > 0 ? $0.value.xy / $0.value.xx : nil
    }
    return (loss, slopes)
  }

  /// ν per cell; the law that leaves less.
  private mutating func fitTimes(
    _ groups: [RetentionGroup], celsius: Double, suffix: String, at place: String
  ) throws(Failure) {
    // The origin of the logarithm: the data cannot tell it below its first interval.
    let origin = groups.map(\.time).filter { $0 > 0 }.min() ?? 1
    var best: (form: RetentionLaw.Form, loss: Double, slopes: [Double])?
    for form in RetentionLaw.Form.allCases {
      let (loss, slopes) = Self.slopes(groups, form, origin: origin)
      guard !slopes.isEmpty, slopes.allSatisfy(\.isFinite) else { continue }
      if loss < best?.loss ?? .infinity { best = (form, loss, slopes) }
    }
    guard let best else { return }
    report.model = best.form == .power ? "power law" : "log-time"
    let cells = best.slopes.count
    var mean = FittedParameter("drift_coefficient\(suffix)", meanOf: best.slopes, unit: "1")
    var form = best.form
    if cells == 1 {
      let trace = SingleTrace(groups, origin: origin)
      (form, mean) = (trace.form, trace.coefficient(named: mean.name))
      report.model = form == .power ? "power law" : "log-time"
      report.statistics.append(("residual_lag_1_correlation\(suffix)", trace.lagCorrelation))
      note(trace, suffix: suffix)
    }
    let isSpread = cells >= VarianceComponents.fewestGroups
    let deviation = isSpread ? SampleMoments.of(best.slopes).deviation : 0
    let own = RetentionLaw(
      form: form, drift: mean.value, spread: deviation, origin: origin,
      celsius: hasTemperatures ? celsius : Self.room)
    if law.map({ abs(own.celsius - Self.room) < abs($0.celsius - Self.room) }) ?? true { law = own }
    report.parameters.append(mean)
    if isSpread {
      report.parameters.append(
        FittedParameter(
          "drift_coefficient_spread\(suffix)", ofDeviation: deviation,
          freedom: Double(cells - 1), unit: "1"))
    } else {
      let place = suffix.isEmpty ? "" : String(format: " at %g °C", celsius)
      report.notes.append(
        (cells == 1
          ? "one cell\(place): the coefficient is its own"
          : "two cells\(place): the mean is hardly known")
          + ", and the spread between cells is not determined (three are needed)")
    }
    report.statistics.append(("time_origin\(suffix)_s", origin))
    if isSpread {
      report.notes.append(
        "the spread of the coefficients holds the reading noise of the cells as well")
    }
  }

  /// Correlation of neighbouring residuals from which a law leaves structure.
  private static let structured = 0.5

  /// Says where a law leaves structure, and where a cell drifts with time itself.
  private mutating func note(_ trace: SingleTrace, suffix: String) {
    if trace.lagCorrelation > Self.structured, trace.rate == nil {
      report.notes.append(
        String(
          format:
            "residuals are autocorrelated along the time (lag-1 correlation %.2f): neither law"
            + " of ln(1 + t/t0) describes the trace closely; the interval is widened for it",
          trace.lagCorrelation))
    }
    guard var rate = trace.rate else { return }
    rate.name += suffix
    report.parameters.append(rate)
    report.notes.append(
      String(
        format:
          "the cell drifts in proportion to time, by %.3g ± %.2g of its conductance per second,"
          + " rather than to its logarithm: a law of ln(1 + t/t0) leaves structure",
        -rate.value, (rate.interval.upperBound - rate.interval.lowerBound) / 2))
  }

  /// A mean change in the coordinates of Arrhenius.
  private struct ArrheniusPoint {
    /// 1/kT in 1/eV, ln |mean change| and the standard error of it.
    var x: Double
    var y: Double
    var error: Double
    var freedom: Double
    var isRise: Bool
  }

  /// The means that have an error and are not zero, by rising temperature.
  private static func arrheniusPoints(_ last: [Double: RetentionGroup]) -> [ArrheniusPoint] {
    last.sorted { $0.key < $1.key }.compactMap { celsius, group in
      let (n, mean, deviation) = SampleMoments.of(group.changes)
      let error = deviation / n.squareRoot() / abs(mean)
      guard n > 1, mean != 0, error > 0 else { return nil }
      return ArrheniusPoint(
        x: 1 / (RetentionLaw.boltzmann * (celsius + 273.15)), y: log(abs(mean)), error: error,
        freedom: n - 1, isRise: mean > 0)
    }
  }

  /// ln |mean change| against 1/kT, from the last time of each temperature.
  private mutating func fitArrhenius(_ groups: [RetentionGroup], at place: String) throws(Failure) {
    var last: [Double: RetentionGroup] = [:]
    for group in groups where group.temperature.isFinite {
      if let old = last[group.temperature], old.time >= group.time { continue }
      last[group.temperature] = group
    }
    let times = last.values.map(\.time).filter(\.isFinite)
    if let low = times.min(), let high = times.max(), high > 1.05 * low {
      report.notes.append(
        "temperatures were baked for different times: the activation energy mixes both")
    }
    let points = Self.arrheniusPoints(last)
    var (w, wx, wy, wxx, wxy) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for point in points {
      let weight = 1 / (point.error * point.error)
      w += weight
      wx += weight * point.x
      wy += weight * point.y
      wxx += weight * point.x * point.x
      wxy += weight * point.x * point.y
    }
    guard Set(points.map(\.isRise)).count == 1 else {
      report.notes.append(
        "the mean change has different signs at different temperatures: no Arrhenius law describes"
          + " it and no activation energy is stated")
      return
    }
    let determinant = w * wxx - wx * wx
    guard determinant > 0 else { return }
    let slope = (w * wxy - wx * wy) / determinant
    let intercept = (wy - slope * wx) / w
    let chi = points.reduce(0) { $0 + pow(($1.y - intercept - slope * $1.x) / $1.error, 2) }
    let rest = Double(points.count - 2)
    // Of the mean that is known worst.
    let freedom = points.reduce(.infinity) { min($0, $1.freedom) }
    // Points off the line by more than their errors widen the interval.
    let excess = max(1, chi / max(1, rest))
    report.parameters.append(
      FittedParameter(
        "activation_energy", -slope, unit: "eV",
        standardError: (w / determinant * excess).squareRoot(),
        quantile: StudentT.quantile(
          0.975, degrees: max(1, excess > 1 ? min(rest, freedom) : freedom))))
    law?.activationEnergy = -slope
    report.statistics.append(("arrhenius_reduced_chi2", chi / max(1, rest)))
    if excess > 4 {
      report.notes.append(
        "the changes lie off an Arrhenius line by more than their errors: one activation energy"
          + " does not describe them")
    }
  }
}
