public import Failures
import Foundation
import Mathematics

/// `fit noise`: what disturbs a reading, from traces in time.
public struct NoiseFit: Sendable {
  /// A trap found in a trace.
  struct Telegraph: Sendable {
    var capture: FittedParameter
    var emission: FittedParameter
    var interval: Double
    var conductance: Double
    /// Distance of the levels over the noise within them.
    var contrast: Double
  }

  public var report: FitReport
  public var conductance: ClosedRange<Double>
  var telegraph: Telegraph?
  /// Why the traces say nothing of a device; nil when they do.
  var artefact: String?

  /// A line that holds this share of the variance is what the trace consists of.
  private static let dominantShare = 0.2
  /// Levels that far apart, in units of the noise within them, are told apart sample by sample.
  private static let clearContrast = 4.0
  /// Samples that the hidden Markov fit looks at.
  private static let longest = 100_000

  /// Reads and fits.
  ///
  /// - Throws: ``Failure``: `noInput`, or `badData` for traces that are short, constant or out of
  ///   order.
  public init(_ reader: TableReader) throws(Failure) {
    let place = reader.files[0]
    let (traces, read) = try NoiseTrace.read(reader)
    report = FitReport(kind: "noise", model: "white")
    report.statistics = [("rows", Double(read.rows)), ("traces", Double(traces.count))]
    let all = traces.flatMap(\.values).filter { $0 > 0 }
    let (low, high) = (all.min() ?? 1e-9, all.max() ?? 1e-3)
    conductance = low...max(high, low * 1.001)
    var models: Set<String> = []
    for trace in traces {
      let prefix = traces.count > 1 ? "\(trace.name)." : ""
      try add(trace, prefix: prefix, models: &models, at: place)
    }
    report.model = models.isEmpty ? "white" : models.sorted().joined(separator: " + ")
    report.notes += read.suspicions
    if models.contains("1/f") {
      report.notes.append(
        "the calibration format has no 1/f noise of readings: it is reported here only")
    }
  }

  private mutating func add(
    _ trace: NoiseTrace, prefix: String, models: inout Set<String>, at place: String
  ) throws(Failure) {
    let n = Double(trace.values.count)
    let mean = trace.values.reduce(0, +) / n
    let variance = trace.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    let whole = try NoiseSpectrumFit(trace.values, interval: trace.interval, at: place)
    report.statistics += [
      ("\(prefix)mean_S", mean), ("\(prefix)deviation_S", variance.squareRoot()),
      ("\(prefix)interval_s", trace.interval),
    ]
    if trace.isUneven {
      report.notes.append(
        "\(prefix)the samples are not evenly spaced: frequencies hold on average only")
    }
    if trace.clippedShare > 0.005 {
      let share = String(format: "%.1f", 100 * trace.clippedShare)
      report.statistics.append(("\(prefix)clipped_share", trace.clippedShare))
      report.notes.append("\(prefix)\(share) % of the samples are clipped at \(trace.clippedAt) S")
    }
    if let line = whole.line { note(line, trace, prefix, &models) }
    var spectrum = whole
    if whole.line?.share ?? 0 < Self.dominantShare,
      let rest = try findLevels(trace, mean, variance, prefix, &models, at: place)
    {
      spectrum = rest
      report.notes.append(
        "\(prefix)white and 1/f noise are those of the readings less the level they are on")
    }
    report.parameters += [spectrum.white, spectrum.flicker, spectrum.exponent, spectrum.corner]
      .compactMap { $0 }.map { parameter in
        var named = parameter
        named.name = prefix + parameter.name
        return named
      }
    models.insert("white")
    if spectrum.flicker != nil { models.insert("1/f") }
    let density = spectrum.spectrum.density
    report.figures.append(
      FitFigure(
        title: "\(prefix)spectrum", xLabel: "frequency (Hz)", yLabel: "density (S²/Hz)",
        points: density.indices.map { (spectrum.spectrum.frequency($0), density[$0]) },
        curve: density.indices.map {
          let f = spectrum.spectrum.frequency($0)
          let slope = spectrum.exponent?.value ?? 1
          return (f, spectrum.white.value + (spectrum.flicker?.value ?? 0) * pow(f, -slope))
        }, isLogarithmicX: true, isLogarithmicY: true))
    addResiduals(
      spectrum, trace, prefix: prefix, traces: report.statistic("traces").map { Int($0) } ?? 1)
  }

  private mutating func note(
    _ line: NoiseSpectrumFit.Line, _ trace: NoiseTrace, _ prefix: String,
    _ models: inout Set<String>
  ) {
    models.insert("line")
    let period = 1 / (line.frequency * trace.interval)
    report.statistics += [
      ("\(prefix)line_frequency_Hz", line.frequency), ("\(prefix)line_period_samples", period),
      ("\(prefix)line_share", line.share),
    ]
    let text = String(
      format: "a line at %.4g Hz (period %.2f samples) holds %.0f %% of the variance",
      line.frequency, period, 100 * line.share)
    report.notes.append(
      "\(prefix)\(text): an instrument's or the mains', excluded from the noise of the device")
    if line.share >= Self.dominantShare {
      artefact = "\(text): the trace is an instrument's ripple, not a device's noise"
      report.notes.append("\(prefix)the trace is an instrument's ripple, not a device's noise")
    }
  }

  /// Reports the levels of a trace.
  ///
  /// - Returns: the spectrum of what is left, where levels are far enough apart to subtract.
  private mutating func findLevels(
    _ trace: NoiseTrace, _ mean: Double, _ variance: Double, _ prefix: String,
    _ models: inout Set<String>, at place: String
  ) throws(Failure) -> NoiseSpectrumFit? {
    // In units of the spread around the mean, so that tolerances mean something.
    let unit = variance.squareRoot()
    let values = trace.values.prefix(Self.longest).map { ($0 - mean) / unit }
    var best = TelegraphFit(values, levels: 1)
    for number in 2...4 {
      let fit = TelegraphFit(values, levels: number)
      guard fit.bic < best.bic, Self.isTelegraph(fit) else { break }
      best = fit
    }
    report.statistics.append(("\(prefix)telegraph_levels", Double(best.count)))
    guard best.count > 1 else {
      report.notes.append("\(prefix)no telegraph noise: one level describes the trace best")
      return nil
    }
    models.insert("telegraph")
    var rest: NoiseSpectrumFit?
    var excess = 1.0
    if best.contrast > Self.clearContrast {
      let path = best.path(of: trace.values.map { ($0 - mean) / unit }).map { mean + unit * $0 }
      let left = try NoiseSpectrumFit(
        zip(trace.values, path).map { $0 - $1 }, interval: trace.interval, at: place)
      excess = try Self.excess(
        of: left.spectrum, over: unit * best.deviation, where: path, trace.interval)
      rest = left
    } else {
      report.notes.append(
        "\(prefix)the levels overlap: white and 1/f noise hold the trap's own spectrum;"
          + " level_noise is the noise within a level")
    }
    let scale = unit
    for (k, level) in best.levels.enumerated() {
      report.statistics += [
        ("\(prefix)level_\(k)_S", mean + unit * level),
        ("\(prefix)level_\(k)_dwell_s", best.dwell(k) * trace.interval),
        ("\(prefix)level_\(k)_occupation", best.occupation[k]),
      ]
    }
    guard best.count == 2 else {
      report.notes.append(
        "\(prefix)\(best.count) levels: more than one trap; [telegraph] describes one and is not"
          + " written from it")
      return rest
    }
    let errors = best.standardErrors(values)
    func logarithmic(_ name: String, _ value: Double, _ unit: String, _ error: Double)
      -> FittedParameter
    {
      let factor = exp(min(700, 1.96 * error))
      return FittedParameter(
        prefix + name, value, unit: unit, standardError: value * error,
        interval: value / factor...value * factor)
    }
    let emission = logarithmic("emission_time", best.dwell(0) * trace.interval, "s", errors[3])
    let capture = logarithmic("capture_time", best.dwell(1) * trace.interval, "s", errors[4])
    report.parameters += [
      FittedParameter(
        "\(prefix)amplitude", scale * (best.levels[1] - best.levels[0]), unit: "S",
        standardError: scale
          * (excess * (errors[0] * errors[0] + errors[1] * errors[1])).squareRoot()),
      logarithmic("level_noise", scale * best.deviation, "S", errors[2]), capture, emission,
    ]
    if best.contrast > telegraph?.contrast ?? 0 {
      telegraph = Telegraph(
        capture: capture, emission: emission, interval: trace.interval, conductance: mean,
        contrast: best.contrast)
    }
    return rest
  }

  /// Variance of a level's mean over what white noise of a standard deviation would make of it.
  ///
  /// The means are a product of the noise with the path, whose power lies where the trap jumps:
  /// ∫ S(f)·P(f) df over that of white noise.
  private static func excess(
    of rest: PowerSpectrum, over deviation: Double, where path: [Double], _ interval: Double
  ) throws(Failure) -> Double {
    let jumps = try PowerSpectrum(
      of: path, interval: interval, segment: 2 * (rest.density.count + 1))
    let white = 2 * interval * deviation * deviation
    let shared = zip(rest.density, jumps.density).reduce(0) { $0 + $1.0 * $1.1 }
    return max(1, shared / (white * jumps.density.reduce(0, +)))
  }

  /// Levels apart by more than the noise within them, each visited and stayed in: what slow 1/f noise
  /// cut into levels is not.
  private static func isTelegraph(_ fit: TelegraphFit) -> Bool {
    (1..<fit.count).allSatisfy { fit.levels[$0] - fit.levels[$0 - 1] > 2 * fit.deviation }
      && fit.levels.indices.allSatisfy { level in
        let visits = fit.occupation[level] * Double(fit.samples) / fit.dwell(level)
        return fit.dwell(level) > 1.5 && visits >= 5 && fit.occupation[level] > 0.005
      }
  }

  /// Puts the trap into a draft as `[telegraph]`; a filled trap is the lower conductance.
  ///
  /// - Throws: ``Failure`` of kind `badData` when the traces hold nothing of a device to write.
  public func enter(_ draft: inout CalibrationDraft, source: String) throws(Failure) {
    if let artefact {
      throw Failure(
        .badData, at: "fit noise", artefact,
        remedy: "leave out --out to see the report; measure again without the disturbance")
    }
    guard let telegraph else {
      throw Failure(
        .badData, at: "fit noise", "no two-level telegraph noise was found: nothing to write",
        remedy: "leave out --out to see the report")
    }
    func set(_ key: String, _ value: Double, _ unit: String, _ source: String) {
      draft.set("telegraph.\(key)", value, unit: unit, source: source)
    }
    set("capture_time", telegraph.capture.value, "s", source)
    set("emission_time", telegraph.emission.value, "s", source)
    set("sample_interval", telegraph.interval, "s", source)
    set("conductance", telegraph.conductance, "S", source)
    let assumed = CalibrationDraft.assumedSource
    if !draft.contains("telegraph.read_voltage") {
      set("read_voltage", 0.1, "V", "\(assumed): the table does not say")
    }
    if !draft.contains("telegraph.read_time") {
      set("read_time", telegraph.interval / 2, "s", "\(assumed): half the interval")
    }
  }
}
