import Failures
import Foundation

/// Numbers as people read them; files and JSON have all digits.
package enum NumberText {
  /// A few significant digits, in the shortest of plain and exponent form.
  package static func short(_ value: Double, digits: Int = 4) -> String {
    String(format: "%.\(digits)g", value)
  }

  /// A number of decimals.
  package static func fixed(_ value: Double, decimals: Int) -> String {
    String(format: "%.\(decimals)f", value)
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
