import Calibration
package import Failures
package import FitResults
import Foundation
import StaticFits
import Statistics

extension RetentionFit {
  /// Puts the law of drift into a draft.
  ///
  /// - Throws: ``Failure`` of kind `badData` when the data determines no law of time.
  package func enter(_ draft: inout CalibrationDraft, source: String) throws(Failure) {
    guard let law else {
      throw Failure(
        .badData, at: source, "too few times for a law of drift: there is nothing to write",
        remedy: "read the cells at three times or more, or leave --out away")
    }
    draft.removeSection("retention")
    draft.set("retention.model", word: law.form.rawValue)
    let suffix =
      report.parameters.contains { $0.name == "drift_coefficient" }
      ? "" : Self.suffix(law.celsius)
    func stated(_ name: String) -> String {
      let own = report.parameters.first { $0.name == name }
      return own.map { StaticFit.source(of: $0, source) } ?? source
    }
    draft.set(
      "retention.drift", law.drift, unit: "1", source: stated("drift_coefficient\(suffix)"))
    draft.set(
      "retention.drift_spread", law.spread, unit: "1",
      source: report.parameters.contains { $0.name.hasPrefix("drift_coefficient_spread") }
        ? stated("drift_coefficient_spread\(suffix)")
        : "\(CalibrationDraft.assumedSource): none; a spread needs three cells")
    draft.set(
      "retention.time_origin", law.origin, unit: "s",
      source: "\(source): the first interval, below which nothing is determined")
    draft.set(
      "retention.temperature", law.celsius, unit: "°C",
      source: hasTemperatures ? source : "\(CalibrationDraft.assumedSource): room",
      range: -273...1000)
    if report.parameters.contains(where: { $0.name == "activation_energy" }) {
      draft.set(
        "retention.activation_energy", law.activationEnergy, unit: "eV",
        source: stated("activation_energy"))
    }
  }

  /// Changes of cells against time with the law.
  func figures(_ groups: [RetentionGroup]) -> [FitFigure] {
    var figures: [FitFigure] = []
    let times = groups.map(\.time).filter { $0.isFinite && $0 > 0 }
    if let first = times.min(), let last = times.max(), let law, first < last {
      let points = groups.flatMap { group in
        zip(group.times, group.changes).map { (x: $0, y: exp($1)) }
      }
      let curve = (0...100).map { step in
        let time = first * pow(last / first, Double(step) / 100)
        return (x: time, y: law.share(after: time, celsius: law.celsius, deviation: 0))
      }
      figures.append(
        FitFigure(
          title: "Conductance over its first reading", xLabel: "time (s)", yLabel: "G(t)/G(0)",
          points: FitFigure.thinned(points), curve: curve, isLogarithmicX: true))
    }
    return figures
  }
}
