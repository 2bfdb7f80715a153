package import Devices
package import Failures
package import FitResults
import Foundation
package import Mathematics
package import MeasuredTables

/// `fit pulses` on single pulses of many amplitudes and widths: the Nili form by conductance bins.
package struct PulseFit: Sendable {
  package var report: FitReport
  package var model: NiliPulseResponse
  package var variation: Variation
  /// Ranges of the measured pulses; S, V, V, s.
  package var conductance: ClosedRange<Double>
  package var setVoltage: ClosedRange<Double>
  package var resetVoltage: ClosedRange<Double>
  package var width: ClosedRange<Double>

  /// Quarter decades over the measured range, rounded as the paper's are.
  static func edges(covering range: ClosedRange<Double>) -> [Double] {
    // A hundredth of a decade beyond a border is noise of a reading, not a bin.
    let first = Int(clamping: 4 * log10(range.lowerBound) + 0.04, rule: .down, to: -1300...1300)
    let last = Int(
      clamping: 4 * log10(range.upperBound) - 0.04, rule: .up, to: first + 1...first + 1300)
    return (first...last).map { quarter in
      let value = pow(10, Double(quarter) / 4)
      let unit = pow(10, (log10(value) - 2).rounded(.down))
      return (value / unit).rounded() * unit
    }
  }

  /// Reads and fits.
  ///
  /// - Throws: ``Failure``: `noInput`, or `badData` when the table does not determine a response.
  package init(_ reader: TableReader, workers: Workers) throws(Failure) {
    let place = reader.files[0]
    let (pulses, read) = try PulseObservations.read(reader)
    guard let lowest = pulses.before.min(), let highest = pulses.before.max(), lowest < highest
    else { throw Failure(.badData, at: place, "conductance is the same before every pulse") }
    guard pulses.step.contains(where: { $0 != 0 }) else {
      throw Failure(
        .badData, at: place, "no pulse changes the conductance",
        remedy: "are these the columns before and after, and the pulses strong enough?")
    }
    let edges = Self.edges(covering: lowest...highest)
    let set = try NiliPulseFit(pulses, isSet: true, edges: edges, workers: workers, at: place)
    let reset = try NiliPulseFit(pulses, isSet: false, edges: edges, workers: workers, at: place)
    // One number per device for both polarities shows as a correlation; its sign is a convention.
    let correlation = Self.correlation(set.deviations, reset.deviations)
    let isShared = abs(correlation) > 0.8
    let sign: Double = isShared && correlation < 0 ? -1 : 1
    model = NiliPulseResponse(
      form: .figure, binEdges: edges, set: set.branch(sign: 1), reset: reset.branch(sign: sign))
    variation = Variation(
      sharesPulseDeviation: isShared,
      cycleToCycle: max(set.noise.relative, reset.noise.relative) < NiliPulseFit.leastRelative
        ? 0 : (set.noise.relative + reset.noise.relative) / 2)
    conductance = max(lowest, edges[0])...min(highest, edges[edges.count - 1])
    let widths = pulses.logarithm.map { $0 }
    width = pow(10, (widths.min() ?? 0) - 9)...pow(10, (widths.max() ?? 0) - 9)
    setVoltage = Self.range(pulses.voltage.filter { $0 > 0 })
    resetVoltage = Self.range(pulses.voltage.filter { $0 < 0 })
    report = FitReport(kind: "pulses", model: "nili-bins")
    report.parameters = set.parameters(sign: 1) + reset.parameters(sign: sign)
    report.correlations = set.correlations + reset.correlations
    describe(set, reset, read, correlation: correlation)
    addResiduals(set, reset)
  }

  private static func range(_ values: [Double]) -> ClosedRange<Double> {
    (values.min() ?? 0)...(values.max() ?? 0)
  }

  static func correlation(_ a: [Double], _ b: [Double]) -> Double {
    let n = Double(a.count)
    let (meanA, meanB) = (a.reduce(0, +) / n, b.reduce(0, +) / n)
    var (ab, aa, bb) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      ab += (x - meanA) * (y - meanB)
      aa += (x - meanA) * (x - meanA)
      bb += (y - meanB) * (y - meanB)
    }
    return aa > 0 && bb > 0 ? ab / (aa * bb).squareRoot() : 0
  }

  private mutating func describe(
    _ set: NiliPulseFit, _ reset: NiliPulseFit, _ read: ReadReport, correlation: Double
  ) {
    report.statistics = [
      ("rows", Double(read.rows)), ("devices", Double(set.deviations.count)),
      ("set_pulses", Double(set.pulses)), ("reset_pulses", Double(reset.pulses)),
      ("set_cycle_to_cycle", set.noise.relative), ("reset_cycle_to_cycle", reset.noise.relative),
      ("set_reset_correlation", correlation),
    ]
    report.notes.append(
      "devices are random effects: a mean over \(set.deviations.count) devices cannot come closer to"
        + " the population's than its spread / √\(set.deviations.count)")
    report.notes.append(
      "the amplitudes are too close to tell the five terms of the spread apart: d0 to d4 hold"
        + " together, not one by one")
    for (name, fit) in [("SET", set), ("RESET", reset)] {
      let empty = fit.bins.indices.filter { fit.bins[$0] == nil }
      if !empty.isEmpty {
        report.notes.append(
          "\(name): too few pulses in bins \(empty.map { "\($0)" }.joined(separator: ", ")); they"
            + " take their neighbour's coefficients")
      }
      if fit.setAside > 0 {
        report.notes.append(
          "\(name): \(fit.setAside) pulses of devices that hardly move in that state set aside")
      }
    }
    let open = report.undetermined
    if !open.isEmpty {
      report.notes.append(
        "95 % interval wider than 20 % of the value: \(open.joined(separator: ", ")); saturation and"
          + " amplitude trade off; steps within the measured range are closer")
    }
    report.notes += read.suspicions.map { "look: \($0)" }
  }
}

extension PulseFit {
  /// Puts the fit into a draft: the response, its limits and the variation.
  package func enter(_ draft: inout CalibrationDraft, source: String) {
    draft.removeSection("pulses")
    draft.set("pulses.model", word: "nili-bins")
    draft.set("pulses.form", word: model.form.rawValue)
    draft.set("pulses.bin_edges", model.binEdges, unit: "S", source: "choice: quarter decades")
    let stepUnits = ["S", "1", "1", "V^-1", "1"]
    let spreadUnits = ["1", "1", "V^-1", "V^-2", "V^-3"]
    for (name, branch) in [("set", model.set), ("reset", model.reset)] {
      for k in 0..<5 {
        draft.set(
          "pulses.\(name).c\(k)", branch.bins.map { $0.c[k] }, unit: stepUnits[k], source: source)
        draft.set(
          "pulses.\(name).d\(k)", branch.bins.map { $0.d?[k] ?? 0 }, unit: spreadUnits[k],
          source: source)
      }
      if let bounds = branch.spreadBounds {
        draft.set(
          "pulses.\(name).spread_bounds", [bounds.lowerBound, bounds.upperBound], unit: "1",
          source: source)
      }
    }
    draft.set(
      "variation.pulse_deviation", word: variation.sharesPulseDeviation ? "shared" : "independent")
    draft.set(
      "variation.cycle_to_cycle", variation.cycleToCycle, unit: "1", source: source, range: 0...10)
    let range = [conductance.lowerBound, conductance.upperBound]
    draft.set("limits.conductance", range, unit: "S", source: source, range: 1e-15...10)
    draft.set(
      "operation.conductance_bounds", range, unit: "S", source: "choice: all of limits.conductance")
    draft.set("operation.window", range, unit: "S", source: "choice: all of limits.conductance")
    draft.set("operation.response", word: "interpolated")
    draft.setPulseLimits(set: setVoltage, reset: resetVoltage, width: width, source: source)
  }
}
