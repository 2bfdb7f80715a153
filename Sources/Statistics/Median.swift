/// The middle of values.
package enum Median {
  /// The upper median of finite values; 0 for none.
  package static func of(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
  }
}
