import Foundation

extension Double {
  /// The number with a few significant digits, as in `%.4g`.
  package func text(digits: Int = 4) -> String { String(format: "%.\(digits)g", self) }
}
