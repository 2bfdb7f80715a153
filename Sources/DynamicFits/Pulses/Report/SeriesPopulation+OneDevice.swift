import FitResults
import Foundation
import Mathematics
import Statistics

/// Intervals of a single device: how well its own runs determine its parameters.
extension SeriesPopulation {
  /// Parts of the cycles that are left out one at a time, at most.
  private static let parts = 12

  /// Replaces the intervals of a report by those of the only device.
  ///
  /// Cycles of a device share what its steps did by chance, so the curve's own residuals, which follow
  /// each other, promise too much. From three cycles on the cycles themselves tell: each part of them is
  /// left out once (jackknife, Tukey 1958). Fewer leave the residuals, with their autocorrelation.
  func oneDevice(_ report: inout FitReport, _ series: PulseSeries) {
    guard let own = fits.first else { return }
    let (names, covariance, open) = own.fit.covariance
    let factor = Self.inflation(own.fit.fit.residuals)
    let jackknifed = jackknife(series, device: own.device)
    for (at, name) in names.enumerated() {
      guard let index = report.parameters.firstIndex(where: { $0.name == name }) else { continue }
      let old = report.parameters[index]
      let variance = covariance[at * names.count + at]
      let isOpen = open.contains(at) || variance <= 0
      let bare = isOpen ? Double.infinity : (variance * factor).squareRoot()
      var (error, quantile) = (bare, 1.96)
      if let found = jackknifed?.errors[name], !isOpen {
        (error, quantile) = (
          found, StudentT.quantile(0.975, degrees: jackknifed?.freedom ?? 1)
        )
      }
      report.parameters[index] = FittedParameter(
        name, old.value, unit: old.unit, standardError: error, quantile: quantile)
    }
  }

  /// Standard errors by leaving out a part of the cycles at a time; nil for fewer than three cycles, or
  /// where a part does not fit.
  private func jackknife(
    _ series: PulseSeries, device: Int
  ) -> (errors: [String: Double], freedom: Double)? {
    let runs = series.runs.filter { $0.device == device }
    let cycles = Set(runs.map(\.cycle)).sorted()
    // Without numbers of cycles the order of the runs is theirs.
    let isNumbered = cycles.count > 1
    var numbers: [Int] = []
    var seen = (set: 0, reset: 0)
    for run in runs {
      numbers.append(isNumbered ? run.cycle : run.isSet ? seen.set : seen.reset)
      if run.isSet { seen.set += 1 } else { seen.reset += 1 }
    }
    let distinct = Set(numbers).sorted()
    let groups = min(Self.parts, distinct.count)
    guard groups >= 3 else { return nil }
    let part = Dictionary(
      uniqueKeysWithValues: distinct.enumerated().map { ($1, $0 * groups / distinct.count) })
    var found: [String: [Double]] = [:]
    for left in 0..<groups {
      var rest = series
      rest.runs = zip(runs, numbers).filter { part[$0.1] != left }.map(\.0)
      let curve = MeanCurve(rest, device: device)
      guard let fit = try? StepCurveFit(form, set: curve.set, reset: curve.reset, at: "") else {
        return nil
      }
      var alone = self
      alone.fits = [(device, fit)]
      for parameter in alone.means { found[parameter.name, default: []].append(parameter.value) }
    }
    let share = Double(groups - 1) / Double(groups).squareRoot()
    return (found.mapValues { Self.deviation($0) * share }, Double(groups - 1))
  }

  /// By how much the variance of a mean grows where residuals follow each other: 1 + 2 Σ ρ(k), up to
  /// the first correlation that is not positive.
  static func inflation(_ residuals: [Double]) -> Double {
    let mean = mean(residuals)
    let centred = residuals.map { $0 - mean }
    let squares = centred.reduce(0) { $0 + $1 * $1 }
    guard squares > 0 else { return 1 }
    var sum = 1.0
    for lag in 1..<max(2, residuals.count / 4) {
      let product = zip(centred.dropFirst(lag), centred).reduce(0) { $0 + $1.0 * $1.1 }
      guard product > 0 else { break }
      sum += 2 * product / squares
    }
    return sum
  }
}
