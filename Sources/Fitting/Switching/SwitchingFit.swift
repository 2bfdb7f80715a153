public import Failures
import Foundation

/// `fit switching`: when a pulse switches a device.
///
/// Single pulses give the probability against amplitude and width; repeated SET ramps give
/// thresholds. Either way the spread is parted into devices and cycles as far as the data allows.
public struct SwitchingFit: Sendable {
  public var report: FitReport
  /// Median threshold at the reference width, V.
  public var thresholdMean: Double
  /// Standard deviation of all thresholds, V.
  public var totalSpread: Double
  /// Between devices and from pulse to pulse, V; nil where every device was pulsed once.
  public var spreads: (device: Double, cycle: Double)?
  /// Reference width, s; NaN from ramps.
  public var width: Double
  public var onConductance = Double.nan
  public var offConductance = Double.nan
  public var voltages: ClosedRange<Double>

  /// Reads and fits.
  ///
  /// - Parameters:
  ///   - form: nil compares all by Akaike's criterion.
  ///   - threshold: siemens above which a cell counts as switched; nil finds the valley.
  ///   - width: width in seconds at which the median is stated; nil takes the middle one.
  /// - Throws: ``Failure``: `noInput`, or `badData` when a quantity is missing or the shares of
  ///   switched pulses do not determine a threshold.
  public init(
    _ reader: TableReader, form: SwitchingForm? = nil, threshold: Double? = nil,
    width: Double? = nil
  ) throws(Failure) {
    if try reader.gives(.current) {
      try self.init(ramps: reader)
    } else {
      try self.init(pulses: reader, form, threshold, width)
    }
  }

  private init(
    pulses reader: TableReader, _ form: SwitchingForm?, _ threshold: Double?, _ width: Double?
  ) throws(Failure) {
    let place = reader.files[0]
    let (data, read) = try SwitchingObservations.read(reader, threshold: threshold)
    let widths = Set(data.levels.map(\.width)).filter { $0 > 0 }.sorted()
    let reference = width ?? (widths.isEmpty ? .nan : widths[widths.count / 2])
    func maximum(
      _ form: SwitchingForm
    ) throws(Failure) -> (SwitchingLikelihood, LikelihoodMaximum) {
      let likelihood = SwitchingLikelihood(data, form: form, referenceWidth: reference)
      let start = likelihood.start
      return (
        likelihood,
        try LikelihoodMaximum(from: start.point, steps: start.steps, at: place) {
          likelihood.cost($0)
        }
      )
    }
    let probit = try maximum(.probit)
    var criteria: [(form: SwitchingForm, aic: Double)] = []
    var chosen = (form: SwitchingForm.probit, fit: probit)
    for candidate in SwitchingForm.allCases {
      let fit = candidate == .probit ? probit : try? maximum(candidate)
      guard let fit else { continue }
      let aic = 2 * (Double(fit.1.point.count) + fit.1.cost)
      criteria.append((candidate, aic))
      let isBetter = aic < (criteria.dropLast().map(\.aic).min() ?? .infinity)
      if form == candidate || form == nil && isBetter { chosen = (candidate, fit) }
    }
    let (likelihood, best) = probit
    let index = likelihood.scaleIndex
    thresholdMean = best.point[0]
    let scale = exp(best.point[index])
    spreads = likelihood.isRepeated ? (exp(best.point[index + 1]), scale) : nil
    totalSpread =
      spreads.map { ($0.device * $0.device + $0.cycle * $0.cycle).squareRoot() } ?? scale
    self.width = reference
    (onConductance, offConductance) = (data.onConductance, data.offConductance)
    let amplitudes = data.levels.map(\.voltage)
    voltages = (amplitudes.min() ?? 0)...(amplitudes.max() ?? 0)
    report = FitReport(kind: "switching", model: chosen.form.rawValue)
    // The probit's come first and alone have plain names: they are what the calibration gets.
    report.parameters = Self.parameters(likelihood, best)
    if chosen.form != .probit {
      report.parameters += Self.parameters(chosen.fit.0, chosen.fit.1).map {
        var parameter = $0
        parameter.name = "\(chosen.form.rawValue).\($0.name)"
        return parameter
      }
    }
    report.statistics = [
      ("rows", Double(read.rows)), ("pulses", Double(data.pulses)),
      ("switched", Double(data.switched)), ("excluded", Double(data.excluded)),
      ("devices", Double(data.devices.count)), ("threshold_S", data.threshold),
      ("width_s", reference),
    ].filter { $0.1.isFinite }
    report.statistics += criteria.map { ("aic_\($0.form.rawValue)", $0.aic) }
    note(data, chosen.form)
    report.notes += read.suspicions
    report.figures = [Self.figure(data, likelihood, best.point)]
    report.correlations = best.correlations(likelihood.names)
    addResiduals(likelihood, best.point)
  }

  private init(ramps reader: TableReader) throws(Failure) {
    let place = reader.files[0]
    let ramps = try RampThresholds(reader)
    let all = ramps.groups.flatMap { $0 }
    let parts = try VarianceComponents(ramps.groups, unit: "V", at: place)
    thresholdMean = parts.mean.value
    spreads = (parts.between.value, parts.within.value)
    totalSpread = (pow(parts.between.value, 2) + pow(parts.within.value, 2)).squareRoot()
    width = .nan
    voltages = (all.min() ?? 0)...(all.max() ?? 0)
    report = FitReport(kind: "switching", model: "ramps")
    var mean = parts.mean
    mean.name = "threshold_mean"
    report.parameters = [mean, parts.within, parts.between]
    report.statistics = [
      ("rows", Double(ramps.report.rows)), ("ramps", Double(ramps.ramps)),
      ("thresholds", Double(all.count)), ("excluded", Double(ramps.excluded)),
      ("devices", Double(ramps.groups.count)), ("deviation_of_means_V", parts.deviationOfMeans),
      ("cycle_share", parts.within.value / totalSpread),
    ]
    report.notes = [
      "thresholds of slow ramps, not of pulses: a short pulse needs more voltage",
      "left out: \(ramps.excluded) ramps that conducted from the start or never switched, and"
        + " devices with fewer than \(RampThresholds.fewest) thresholds",
    ]
    report.notes += ramps.report.suspicions
    report.correlations = parts.correlations
    addRamps(ramps.groups)
  }

  private mutating func note(_ data: SwitchingObservations, _ chosen: SwitchingForm) {
    report.notes.append(
      "left out: \(data.excluded) pulses on cells that were not in the high-resistance state")
    if spreads == nil {
      report.notes.append(
        "every device was pulsed too few times: the data does not determine how the spread divides"
          + " between devices and cycles; --cycle-share gives it")
    }
    if chosen != .probit {
      report.notes.append(
        "\(chosen.rawValue) describes the shares; [switching] is a probit model, so its numbers are"
          + " the probit fit's: mean \(Self.short(thresholdMean)) V, total spread"
          + " \(Self.short(totalSpread)) V")
    }
    let partial = data.pooled.filter { $0.switched > 0 && $0.switched < $0.total }
    let amplitudes = Set(partial.map { data.levels[$0.level].voltage })
    if amplitudes.count < 3 {
      report.notes.append(
        "only \(amplitudes.count) amplitudes switch a part of their pulses: the form of the curve"
          + " and its tails are not determined")
    }
  }

  private static func short(_ value: Double) -> String { String(format: "%.4g", value) }

  private static func parameters(
    _ likelihood: SwitchingLikelihood, _ best: LikelihoodMaximum
  ) -> [FittedParameter] {
    likelihood.names.enumerated().map { index, name in
      FittedParameter(
        name, of: best, index, unit: name.hasSuffix("decade") ? "V/decade" : "V",
        isLogarithm: index >= likelihood.scaleIndex)
    }
  }

  private static func figure(
    _ data: SwitchingObservations, _ likelihood: SwitchingLikelihood, _ point: [Double]
  ) -> FitFigure {
    let index = likelihood.scaleIndex
    let device = likelihood.isRepeated ? exp(point[index + 1]) : 0
    let spread = (exp(2 * point[index]) + device * device).squareRoot()
    let slope = likelihood.slope(point)
    let points = data.pooled.filter { $0.total > 0 }.map { count -> (x: Double, y: Double) in
      let level = data.levels[count.level]
      let decades = level.width > 0 ? log10(level.width / likelihood.referenceWidth) : 0
      return (level.voltage - slope * decades, count.switched / count.total)
    }
    let curve = (0...100).map { k -> (x: Double, y: Double) in
      let v = point[0] + spread * (Double(k) / 12.5 - 4)
      let logarithm = SwitchingForm.probit.logarithms(
        voltage: v, median: point[0], scale: spread)
      return (v, exp(logarithm.yes))
    }
    return FitFigure(
      title: "Switching probability", xLabel: "amplitude at the reference width (V)",
      yLabel: "share of pulses", points: points, curve: curve)
  }
}
