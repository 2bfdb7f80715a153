import Failures
import FitResults
import Statistics

extension FitReport {
  /// Says which figures the data leave without a value, and drops correlations that have none.
  ///
  /// - Throws: ``Failure`` of kind `badData` when a parameter has no value.
  mutating func nameUndefined(at place: String) throws(Failure) {
    if let parameter = parameters.first(where: { !$0.value.isFinite }) {
      throw Failure(
        .badData, at: place, "the data leave \(parameter.name) without a value",
        remedy: "look at them with: crossbar-gan fit inspect")
    }
    let names = statistics.filter { !$0.value.isFinite }.map(\.name)
    if !names.isEmpty {
      notes.append(
        "without a value for these data, and null in --json: \(names.joined(separator: ", "))")
    }
    let count = correlations.count { !$0.value.isFinite }
    if count > 0 {
      correlations.removeAll { !$0.value.isFinite }
      notes.append("\(count) correlations have no value: a parameter of theirs has no spread")
    }
  }
}
