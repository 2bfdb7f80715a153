import Failures
import Files
import FitResults
import Foundation
import MeasuredTables
import StaticFits
import Statistics

extension SwitchingFit {
  /// The probability that a pulse switches: SET, RESET, or both.
  init(
    pulses reader: TableReader, _ form: SwitchingForm?, _ threshold: Double?, _ width: Double?
  ) throws(Failure) {
    let place = reader.files[0]
    let pulses = try SwitchingPulses(reader, threshold: threshold)
    report = FitReport(kind: "switching", model: "")
    report.statistics = [("rows", Double(pulses.report.rows)), ("threshold_S", pulses.threshold)]
    let names = pulses.report.devices
    let isNamed = pulses.report.quantities.contains(.device)
    // A table of RESET pulses alone; an empty one is told as one without SET pulses.
    if pulses.reset.isEmpty || !pulses.set.isEmpty {
      var data = try SwitchingObservations(
        pulses.set, .set, threshold: pulses.threshold, at: place)
      data.namesDevices = isNamed
      let curve = try SwitchingCurve(data, form: form, width: width, at: place)
      enter(curve, names)
      enterSet(curve)
    }
    if !pulses.reset.isEmpty {
      do {
        var data = try SwitchingObservations(
          pulses.reset, .reset, threshold: pulses.threshold, at: place)
        data.namesDevices = isNamed
        let curve = try SwitchingCurve(data, form: form, width: width, at: place)
        enter(curve, names)
        if pulses.set.isEmpty {
          (onConductance, offConductance) = (data.onConductance, data.offConductance)
        }
      } catch {
        guard !pulses.set.isEmpty else { throw error }
        report.notes.append(
          "\(pulses.reset.count) RESET pulses do not determine a threshold: \(error.cause)")
      }
    }
    report.statistics.removeAll { !$0.value.isFinite }
    report.leftOut.append(
      LeftOut(
        "without an amplitude, or read at 0 V", "rows", count: pulses.unpulsed,
        of: pulses.report.rows, isLoss: false))
    report.leftOut.append(
      LeftOut(
        "named as forming, reading or checking", "rows", count: pulses.apart,
        of: pulses.report.rows, isLoss: false))
    report.add(pulses.report)
  }

  /// What [switching] gets.
  private mutating func enterSet(_ curve: SwitchingCurve) {
    let (likelihood, best) = curve.probit
    thresholdMean = best.point[0]
    func spread(_ name: String) -> Double {
      report.parameters.first { $0.name == name }?.value ?? .nan
    }
    spreads = likelihood.isRepeated ? (spread("device_spread"), spread("cycle_spread")) : nil
    totalSpread = spreads.map { hypot($0.device, $0.cycle) } ?? spread("total_spread")
    cycleSpread = spread("cycle_spread")
    width = curve.referenceWidth
    (onConductance, offConductance) = (curve.data.onConductance, curve.data.offConductance)
    let amplitudes = curve.data.levels.map(\.voltage)
    voltages = (amplitudes.min() ?? 0)...(amplitudes.max() ?? 0)
    if curve.data.isOneDevice {
      report.notes.append(
        "one device: the threshold is its own, and the spread between devices is not determined"
          + " (three devices are needed); --cycle-share gives it")
    } else if curve.data.isTwoDevices {
      report.notes.append(
        "two devices: their mean is hardly known, and how the spread divides between devices and"
          + " cycles is not determined (three devices are needed)")
    } else if spreads == nil {
      report.notes.append(
        "every device was pulsed too few times: the data does not determine how the spread divides"
          + " between devices and cycles; --cycle-share gives it")
    }
    if curve.chosen.form != .probit {
      report.notes.append(
        "\(curve.chosen.form.rawValue) describes the shares; [switching] is a probit model, so its"
          + " numbers are the probit fit's: mean \(NumberText.short(thresholdMean)) V, total spread"
          + " \(NumberText.short(totalSpread)) V")
    }
  }

  /// Parameters, statistics, notes and figure of one kind of pulse.
  private mutating func enter(_ curve: SwitchingCurve, _ names: LabelPool) {
    let (data, isSet) = (curve.data, curve.data.polarity == .set)
    let prefix = isSet ? "" : Self.resetPrefix
    let isFirst = report.model.isEmpty
    if isFirst { report.model = curve.chosen.form.rawValue }
    // The probit's come first and alone have plain names: they are what the calibration gets.
    report.parameters += curve.probit.likelihood.parameters(
      curve.probit.maximum, prefix: prefix)
    if curve.chosen.form != .probit {
      report.parameters += curve.chosen.fit.likelihood.parameters(
        curve.chosen.fit.maximum, prefix: "\(curve.chosen.form.rawValue).\(prefix)")
    }
    report.statistics += [
      ("\(prefix)pulses", Double(data.pulses)), ("\(prefix)switched", Double(data.switched)),
      ("\(prefix)excluded", Double(data.excluded)),
      ("\(prefix)devices", Double(data.devices.count)),
      ("\(prefix)width_s", curve.referenceWidth),
    ]
    report.statistics += criteria(curve, prefix)
    note(curve, names)
    report.figures.append(
      Self.figure(curve, isSet ? "Switching probability" : "Probability of RESET"))
    let (likelihood, maximum) = curve.probit
    report.correlations += maximum.correlations(likelihood.names.map { prefix + $0 })
    if isFirst { addResiduals(likelihood, maximum.point) }
  }

  private func criteria(_ curve: SwitchingCurve, _ prefix: String) -> [(
    name: String, value: Double
  )] {
    curve.criteria.map { ("\(prefix)aic_\($0.form.rawValue)", $0.aic) }
  }

  private mutating func note(_ curve: SwitchingCurve, _ names: LabelPool) {
    let data = curve.data
    let kind = data.polarity == .set ? "pulses" : "RESET pulses"
    let operation = data.polarity == .set ? "SET" : "RESET"
    report.leftOut.append(
      LeftOut(
        "on cells that were not in the \(data.stateName) state", "\(operation) pulses",
        count: data.excluded, of: data.excluded + data.pulses, isLoss: false))
    let all =
      data.devices.count + data.unusable.count + curve.stuck.never.count
      + curve.stuck.always.count
    report.leftOut += [
      LeftOut(
        "never in the \(data.stateName) state before a pulse", "devices with \(operation) pulses",
        count: data.unusable.count, of: all),
      LeftOut(
        "never or always switched, far from the others", "devices with \(operation) pulses",
        count: curve.stuck.never.count + curve.stuck.always.count, of: all),
    ]
    if data.isRepeated, !data.unusable.isEmpty {
      report.notes.append(
        "never in the \(data.stateName) state before a pulse: device"
          + " \(names.list(data.unusable))")
    }
    for (devices, word) in [(curve.stuck.never, "never"), (curve.stuck.always, "always")]
    where !devices.isEmpty {
      report.notes.append(
        "\(devices.count == 1 ? "one device" : "\(devices.count) devices") \(word)"
          + " switched at amplitudes around the others' thresholds, which a population like theirs"
          + " would hardly hold: left out, device \(names.list(devices))")
    }
    noteLapses(curve, names)
    let partial = data.pooled.filter { $0.switched > 0 && $0.switched < $0.total }
    let amplitudes = Set(partial.map { data.levels[$0.level].voltage })
    if amplitudes.count < 3 {
      report.notes.append(
        "only \(amplitudes.count) amplitudes switch a part of their \(kind): the form of the curve"
          + " and its tails are not determined")
    }
    if Set(data.levels.map(\.voltage)).count < 2 {
      report.notes.append(
        "all \(kind) have one amplitude: a threshold and its spread are not determined")
    }
  }

  private mutating func noteLapses(_ curve: SwitchingCurve, _ names: LabelPool) {
    let (likelihood, maximum) = curve.probit
    guard likelihood.hasLapses else { return }
    let rate = String(format: "%.2g", 100 * likelihood.lapseRate(maximum.point))
    let found = likelihood.lapses(at: maximum.point, above: 0.99)
    let words = found.prefix(12).map { lapse in
      let voltage = NumberText.short(curve.data.levels[lapse.level].voltage)
      let device = names.name(curve.data.labels[lapse.device])
      return "device \(device) \(lapse.isSwitched ? "switched" : "did not switch") at \(voltage) V"
        + (lapse.count > 1 ? " \(Int(lapse.count)) times" : "")
    }
    report.notes.append(
      "\(rate) % of the outcomes are lapses, on either side, that no threshold describes; they are"
        + " fitted as lapse_rate and do not widen the spread"
        + (words.isEmpty
          ? "" : ": \(words.joined(separator: "; "))\(found.count > words.count ? "; …" : "")"))
  }

  private static func figure(
    _ curve: SwitchingCurve, _ title: String
  ) -> FitFigure {
    let (data, likelihood) = (curve.data, curve.probit.likelihood)
    let point = curve.probit.maximum.point
    let index = likelihood.scaleIndex
    let device = likelihood.isRepeated ? exp(point[index + 1]) : 0
    let spread = (exp(2 * point[index]) + device * device).squareRoot()
    let slope = likelihood.slope(point)
    let points = data.pooled.filter { $0.total > 0 }.map { count -> (x: Double, y: Double) in
      let level = data.levels[count.level]
      let decades = level.width > 0 ? log10(level.width / likelihood.referenceWidth) : 0
      return (level.voltage - slope * decades, count.switched / count.total)
    }
    let line = (0...100).map { k -> (x: Double, y: Double) in
      let v = point[0] + spread * (Double(k) / 12.5 - 4)
      let logarithm = SwitchingForm.probit.logarithms(
        voltage: v, median: point[0], scale: spread)
      return (v, exp(logarithm.yes))
    }
    return FitFigure(
      title: title, xLabel: "amplitude at the reference width (V)",
      yLabel: "share of pulses", points: points, curve: line)
  }
}
