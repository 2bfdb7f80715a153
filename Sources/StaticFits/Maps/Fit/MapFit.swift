package import Failures
import Files
package import FitResults
import Foundation
import Mathematics
import Reports
import Statistics

/// `fit map`: how conductance varies over an array.
package struct MapFit: Sendable {
  package internal(set) var report: FitReport
  package let map: ConductanceMap
  package let faults: CellFaults
  /// Range of the cells that work, in siemens.
  package let conductance: ClosedRange<Double>
  /// Effects of rows and columns, of ln G, with their standard errors.
  package let rowEffects: [(value: Double, error: Double)]
  package let columnEffects: [(value: Double, error: Double)]
  /// What rows and columns leave, NaN at cells set aside.
  package let residuals: [Double]
  /// The states of a programmed chip, which one mean and one spread do not describe; nil where the cells
  /// are one population.
  package let populations: StatesFit?

  /// Fits a map.
  ///
  /// - Throws: ``Failure`` of kind `badData` for constant data, too few good cells, or a fit that
  ///   does not converge.
  package init(
    _ map: ConductanceMap, limits: CellFaults.Limits = .init(), at place: String
  ) throws(Failure) {
    self.map = map
    faults = CellFaults(map, limits: limits)
    let good = faults.logarithms.filter { !$0.isNaN }
    guard good.count >= 16, 2 * good.count >= map.conductances.count else {
      throw Failure(
        .badData, at: place, "only \(good.count) of \(map.conductances.count) cells conduct",
        remedy: "give limits that suit the data with --dead-below and --stuck-above")
    }
    guard let lowest = good.min(), let highest = good.max(), lowest < highest else {
      throw Failure(.badData, at: place, "all conductances are equal: there is no variation")
    }
    conductance = exp(lowest)...exp(highest)
    let parts = TwoWayMeans(faults.logarithms, rows: map.rows, columns: map.columns)
    populations = try Self.populations(faults, residuals: parts.residuals, at: place)
    if let populations {
      report = FitReport(kind: "map", model: populations.report.model)
      (rowEffects, columnEffects, residuals) = ([], [], [])
      enterPopulations(populations)
      return
    }
    (rowEffects, columnEffects) = (parts.rowEffects, parts.columnEffects)
    residuals = parts.residuals
    let model = SpatialModel(
      parts.filled, rows: map.rows, columns: map.columns,
      share: Double(good.count) / Double(map.conductances.count))
    let fit = try SpatialFit(model, at: place)
    report = FitReport(kind: "map", model: fit.isCorrelated ? "exponential" : "uncorrelated")
    report.leftOut = leftOut
    enterParameters(fit, model.fixedEffects(fit.point))
    try enterStatistics(fit, good, place)
    enterNotes(fit)
    enterFigures(fit, good)
    report.correlations = ParameterCorrelation.all(
      Array(Self.spreadNames.prefix(fit.errors.count)), covariance: fit.covariance.inverse,
      without: fit.covariance.undetermined)
  }

  /// In the order of the spatial model's values, whose logarithms and logit rise with them.
  private static let spreadNames = [
    "residual_spread", "row_spread", "column_spread", "correlated_share", "correlation_length",
  ]

  private mutating func enterParameters(_ fit: SpatialFit, _ fixed: SpatialModel.FixedEffects) {
    let (n, m) = (Double(map.rows), Double(map.columns))
    func quantile(_ freedom: Double) -> Double { StudentT.quantile(0.975, degrees: freedom) }
    let mean = exp(fixed.mean.value)
    let factor = exp(quantile(min(n, m) - 1) * fixed.mean.error)
    report.parameters.append(
      FittedParameter(
        "mean_conductance", mean, unit: "S", standardError: mean * fixed.mean.error,
        interval: mean / factor...mean * factor))
    report.parameters.append(
      FittedParameter(
        "row_gradient", fixed.rowGradient.value, unit: "1",
        standardError: fixed.rowGradient.error, quantile: quantile(n - 2)))
    report.parameters.append(
      FittedParameter(
        "column_gradient", fixed.columnGradient.value, unit: "1",
        standardError: fixed.columnGradient.error, quantile: quantile(m - 2)))
    for (k, name) in Self.spreadNames.prefix(3).enumerated() {
      var spread = Self.positive(
        name, exp(fit.point.values[k] / 2), "1", logError: fit.errors[k] / 2)
      if k > 0, spread.interval.lowerBound == 0 {
        // Not told from zero: no more than the effects themselves, noise and all, allow.
        let effects = (k == 1 ? rowEffects : columnEffects).map(\.value).filter(\.isFinite)
        let deviation = SampleMoments.of(effects).deviation
        let most = FittedParameter(
          name, ofDeviation: deviation, freedom: Double(effects.count - 1), unit: "1")
        spread.interval = 0...max(spread.value, most.interval.upperBound)
        spread.standardError = spread.interval.upperBound / 1.96
      }
      report.parameters.append(spread)
    }
    guard fit.isCorrelated else { return }
    let share = fit.point.share
    func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    let half = 1.96 * fit.errors[3]
    let logit = fit.point.values[3]
    report.parameters.append(
      FittedParameter(
        "correlated_share", share, unit: "1",
        standardError: share * (1 - share) * fit.errors[3],
        interval: half.isFinite ? logistic(logit - half)...logistic(logit + half) : 0...1))
    let isLong = fit.point.length > Double(max(map.rows, map.columns)) / 3
    report.parameters.append(
      Self.positive(
        "correlation_length", fit.point.length, "1", logError: isLong ? .infinity : fit.errors[4]))
  }

  /// A positive parameter whose logarithm has a normal error.
  static func positive(
    _ name: String, _ value: Double, _ unit: String, logError: Double
  ) -> FittedParameter {
    let factor = exp(min(1.96 * logError, 700))
    // Without information in the likelihood the value may as well be zero.
    let lowest = logError < 0.8 ? value / factor : 0
    return FittedParameter(
      name, value, unit: unit, standardError: logError.isFinite ? value * logError : .infinity,
      interval: lowest...max(value, logError.isFinite ? value * factor : .infinity))
  }

  private mutating func enterStatistics(
    _ fit: SpatialFit, _ good: [Double], _ place: String
  ) throws(Failure) {
    report.statistics = [
      ("rows", Double(map.rows)), ("columns", Double(map.columns)),
      ("readings", Double(map.readings)),
      ("absent_cells", Double(map.conductances.filter(\.isNaN).count)),
      ("dead_cells", Double(faults.dead.count)), ("stuck_cells", Double(faults.stuck.count)),
      ("correlation_gain", fit.correlationGain), ("row_gain", fit.rowGain),
      ("column_gain", fit.columnGain),
    ]
    report.distributions = [
      ("conductance_S", try DistributionFit.all(of: good.map { exp($0) }, at: place)),
      ("residual_ln_G", try DistributionFit.all(of: residuals.filter { !$0.isNaN }, at: place)),
    ]
  }

  private mutating func enterNotes(_ fit: SpatialFit) {
    func text(_ value: Double) -> String { NumberText.short(value) }
    report.notes.append(
      "ln G = mean + gradients + rows + columns + residual; spreads and gradients (per cell) are of"
        + " ln G; the correlation length is in cells")
    if fit.isCorrelated {
      report.notes.append(
        "the residual is correlated: −2 ln L falls by \(text(fit.correlationGain)) (9.21 at 1 %)")
      if fit.point.length > Double(max(map.rows, map.columns)) / 3 {
        report.notes.append(
          "the data does not determine the correlation length: it is beyond a third of the array,"
            + " which cannot be told from a curved trend")
      }
    } else {
      report.notes.append(
        "spatial correlation of the residual: none; −2 ln L falls by \(text(fit.correlationGain))"
          + " only (9.21 at 1 %)")
    }
    for (name, gain) in [("row", fit.rowGain), ("column", fit.columnGain)]
    where gain < SpatialFit.effectThreshold {
      report.notes.append("the data does not determine \(name)_spread: it may be zero")
    }
    if let share = faults.mixtureShare {
      report.notes.append(
        "\(text(100 * share)) % of the cells lie beyond 6 robust standard deviations: a mixture of"
          + " states, which one distribution and one spread do not describe")
    }
    report.notes.append(
      "dead and stuck cells: \(faults.rule); set aside before everything else")
    for (name, cells) in [("dead", faults.dead), ("stuck", faults.stuck)] where !cells.isEmpty {
      let places = cells.prefix(12).map { "(\(address($0)))" }.joined(separator: " ")
      report.notes.append(
        "\(cells.count) \(name): \(places)\(cells.count > 12 ? " …; --cells lists all" : "")")
    }
    for (name, addresses) in [("row", map.rowAddresses), ("column", map.columnAddresses)]
    where !ConductanceMap.isRegular(addresses) {
      report.notes.append("\(name) addresses have gaps: lags count the \(name)s that are there")
    }
  }

  /// Row and column of a place.
  func address(_ place: Int) -> String {
    "\(map.rowAddresses[place / map.columns]),\(map.columnAddresses[place % map.columns])"
  }

  private mutating func enterFigures(_ fit: SpatialFit, _ good: [Double]) {
    let sample = good.map { exp($0) }
    if let best = report.distributions.first?.fits.first {
      report.figures.append(.distribution(of: sample, fit: best, label: "conductance (S)"))
      report.figures.append(.quantiles(of: sample, fit: best, label: "conductance (S)"))
    }
    let clean = residuals.filter { !$0.isNaN }
    if let normal = try? DistributionFit(.normal, to: clean, at: "residual") {
      report.figures.append(.quantiles(of: clean, fit: normal, label: "residual of ln G"))
    }
    report.figures.append(
      .residuals(
        residuals.enumerated().filter { !$1.isNaN }.map {
          (Double(map.columnAddresses[$0 % map.columns]), $1)
        }, xLabel: "column", yLabel: "residual of ln G"))
    report.figures.append(rowFigure(fit))
    report.figures.append(correlationFigure(fit))
  }

  private func rowFigure(_ fit: SpatialFit) -> FitFigure {
    let centre = Double(map.rows - 1) / 2
    let slope = report.parameters[1].value
    return FitFigure(
      title: "Rows and their gradient", xLabel: "row", yLabel: "effect on ln G",
      points: rowEffects.enumerated().map { (Double(map.rowAddresses[$0]), $1.value) },
      curve: [0, map.rows - 1].map {
        (Double(map.rowAddresses[$0]), slope * (Double($0) - centre))
      })
  }

  private func correlationFigure(_ fit: SpatialFit) -> FitFigure {
    let top = max(2, min(30, min(map.rows, map.columns) / 2))
    let points = SpatialCorrelation.along(
      residuals, rows: map.rows, columns: map.columns, lags: top)
    let share = fit.point.share
    let curve = (1...top).map { lag in
      (Double(lag), fit.isCorrelated ? share * exp(-Double(lag) / fit.point.length) : 0)
    }
    return FitFigure(
      title: "Autocorrelation of the residual", xLabel: "lag (cells)", yLabel: "correlation",
      points: points, curve: curve)
  }

  /// Writes dead and stuck cells with their conductance.
  package func writeCells(to path: String) throws(Failure) {
    let file = try TableFile(path: path, columns: ["fault", "row", "column", "conductance_S"])
    for (name, cells) in [("dead", faults.dead), ("stuck", faults.stuck)] {
      for cell in cells {
        let row = "\(map.rowAddresses[cell / map.columns])"
        let column = "\(map.columnAddresses[cell % map.columns])"
        file.append([name, row, column], [map.conductances[cell]])
      }
    }
    try file.finish()
  }

  /// Writes the effects of rows and columns with their standard errors.
  package func writeParts(to path: String) throws(Failure) {
    let file = try TableFile(path: path, columns: ["part", "index", "effect", "standard_error"])
    for (i, effect) in rowEffects.enumerated() {
      file.append(["row", "\(map.rowAddresses[i])"], [effect.value, effect.error])
    }
    for (j, effect) in columnEffects.enumerated() {
      file.append(["column", "\(map.columnAddresses[j])"], [effect.value, effect.error])
    }
    try file.finish()
  }
}
