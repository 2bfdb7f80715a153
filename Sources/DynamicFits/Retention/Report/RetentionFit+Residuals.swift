import Calibration
import FitResults
import Foundation
import Statistics

extension RetentionFit {
  /// Correlations of what is stated of the same cells, what the law leaves, and how cells spread.
  ///
  /// - Parameter groups: of the temperature that the law is of.
  mutating func addTrust(_ groups: [RetentionGroup]) {
    let slopes = coefficients(groups)
    addCorrelations(groups, slopes)
    if let end = groups.last {
      report.addPopulation("last_change", end.changes, label: "last change of ln G")
    }
    guard let law, slopes.count > 1 else { return }
    addResiduals(groups, law, slopes)
    report.addPopulation(
      "cell_drift_coefficient", slopes.sorted { $0.key < $1.key }.map(\.value),
      label: "drift coefficient of a cell")
  }

  /// ν of every cell by least squares through its first reading, in the law's form.
  private func coefficients(_ groups: [RetentionGroup]) -> [Int: Double] {
    guard let law else { return [:] }
    var sums: [Int: (xy: Double, xx: Double)] = [:]
    for group in groups {
      for (index, change) in group.changes.enumerated() {
        let x = log1p(group.times[index] / law.origin)
        let old = sums[group.device[index]] ?? (0, 0)
        let y = law.form == .power ? -change : 1 - exp(change)
        sums[group.device[index]] = (old.xy + x * y, old.xx + x * x)
      }
    }
    return sums.filter { $0.value.xx > 0 }.mapValues { $0.xy / $0.xx }
  }

  /// A mean and a standard deviation of cells are sums of the cells' parts in them, so that the
  /// same cells read again make estimates that correlate.
  private mutating func addCorrelations(_ groups: [RetentionGroup], _ slopes: [Int: Double]) {
    var columns: [(name: String, parts: [Int: Double])] = []
    func add(_ mean: String, _ spread: String, _ values: [(key: Int, value: Double)]) {
      let (n, centre, deviation) = SampleMoments.of(values.map(\.value))
      guard n > 2, deviation > 0 else { return }
      var (means, spreads): ([Int: Double], [Int: Double]) = ([:], [:])
      for (key, value) in values {
        let distance = value - centre
        means[key] = distance
        spreads[key] = (distance * distance - deviation * deviation) / (2 * deviation)
      }
      columns += [(mean, means), (spread, spreads)]
    }
    for group in groups {
      let label =
        Self.suffix(group.temperature)
        + (group.time.isFinite ? String(format: "_%g_s", group.time) : "")
      add(
        "drift\(label)", "spread\(label)",
        zip(group.device, group.changes).map { (key: $0, value: $1) })
    }
    let name = report.parameters.first { $0.name.hasPrefix("drift_coefficient") }?.name
    if let law, let name, !slopes.isEmpty {
      let suffix = name == "drift_coefficient" ? "" : Self.suffix(law.celsius)
      add(
        "drift_coefficient\(suffix)", "drift_coefficient_spread\(suffix)",
        slopes.sorted { $0.key < $1.key })
    }
    let stated = Set(report.parameters.map(\.name))
    report.correlations = ParameterCorrelation.all(
      ofSums: columns.filter { stated.contains($0.name) })
  }

  /// Residuals of a cell less a straight line in the logarithm of time.
  ///
  /// All readings of a cell share the noise of its first one, and its coefficient takes a part of
  /// it: neither is structure. With few times this leaves more runs than independent noise has, so
  /// the test errs to the side of silence.
  private static func straightened(_ points: [(x: Double, y: Double)]) -> [Double] {
    let n = Double(points.count)
    let (a, b) = points.reduce((0.0, 0.0)) { ($0.0 + $1.x / n, $0.1 + $1.y / n) }
    let (xx, xy) = points.reduce((0.0, 0.0)) {
      ($0.0 + ($1.x - a) * ($1.x - a), $0.1 + ($1.x - a) * ($1.y - b))
    }
    let slope = xx > 0 ? xy / xx : 0
    return points.map { $0.y - b - slope * ($0.x - a) }
  }

  /// G(t)/G(0) of a change of ln G less the law with a cell's own coefficient.
  private static func residual(
    _ change: Double, at time: Double, _ law: RetentionLaw, _ slope: Double
  ) -> Double {
    let x = log1p(time / law.origin)
    return exp(change) - (law.form == .power ? exp(-slope * x) : 1 - slope * x)
  }

  /// Standard errors by which the mean over cells may be off the law at one of the times.
  private static let offLimit = 4.0
  /// Share of the mean change below which the distance is of no consequence.
  private static let offShare = 0.02

  /// Whether the mean over cells follows the law at every time: noise and coefficients of cells
  /// average out, a wrong law does not.
  private mutating func addLackOfFit(
    _ groups: [RetentionGroup], _ law: RetentionLaw, _ slopes: [Int: Double]
  ) {
    var worst: (t: Double, time: Double, mean: Double) = (0, .nan, 0)
    var largest = 0.0
    for group in groups {
      let residuals = group.changes.enumerated().compactMap { index, change in
        slopes[group.device[index]].map { slope in
          Self.residual(change, at: group.times[index], law, slope)
        }
      }
      let (n, mean, deviation) = SampleMoments.of(residuals)
      largest = max(largest, abs(SampleMoments.of(group.changes.map { exp($0) - 1 }).mean))
      guard n > 2, deviation > 0 else { continue }
      let t = mean / (deviation / n.squareRoot())
      if abs(t) > abs(worst.t) { worst = (t, group.time, mean) }
    }
    report.statistics.append(("largest_mean_residual_t", worst.t))
    guard abs(worst.t) > Self.offLimit, abs(worst.mean) > Self.offShare * largest else { return }
    report.notes.append(
      String(
        format: "at %g s the mean over cells is off the law by %.2g of the first conductance, %.1f"
          + " of its standard errors: the law leaves structure in time", worst.time, worst.mean,
        abs(worst.t)))
  }

  private mutating func addResiduals(
    _ groups: [RetentionGroup], _ law: RetentionLaw, _ slopes: [Int: Double]
  ) {
    var cells: [Int: [(time: Double, residual: Double)]] = [:]
    var (squares, sum, sumOfSquares, count) = (0.0, 0.0, 0.0, 0.0)
    for group in groups {
      for (index, change) in group.changes.enumerated() {
        guard let slope = slopes[group.device[index]] else { continue }
        let share = exp(change)
        let residual = Self.residual(change, at: group.times[index], law, slope)
        cells[group.device[index], default: []].append((group.times[index], residual))
        squares += residual * residual
        sum += share
        sumOfSquares += share * share
        count += 1
      }
    }
    let total = sumOfSquares - sum * sum / max(1, count)
    report.statistics += [
      ("rmse_share", (squares / max(1, count)).squareRoot()),
      ("r_squared", FitReport.explained(squares, of: total)),
    ]
    let ordered = cells.sorted { $0.key < $1.key }.map { $0.value.sorted { $0.time < $1.time } }
    var structure = ResidualStructure()
    for cell in ordered {
      structure.add(Self.straightened(cell.map { (log1p($0.time / law.origin), $0.residual) }))
    }
    report.add(structure, along: "time")
    addLackOfFit(groups, law, slopes)
    let all = ordered.flatMap { $0 }
    report.figures.append(
      .residuals(
        all.map { ($0.time, $0.residual) }, xLabel: "time (s)",
        yLabel: "G(t)/G(0) less the cell's own law"))
    report.addResidualDistribution(
      all.map(\.residual), label: "G(t)/G(0) less the cell's own law")
  }
}
