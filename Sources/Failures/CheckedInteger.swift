/// The one way from a number to an integer: a conversion that cannot trap.
extension Int {
  /// The integer a rounding rule makes of a number, held within a range.
  ///
  /// Infinities and numbers beyond the range give its ends; NaN, which is no number, its lower end.
  package init(
    clamping value: some BinaryFloatingPoint,
    rule: FloatingPointRoundingRule = .toNearestOrAwayFromZero, to range: ClosedRange<Int>
  ) {
    let rounded = value.rounded(rule)
    guard let exact = Int(exactly: rounded) else {
      self = rounded > 0 ? range.upperBound : range.lowerBound
      return
    }
    self = Swift.min(Swift.max(exact, range.lowerBound), range.upperBound)
  }

  /// The integer that a rounding rule makes of a number, or nil when it lies outside a range.
  package init?(
    checked value: some BinaryFloatingPoint,
    rule: FloatingPointRoundingRule = .toNearestOrAwayFromZero, in range: ClosedRange<Int>
  ) {
    guard let exact = Int(exactly: value.rounded(rule)), range.contains(exact) else { return nil }
    self = exact
  }

  /// The product of factors that are not negative, or nil when it is beyond 64 bits or a factor is
  /// negative.
  package static func product(_ factors: Int...) -> Int? { product(factors) }

  /// See ``product(_:)-(Int...)``.
  package static func product(_ factors: some Sequence<Int>) -> Int? {
    var result = 1
    for factor in factors {
      let (next, overflows) = result.multipliedReportingOverflow(by: factor)
      guard factor >= 0, !overflows else { return nil }
      result = next
    }
    return result
  }
}
