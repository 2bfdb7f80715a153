/// The step of a grid that repeated values lie on, such as a ramp's voltages or a converter's codes.
///
/// No scale can be told to be smaller: a likelihood that is not told so grows without limit as a
/// density narrows onto values that are equal.
package struct ValueGrid: Sendable {
  /// The least difference of values that are not equal; 0 where no two are, or all are.
  package let width: Double

  /// Equal to within this share of the largest magnitude are values that differ by rounding alone.
  private static let rounding = 1e-12

  package init(_ values: [Double]) {
    let sorted = values.filter(\.isFinite).sorted()
    let tolerance = Self.rounding * max(abs(sorted.first ?? 0), abs(sorted.last ?? 0))
    var (ties, least) = (0, Double.infinity)
    for (low, high) in zip(sorted, sorted.dropFirst()) {
      if high - low <= tolerance { ties += 1 } else { least = min(least, high - low) }
    }
    width = ties > 0 && least.isFinite ? least : 0
  }
}
