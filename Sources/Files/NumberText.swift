package import Failures
import Foundation

/// Numbers as people read them; files and JSON have all digits.
package enum NumberText {
  /// A few significant digits, in the shortest of plain and exponent form.
  package static func short(_ value: Double, digits: Int = 4) -> String {
    notFinite(value) ?? String(format: "%.\(digits)g", value)
  }

  /// A number of decimals.
  package static func fixed(_ value: Double, decimals: Int) -> String {
    notFinite(value) ?? String(format: "%.\(decimals)f", value)
  }

  /// The word for what is no finite number, or nil.
  private static func notFinite(_ value: Double) -> String? {
    value.isFinite ? nil : value.isNaN ? "undefined" : value > 0 ? "infinite" : "-infinite"
  }

  /// Refuses a result that is no number.
  ///
  /// - Throws: ``Failure`` of kind `badData`.
  package static func requireFinite(
    _ values: some RandomAccessCollection<Double>, _ what: String, at place: String
  ) throws(Failure) {
    guard let found = values.firstIndex(where: { !$0.isFinite }) else { return }
    let index = values.distance(from: values.startIndex, to: found)
    throw Failure(
      .badData, at: place, "\(what) \(index + 1) is \(short(values[found]))",
      remedy: "the model has no result so far from where it was measured")
  }

  /// A duration as `1:02:03` or `2:03`.
  package static func duration(seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e8 else { return "-:--" }
    let total = Int(clamping: seconds, to: 0...Int.max)
    let (hours, minutes) = (total / 3600, total / 60 % 60)
    let tail = String(format: "%02d", total % 60)
    return hours > 0
      ? "\(hours):\(String(format: "%02d", minutes)):\(tail)" : "\(minutes):\(tail)"
  }
}
