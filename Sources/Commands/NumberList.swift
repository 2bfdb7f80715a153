import ArgumentParser

/// Finite numbers separated by commas: `0.1,0.2,-0.4`.
struct NumberList: ExpressibleByArgument {
  let values: [Double]

  init(_ values: [Double]) { self.values = values }

  var defaultValueDescription: String { values.map { "\($0)" }.joined(separator: ",") }

  init?(argument: String) {
    var values: [Double] = []
    for item in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let number = FiniteNumber(argument: String(item)) else { return nil }
      values.append(number.value)
    }
    self.values = values
  }
}

/// A finite number.
struct FiniteNumber: ExpressibleByArgument {
  let value: Double

  init?(argument: String) {
    guard let value = Double(argument), value.isFinite else { return nil }
    self.value = value
  }

  init(_ value: Double) { self.value = value }

  var defaultValueDescription: String { "\(value)" }
}
