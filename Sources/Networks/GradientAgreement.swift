import Mathematics

/// How often gradients found on arrays have the signs of digital ones, layer by layer.
package struct GradientAgreement: Equatable, Sendable {
  /// A count of weights.
  package struct Tally: Equatable, Sendable {
    /// Weights whose digital gradient is above the median magnitude of its layer and step.
    package var compared = 0
    /// Those of them with the same sign on the arrays.
    package var agreeing = 0

    /// The share that agrees; nil before the first comparison.
    package var fraction: Double? { compared > 0 ? Double(agreeing) / Double(compared) : nil }
  }

  /// Tallies by layer, such as `generator.0`.
  package private(set) var layers: [String: Tally] = [:]

  /// No comparison yet.
  package init() {}

  /// All layers together: weights count alike.
  package var total: Tally {
    layers.values.reduce(into: Tally()) {
      $0.compared += $1.compared
      $0.agreeing += $1.agreeing
    }
  }

  mutating func add(_ other: GradientAgreement) {
    for (name, tally) in other.layers {
      layers[name, default: Tally()].compared += tally.compared
      layers[name, default: Tally()].agreeing += tally.agreeing
    }
  }

  /// Compares the gradients of one layer in one step.
  mutating func compare(_ found: Matrix, with digital: Matrix, layer: String) {
    guard let median = digital.elements.map({ Double(abs($0)) }).median else { return }
    for (found, digital) in zip(found.elements, digital.elements)
    where Double(abs(digital)) > median {
      layers[layer, default: Tally()].compared += 1
      // Signs, not the product: that of two faint slopes is zero.
      if (found > 0 && digital > 0) || (found < 0 && digital < 0) {
        layers[layer, default: Tally()].agreeing += 1
      }
    }
  }
}
