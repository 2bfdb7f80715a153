package import Failures
package import FitResults
import Foundation
import Statistics

extension MapFit {
  /// Puts the spatial variation into a draft.
  ///
  /// - Throws: ``Failure`` of kind `badData` for a map of several populations.
  package func enter(
    _ draft: inout CalibrationDraft, source: String
  ) throws(Failure) {
    if let refusal { throw refusal }
    draft.removeSection("map")
    for parameter in report.parameters {
      draft.set(
        "map.\(parameter.name)", parameter.value, unit: parameter.unit,
        source: StaticFit.source(of: parameter, source))
    }
    let count = Double(map.readings == 0 ? 1 : map.conductances.filter { !$0.isNaN }.count)
    let rule = "\(source): \(faults.rule)"
    draft.set("map.rows", Double(map.rows), unit: "1", source: source, range: 1...1e6)
    draft.set("map.columns", Double(map.columns), unit: "1", source: source, range: 1...1e6)
    draft.set(
      "map.dead_share", Double(faults.dead.count) / count, unit: "1", source: rule, range: 0...1)
    draft.set(
      "map.stuck_share", Double(faults.stuck.count) / count, unit: "1", source: rule, range: 0...1)
  }
}
