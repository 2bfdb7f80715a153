package import Failures
package import FitResults
import Foundation
import Mathematics
package import MeasuredTables
import Statistics

/// `fit noise`: what disturbs a reading, from traces in time.
package struct NoiseFit: Sendable {
  /// A trap found in a trace.
  struct Telegraph: Sendable {
    var capture: FittedParameter
    var emission: FittedParameter
    var interval: Double
    var conductance: Double
    /// Distance of the levels over the noise within them.
    var contrast: Double
  }

  package var report: FitReport
  package var conductance: ClosedRange<Double>
  /// One per trace that has one of two levels.
  var traps: [Telegraph] = []
  /// Why the traces say nothing of a device; nil when they do.
  var artefact: String?

  /// Lines that hold this share of the variance are what the trace consists of.
  static let dominantShare = 0.2

  /// Reads and fits.
  ///
  /// - Throws: ``Failure``: `noInput`, or `badData` for traces that are short, constant or out of
  ///   order.
  package init(_ reader: TableReader) throws(Failure) {
    let place = reader.files[0]
    let (traces, leftOut, read) = try NoiseTrace.read(reader)
    report = FitReport(kind: "noise", model: "white")
    report.statistics = [("rows", Double(read.rows)), ("traces", Double(traces.count))]
    let all = traces.flatMap(\.values).filter { $0 > 0 }
    let (low, high) = (all.min() ?? 1e-9, all.max() ?? 1e-3)
    conductance = low...max(high, low * 1.001)
    var models: Set<String> = []
    let prefixes = NoiseTrace.prefixes(traces)
    var own: [[FittedParameter]] = []
    for (trace, prefix) in zip(traces, prefixes) {
      let before = report.parameters.count
      try add(trace, prefix: prefix, models: &models, at: place)
      own.append(
        report.parameters[before...].map {
          var bare = $0
          bare.name = String($0.name.dropFirst(prefix.count))
          return bare
        })
    }
    if traces.count > 1 {
      report.statistics.insert(("telegraph_traces", Double(traps.count)), at: 2)
      report.members = prefixes
      pool(own)
    }
    noteLeftOut(leftOut, of: traces.count + leftOut.count)
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
    let (mean, variance) = Self.moments(trace.values)
    report.statistics += [
      ("\(prefix)mean_S", mean), ("\(prefix)deviation_S", variance.squareRoot()),
      ("\(prefix)interval_s", trace.interval),
    ]
    noteRepairs(trace, prefix)
    var search = try LineSearch(trace.values, interval: trace.interval)
    let whole = try NoiseSpectrumFit(search.rest, interval: trace.interval, at: place)
    let bandShare = (whole.band?.share ?? 0) * Self.moments(search.rest).variance / variance
    var levels: NoiseLevels?
    if bandShare < Self.dominantShare {
      levels = NoiseLevels(search.rest)
      if let first = levels, first.isClear {
        // Between its jumps a trap hides nothing: lines show better beside its levels.
        let path = first.path(of: search.rest)
        let beside = try LineSearch(
          zip(trace.values, path).map { $0 - $1 }, interval: trace.interval)
        if !beside.lines.isEmpty {
          search = beside
          for t in search.rest.indices { search.rest[t] += path[t] }
          levels = NoiseLevels(search.rest)
        }
      }
    }
    let lineShare = search.lines.reduce(0) { $0 + $1.variance } / variance
    // Where lines go on without end, levels are made of what is left of them.
    if lineShare >= Self.dominantShare, search.isExhausted { levels = nil }
    var text = note(search, trace, variance: variance, prefix, &models)
    if let band = whole.band {
      let other = note(band, share: bandShare, trace, prefix, &models)
      if text.isEmpty || bandShare > lineShare { text = other }
    }
    if levels?.fit.count ?? 1 == 1, max(bandShare, lineShare) >= Self.dominantShare {
      artefact = "\(text): the trace is an instrument's ripple, not a device's noise"
      report.notes.append("\(prefix)the trace is an instrument's ripple, not a device's noise")
    }
    var spectrum =
      try search.lines.isEmpty
      ? whole : NoiseSpectrumFit(search.rest, interval: trace.interval, at: place)
    if let levels {
      spectrum = try add(levels, search.rest, trace, prefix, &models, at: place) ?? spectrum
    }
    add(spectrum, prefix, &models)
    addResiduals(
      spectrum, trace, prefix: prefix, traces: report.statistic("traces").map { Int($0) } ?? 1)
  }

  static func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n)
  }

  private mutating func add(
    _ spectrum: NoiseSpectrumFit, _ prefix: String, _ models: inout Set<String>
  ) {
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
  }

  /// The trap of the only trace that has one, or the geometric mean over those that do.
  private func telegraph(
    _ source: String
  ) -> (
    capture: Double, emission: Double, interval: Double, conductance: Double, source: String
  )? {
    guard let clearest = traps.max(by: { $0.contrast < $1.contrast }) else { return nil }
    func pooled(_ name: String) -> Double? { report.parameters.first { $0.name == name }?.value }
    guard traps.count > 1, let capture = pooled("capture_time"),
      let emission = pooled("emission_time")
    else {
      return (
        clearest.capture.value, clearest.emission.value, clearest.interval, clearest.conductance,
        source
      )
    }
    return (
      capture, emission, clearest.interval, clearest.conductance,
      "\(source): geometric mean over \(traps.count) traces"
    )
  }

  /// Puts the trap into a draft as `[telegraph]`; a filled trap is the lower conductance.
  ///
  /// - Throws: ``Failure`` of kind `badData` when the traces hold nothing of a device to write.
  package func enter(_ draft: inout CalibrationDraft, source: String) throws(Failure) {
    if let artefact {
      throw Failure(
        .badData, at: "fit noise", artefact,
        remedy: "leave out --out to see the report; measure again without the disturbance")
    }
    guard let telegraph = telegraph(source) else {
      throw Failure(
        .badData, at: "fit noise", "no two-level telegraph noise was found: nothing to write",
        remedy: "leave out --out to see the report")
    }
    func set(_ key: String, _ value: Double, _ unit: String, _ source: String) {
      draft.set("telegraph.\(key)", value, unit: unit, source: source)
    }
    set("capture_time", telegraph.capture, "s", telegraph.source)
    set("emission_time", telegraph.emission, "s", telegraph.source)
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
