package import Failures
import Files
package import FitResults
import Foundation
import Mathematics
package import NodalAnalysis
import Statistics

/// `fit wires`: line and contact resistances from an array's read-out.
package struct WireFit: Sendable {
  /// What is known of the measurement.
  package struct Given: Sendable {
    package var drive = ArrayWires.Drive.single
    /// Noise of a current relative to it and at zero: how readings are weighted against each other.
    package var noise = 1e-3
    package var floor = 1e-10
    /// Contact at both kinds of line ends in ohms, where it is known.
    package var lineEnd: Double?

    package init() {}
  }

  package internal(set) var report: FitReport
  package let readout: WireReadout
  private let given: Given
  /// Readings set aside.
  package private(set) var outliers: [Int] = []
  /// Range of the devices' conductances in siemens.
  package let conductance: ClosedRange<Double>
  /// Largest voltage of the read-out.
  package let voltage: Double

  /// Fits segment, ends and, where devices are not known, their common conductance.
  ///
  /// - Throws: ``Failure`` of kind `badData` for too few readings, zero currents, constant data, or
  ///   a fit that does not converge.
  package init(_ readout: WireReadout, given: Given = Given(), at place: String) throws(Failure) {
    self.readout = readout
    self.given = given
    voltage = readout.readings.reduce(0) { max($0, abs($1.voltage)) }
    let model = WireModel(
      readout, drive: given.drive, noise: given.noise, floor: given.floor)
    guard readout.readings.count > 2 * model.parameterCount else {
      throw Failure(
        .badData, at: place,
        "\(readout.readings.count) readings are too few for \(model.parameterCount) parameters",
        remedy: "read the whole array, one word line at a time")
    }
    let ratios = readout.readings.map { $0.current / $0.voltage }
    guard let least = ratios.min(), let most = ratios.max(), least < most else {
      throw Failure(
        .badData, at: place, "all readings are equal: they show no wires",
        remedy: "wires show as a fall of current along the lines")
    }
    let (fit, residuals, apart) = try Self.trimmed(model, at: place)
    if let known = readout.conductances {
      let positive = known.filter { $0 > 0 }
      let low = positive.min() ?? 1e-6
      conductance = low...max(low * 1.001, positive.max() ?? 1e-6)
    } else {
      conductance = exp(fit.parameters[3]) * 0.999...exp(fit.parameters[3]) * 1.001
    }
    report = FitReport(
      kind: "wires", model: readout.conductances == nil ? "devices alike" : "devices known")
    enterParameters(fit)
    outliers = apart
    enterStatistics(fit)
    enterNotes(fit)
    enterFigures(residuals, model.currents(fit.parameters))
    addTrust(fit, residuals, model.currents(fit.parameters))
  }

  /// Robust standard deviations beyond which a reading is set aside and named.
  static let trim = 5.0

  /// Least squares without the readings that lie apart, until the same ones do.
  ///
  /// - Returns: the fit, and the residuals of all readings over their stated noise.
  private static func trimmed(
    _ model: WireModel, at place: String
  ) throws(Failure) -> (LeastSquaresFit, residuals: [Double], outliers: [Int]) {
    var model = model
    let start = try model.start(at: place)
    model.centre = start
    for _ in 0..<6 {
      let fit = try converged(model, from: start, at: place)
      let predicted = model.currents(fit.parameters)
      let readings = model.readout.readings
      let residuals = readings.indices.map {
        (predicted[$0] - readings[$0].current) / model.deviations[$0]
      }
      let limit = trim * (residuals.medianDeviation() ?? 0)
      let used = residuals.indices.filter { abs(residuals[$0]) <= limit }
      if used == model.used || limit == 0 {
        return (fit, residuals, residuals.indices.filter { abs(residuals[$0]) > limit })
      }
      model.used = used
    }
    throw Failure(
      .badData, at: place, "outliers do not settle: the readings do not suit wires of one kind",
      remedy: "look at `fit inspect`; conductances that are not what the table says look like this")
  }

  private static func converged(
    _ model: WireModel, from start: [Double], at place: String
  ) throws(Failure) -> LeastSquaresFit {
    do { return try LeastSquares.fit(model, start: start, at: place) } catch {
      guard model.readout.conductances == nil else { throw error }
      throw Failure(
        .badData, at: place,
        "the data does not determine the ends: a larger conductance behind larger ends reads the"
          + " same",
        remedy: "give the devices' conductances in the table, or their common one by --conductance")
    }
  }

  private mutating func enterParameters(_ fit: LeastSquaresFit) {
    let errors = fit.standardErrors
    for (k, name) in ["segment", "word_end", "bit_end"].enumerated() {
      report.parameters.append(
        MapFit.positive(name, exp(fit.parameters[k]), "ohm", logError: errors[k]))
    }
    let (word, bit) = (exp(fit.parameters[1]), exp(fit.parameters[2]))
    let n = fit.parameterCount
    let variance =
      word * word * fit.covariance[n + 1] + bit * bit * fit.covariance[2 * n + 2]
      + 2 * word * bit * fit.covariance[n + 2]
    report.parameters.append(
      MapFit.positive(
        "sum_of_ends", word + bit, "ohm", logError: max(0, variance).squareRoot() / (word + bit)))
    if n > 3 {
      report.parameters.append(
        MapFit.positive("conductance", exp(fit.parameters[3]), "S", logError: errors[3]))
    }
  }

  private mutating func enterStatistics(_ fit: LeastSquaresFit) {
    let currents = readout.readings.map(\.current)
    let mean = currents.reduce(0, +) / Double(currents.count)
    report.statistics = [
      ("rows", Double(readout.rows)), ("columns", Double(readout.columns)),
      ("readings", Double(currents.count)), ("outliers", Double(outliers.count)),
      ("residual_over_stated_noise", fit.scale), ("mean_current_A", mean),
      ("correlation_of_ends", fit.correlation(1, 2)),
    ]
  }

  private mutating func enterNotes(_ fit: LeastSquaresFit) {
    report.notes = [
      "contact and source, and contact and sense amplifier, lie in series: only their sums,"
        + " word_end and bit_end, are determined",
      "devices count as linear: read well below the voltage where they are not",
    ]
    let open = Set(report.undetermined)
    for name in ["segment", "word_end", "bit_end", "conductance"] where open.contains(name) {
      report.notes.append("the data does not determine \(name) (to 20 %)")
    }
    if !open.contains("sum_of_ends"), open.contains("word_end") || open.contains("bit_end") {
      report.notes.append("of word_end and bit_end only the sum is determined")
    }
    if readout.conductances == nil, !open.isDisjoint(with: ["word_end", "conductance"]) {
      report.notes.append(
        "with devices alike and unknown, a larger conductance behind larger ends reads the same:"
          + " give conductances in the table; intervals are those of a prior two decades wide")
    }
    if fit.scale > 3 {
      report.notes.append(
        "residuals are \(NumberText.short(fit.scale)) times the stated noise: devices differ from"
          + " what is known of them, or wires differ from each other")
    }
    if !outliers.isEmpty {
      let places = outliers.prefix(12).map { index in
        let reading = readout.readings[index]
        return "(\(reading.row.map { "\($0)" } ?? "all"),\(reading.column))"
      }
      report.notes.append(
        "\(outliers.count) readings set aside as outliers, row and column:"
          + " \(places.joined(separator: " "))\(outliers.count > 12 ? " …" : "")")
    }
  }

  private mutating func enterFigures(_ residuals: [Double], _ predicted: [Double]) {
    let measured = readout.readings.map(\.current)
    let ends = [predicted.min(), predicted.max()].compactMap { $0 }
    report.figures = [
      FitFigure(
        title: "Measured and fitted currents", xLabel: "fitted current (A)",
        yLabel: "measured current (A)",
        points: FitFigure.thinned(zip(predicted, measured).map { ($0, $1) }),
        curve: ends.map { ($0, $0) }),
      .residuals(
        zip(readout.readings, residuals).map { (Double($0.column), -$1) }, xLabel: "column",
        yLabel: "residual / stated noise"),
    ]
  }

  /// Puts a set of wires into a draft.
  ///
  /// What the two ends have in common counts as contact, the rest as source or sense amplifier,
  /// unless the contact is known.
  ///
  /// - Throws: ``Failure`` of kind `badData` when the data determines none of the resistances.
  package func enter(
    _ draft: inout CalibrationDraft, name: String, source: String
  ) throws(Failure) {
    func parameter(_ name: String) -> FittedParameter? {
      report.parameters.first { $0.name == name }
    }
    guard let segment = parameter("segment"), let word = parameter("word_end"),
      let bit = parameter("bit_end")
    else { return }
    let resistances = ["segment", "word_end", "bit_end", "sum_of_ends"]
    guard resistances.contains(where: { parameter($0)?.isDetermined ?? false }) else {
      throw Failure(
        .badData, at: "[wires.\(name)]",
        "the data determines no resistance to 20 %: there is nothing to write",
        remedy:
          "read more devices, one word line at a time, state their conductances, or leave --out"
          + " away")
    }
    let section = "wires.\(name)"
    draft.removeSection(section)
    draft.set(
      "\(section).segment", segment.value, unit: "ohm",
      source: StaticFit.source(of: segment, source), range: 0...1e6)
    let contact = given.lineEnd ?? min(word.value, bit.value)
    let sums =
      "\(source); word_end \(NumberText.short(word.value)) with standard error "
      + "\(NumberText.short(word.standardError)), bit_end \(NumberText.short(bit.value)) with "
      + NumberText.short(bit.standardError)
    draft.set(
      "\(section).line_end", contact, unit: "ohm",
      source: given.lineEnd == nil ? "\(sums): what both have" : "assumed: given", range: 0...1e9)
    draft.set(
      "\(section).source", max(0, word.value - contact), unit: "ohm",
      source: "\(sums): rest of word_end", range: 0...1e9)
    draft.set(
      "\(section).sense", max(0, bit.value - contact), unit: "ohm",
      source: "\(sums): rest of bit_end", range: 0...1e9)
    draft.set(
      "\(section).tile", Double(max(readout.rows, readout.columns)), unit: "1",
      source: "choice: the measured array", range: 1...4096)
  }
}
