import FitResults
import Foundation
import Mathematics
import NodalAnalysis
import Statistics

extension WireFit {
  /// Correlations of the resistances, what they leave of the readings, and its structure.
  mutating func addTrust(
    _ fit: LeastSquaresFit, _ residuals: [Double], _ predicted: [Double]
  ) {
    report.correlations = Self.correlations(fit)
    let apart = Set(outliers)
    let used = readout.readings.indices.filter { !apart.contains($0) }
    let currents = used.map { readout.readings[$0].current }
    let mean = currents.reduce(0, +) / Double(max(1, used.count))
    let squares = used.reduce(0) { $0 + pow(readout.readings[$1].current - predicted[$1], 2) }
    let total = currents.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    report.statistics += [
      ("rmse_A", (squares / Double(max(1, used.count))).squareRoot()),
      ("r_squared", FitReport.explained(squares, of: total)),
    ]
    var lines: [Int: [Int]] = [:]
    for index in used { lines[readout.readings[index].row ?? -1, default: []].append(index) }
    var structure = ResidualStructure()
    for line in lines.sorted(by: { $0.key < $1.key }).map(\.value) {
      let order = line.sorted { readout.readings[$0].column < readout.readings[$1].column }
      structure.add(order.map { residuals[$0] })
    }
    report.add(
      structure, along: "column, word line by word line,",
      reservation: "devices that differ from column to column look the same")
    report.addPopulation(
      "residual_over_noise", used.map { -residuals[$0] }, label: "residual / stated noise")
  }

  /// Of the resistances themselves; they were fitted by their logarithms.
  private static func correlations(_ fit: LeastSquaresFit) -> [ParameterCorrelation] {
    let n = fit.parameterCount
    let values = fit.parameters.map { exp($0) }
    var names = ["segment", "word_end", "bit_end"] + (n > 3 ? ["conductance"] : [])
    var jacobian = (0..<n).map { i in (0..<n).map { $0 == i ? values[i] : 0 } }
    names.append("sum_of_ends")
    jacobian.append((0..<n).map { $0 == 1 || $0 == 2 ? values[$0] : 0 })
    return ParameterCorrelation.all(
      names,
      covariance: ParameterCorrelation.transformed(covariance: fit.covariance, by: jacobian),
      without: fit.undetermined)
  }
}
