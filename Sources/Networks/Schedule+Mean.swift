import Foundation

extension Schedule {
  /// The mean over a long run: (first − last) / ln(first / last).
  package var mean: Double {
    first == last ? first : (first - last) / log(first / last)
  }
}
