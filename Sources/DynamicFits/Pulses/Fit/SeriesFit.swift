import Devices
package import Failures
package import FitResults
import Foundation
import Mathematics
package import MeasuredTables

/// `fit pulses` on runs of equal pulses: one step form per device, the population from them.
package struct SeriesFit: Sendable {
  /// What the table may lack and the user gives; written with the source `assumed`.
  package struct Given: Sendable {
    /// Conductances in siemens that the lowest and highest reading stand for.
    package var conductance: ClosedRange<Double>?
    package var setVoltage: Double?
    package var resetVoltage: Double?
    package var width: Double?

    package init(
      conductance: ClosedRange<Double>? = nil, setVoltage: Double? = nil,
      resetVoltage: Double? = nil, width: Double? = nil
    ) {
      self.conductance = conductance
      self.setVoltage = setVoltage
      self.resetVoltage = resetVoltage
      self.width = width
    }
  }

  package var report: FitReport
  package var model: SteppedResponse
  package var form: StepForm
  package var cycleToCycle: Double
  /// Measured conductances, S.
  package var conductance: ClosedRange<Double>
  var set: Pulse
  var reset: Pulse
  /// Quantities that were given, not measured.
  var assumed: [String]

  /// Reads and fits.
  ///
  /// - Parameter form: nil takes the form that predicts devices left out best.
  /// - Throws: ``Failure``: `noInput`, or `badData` when a quantity is missing, a run is stored
  ///   backwards, or no device can be fitted.
  package init(_ reader: TableReader, form: StepForm?, given: Given) throws(Failure) {
    let place = reader.files[0]
    var series = try PulseSeries(reader)
    var assumed: [String] = []
    func pulse(_ name: String, _ voltage: Double, _ width: Double, _ fallback: Double?)
      throws(Failure) -> Pulse
    {
      var (voltage, width) = (voltage, width)
      if voltage.isNaN, let fallback { (voltage, assumed) = (fallback, assumed + [name]) }
      if width.isNaN, let fallback = given.width {
        (width, assumed) = (fallback, assumed + ["\(name) width"])
      }
      guard voltage.isFinite, width > 0 else {
        throw Failure(
          .badData, at: place, "the table gives no amplitude and width of \(name) pulses",
          remedy: "pass --set-voltage, --reset-voltage and --width; they are marked as assumed")
      }
      return Pulse(voltage: voltage, width: width)
    }
    set = try pulse("SET", series.setVoltage, series.setWidth, given.setVoltage)
    reset = try pulse("RESET", series.resetVoltage, series.resetWidth, given.resetVoltage)
    if let range = given.conductance {
      series.map(to: range)
      assumed.append("conductance")
    }
    guard series.runs.allSatisfy({ $0.conductance.allSatisfy { $0 > 0 } }) else {
      throw Failure(
        .badData, at: place, "some conductances are not positive: they have no unit of siemens",
        remedy: "pass --conductance-range LO:HI in siemens; it is marked as assumed")
    }
    self.assumed = assumed
    let population = try SeriesPopulation(series, form: form, at: place)
    self.form = population.form
    model = population.model(threshold: Self.threshold(set, reset))
    cycleToCycle = population.noise.cycleToCycle
    conductance = population.range
    report = population.report(series)
    if !assumed.isEmpty {
      report.notes.append("assumed, not measured: \(assumed.joined(separator: ", "))")
    }
  }
}

extension SeriesFit {
  /// The weakest amplitude that is taken to act: nothing was measured below the pulses themselves.
  private static func threshold(_ set: Pulse, _ reset: Pulse) -> Double {
    min(abs(set.voltage), abs(reset.voltage)) * 0.75
  }
}

extension PulseSeries {
  /// Maps readings in arbitrary units so that the mean curves span a range of siemens.
  mutating func map(to range: ClosedRange<Double>) {
    // Single readings are noisy: the ends are those of the bulk.
    let bulk = SortedSample(runs.flatMap(\.conductance)).ends(settingAside: 50)
    guard let (low, high) = bulk else { return }
    let scale = (range.upperBound - range.lowerBound) / max(high - low, 1e-300)
    for at in runs.indices {
      runs[at].conductance = runs[at].conductance.map {
        max(range.lowerBound * 0.1, range.lowerBound + scale * ($0 - low))
      }
    }
  }
}

extension SeriesFit {
  /// Puts the fit into a draft: the response, its limits and the variation.
  package func enter(_ draft: inout CalibrationDraft, source: String) {
    draft.removeSection("pulses")
    draft.set("pulses.model", word: form.rawValue)
    let isGiven = assumed.contains("conductance")
    let siemens = isGiven ? "\(CalibrationDraft.assumedSource) range of siemens; \(source)" : source
    switch model {
    case .shaped(let response): enter(response, &draft, source: source, siemens: siemens)
    case .piecewise(let response): enter(response, &draft, source: source, siemens: siemens)
    }
    draft.set(
      "pulses.threshold", Self.threshold(set, reset), unit: "V",
      source: "\(CalibrationDraft.assumedSource): three quarters of the weaker pulse")
    draft.set("variation.pulse_deviation", word: "independent")
    draft.set("variation.cycle_to_cycle", cycleToCycle, unit: "1", source: source, range: 0...1000)
    let range = [conductance.lowerBound, conductance.upperBound]
    draft.set("limits.conductance", range, unit: "S", source: siemens, range: 1e-15...10)
    draft.set(
      "limits.static_conductance_warning", range[1], unit: "S", source: siemens, range: 1e-15...10)
    draft.set(
      "operation.conductance_bounds", range, unit: "S", source: "choice: all of limits.conductance")
    draft.set("operation.window", range, unit: "S", source: "choice: all of limits.conductance")
    let given = assumed.contains { $0 != "conductance" }
    let origin = given ? "\(CalibrationDraft.assumedSource): given" : source
    draft.setPulseLimits(
      set: set.voltage...set.voltage, reset: reset.voltage...reset.voltage,
      width: min(set.width, reset.width)...max(set.width, reset.width), source: origin)
    draft.set("operation.set_width", set.width, unit: "s", source: origin, range: 0...1e6)
    draft.set("operation.reset_width", reset.width, unit: "s", source: origin, range: 0...1e6)
  }

  private func enter(
    _ response: SoftBoundsResponse, _ draft: inout CalibrationDraft, source: String,
    siemens: String
  ) {
    let bounds = [response.bounds.lowerBound, response.bounds.upperBound]
    draft.set("pulses.bounds", bounds, unit: "S", source: siemens)
    for (name, branch) in [("set", response.set), ("reset", response.reset)] {
      draft.set("pulses.\(name)_step", branch.step, unit: "S", source: siemens)
      draft.set("pulses.\(name)_spread", branch.spread, unit: "1", source: source)
      if form == .power {
        draft.set("pulses.\(name)_exponent", branch.exponent, unit: "1", source: source)
      }
    }
  }

  private func enter(
    _ response: PiecewiseResponse, _ draft: inout CalibrationDraft, source: String,
    siemens: String
  ) {
    draft.set("pulses.nodes", response.nodes, unit: "S", source: siemens)
    draft.set("pulses.set_steps", response.setSteps, unit: "S", source: siemens)
    draft.set("pulses.reset_steps", response.resetSteps, unit: "S", source: siemens)
    draft.set("pulses.set_spread", response.spreads.set, unit: "1", source: source)
    draft.set("pulses.reset_spread", response.spreads.reset, unit: "1", source: source)
  }
}
