import Foundation

extension Schedule {
  /// The mean over a long run: (first − last) / ln(first / last).
  public var mean: Double {
    first == last ? first : (first - last) / log(first / last)
  }
}
