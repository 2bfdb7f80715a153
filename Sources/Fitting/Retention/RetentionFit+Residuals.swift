import Calibration
import Foundation

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
      let (n, centre, deviation) = Self.moments(values.map(\.value))
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

  private mutating func addResiduals(
    _ groups: [RetentionGroup], _ law: RetentionLaw, _ slopes: [Int: Double]
  ) {
    var cells: [Int: [(time: Double, residual: Double)]] = [:]
    var (squares, sum, sumOfSquares, count) = (0.0, 0.0, 0.0, 0.0)
    for group in groups {
      for (index, change) in group.changes.enumerated() {
        guard let slope = slopes[group.device[index]] else { continue }
        let share = exp(change)
        let x = log1p(group.times[index] / law.origin)
        let residual = share - (law.form == .power ? exp(-slope * x) : 1 - slope * x)
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
      ("r_squared", total > 0 ? 1 - squares / total : 0),
    ]
    let ordered = cells.sorted { $0.key < $1.key }.map { $0.value.sorted { $0.time < $1.time } }
    var structure = ResidualStructure()
    for cell in ordered {
      // All readings of a cell share the noise of its first one, which is no structure in time.
      let mean = cell.reduce(0) { $0 + $1.residual } / Double(cell.count)
      structure.add(cell.map { $0.residual - mean })
    }
    report.add(structure, along: "time")
    let all = ordered.flatMap { $0 }
    report.figures.append(
      .residuals(
        all.map { ($0.time, $0.residual) }, xLabel: "time (s)",
        yLabel: "G(t)/G(0) less the cell's own law"))
    report.addResidualDistribution(
      all.map(\.residual), label: "G(t)/G(0) less the cell's own law")
  }
}
