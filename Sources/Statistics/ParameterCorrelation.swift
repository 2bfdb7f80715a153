import Mathematics

/// How the estimates of two parameters move together: near ±1 the data determines a combination of
/// the two better than either.
package struct ParameterCorrelation: Sendable, Equatable {
  package var first: String
  package var second: String
  package var value: Double

  package init(first: String, second: String, value: Double) {
    self.first = first
    self.second = second
    self.value = value
  }

  /// Beyond this magnitude one of two parameters is hardly of its own.
  package static let strong = 0.9

  package var isStrong: Bool { abs(value) > Self.strong }

  /// All pairs of named parameters from their covariance, row-major.
  ///
  /// - Parameter open: parameters that are not determined: their covariance says nothing.
  package static func all(
    _ names: [String], covariance: [Double], without open: some Sequence<Int> = []
  ) -> [Self] {
    let n = names.count
    let open = Set(open)
    let used = (0..<n).filter { !open.contains($0) && covariance[$0 * n + $0] > 0 }
    return used.enumerated().flatMap { place, i in
      used.dropFirst(place + 1).compactMap { j in
        let scale = (covariance[i * n + i] * covariance[j * n + j]).squareRoot()
        let value = covariance[i * n + j] / scale
        guard value.isFinite else { return nil }
        return Self(first: names[i], second: names[j], value: min(1, max(-1, value)))
      }
    }
  }

  /// All pairs of parameters that are means over the same sample, such as devices, from each
  /// member's part in them.
  package static func all(ofMeans columns: [(name: String, values: [Double])]) -> [Self] {
    all(
      ofSums: columns.map { column in
        let mean = column.values.reduce(0, +) / Double(max(1, column.values.count))
        let parts = column.values.enumerated().map { ($0, $1 - mean) }
        return (column.name, Dictionary(uniqueKeysWithValues: parts))
      })
  }

  /// All pairs of parameters whose errors are sums of independent parts, by the parts' keys.
  package static func all(ofSums columns: [(name: String, parts: [Int: Double])]) -> [Self] {
    let n = columns.count
    var covariance = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in 0...i {
        let (a, b) = (columns[i].parts, columns[j].parts)
        let sum = a.keys.sorted().reduce(0.0) { $0 + (a[$1] ?? 0) * (b[$1] ?? 0) }
        (covariance[i * n + j], covariance[j * n + i]) = (sum, sum)
      }
    }
    return all(columns.map(\.name), covariance: covariance)
  }

  /// The same with other names.
  package func named(_ name: (String) -> String) -> Self {
    Self(first: name(first), second: name(second), value: value)
  }

  /// J·C·Jᵀ of row-major square matrices: a covariance in other parameters.
  package static func transformed(covariance c: [Double], by jacobian: [[Double]]) -> [Double] {
    let n = jacobian.first?.count ?? 0
    let half = jacobian.map { row in
      (0..<n).map { j in (0..<n).reduce(0.0) { $0 + row[$1] * c[$1 * n + j] } }
    }
    return half.flatMap { row in
      jacobian.map { other in zip(row, other).reduce(0) { $0 + $1.0 * $1.1 } }
    }
  }
}
