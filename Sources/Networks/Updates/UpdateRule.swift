package import Mathematics

/// How far a gradient moves a weight: an entry of a list that configurations choose from by name.
package struct UpdateRule: Sendable {
  /// The word of `update.rule`.
  package let name: String
  /// One line for the reference of keys.
  package let summary: String
  /// What its gradients may be summed over; the first is the usual one.
  package let granularities: [UpdateGranularity]
  /// Makes the rule of one array; the stream draws its choices, the step is the substream.
  package let make: @Sendable (ProgrammedArray, RandomStream) -> any WeightUpdate

  package init(
    _ name: String, _ summary: String, granularities: [UpdateGranularity] = [.batch],
    make: @escaping @Sendable (ProgrammedArray, RandomStream) -> any WeightUpdate
  ) {
    self.name = name
    self.summary = summary
    self.granularities = granularities
    self.make = make
  }

  /// The rules that configurations may name; a test may add to them.
  @TaskLocal package static var all: [UpdateRule] = [.manhattan, .proportional]

  /// One pulse by the sign of the gradient.
  package static let manhattan = UpdateRule(
    "manhattan", "one pulse by the sign of the gradient", granularities: UpdateGranularity.allCases
  ) { array, stream in
    switch array.plan.granularity {
    case .batch: SignUpdate(array, stream)
    case .perSample: PerSampleUpdate(stream)
    }
  }

  /// A write in proportion to the gradient.
  package static let proportional = UpdateRule(
    "proportional", "a write in proportion to the gradient"
  ) { _, _ in
    ProportionalUpdate()
  }
}

extension UpdateRule: Equatable {
  package static func == (one: UpdateRule, other: UpdateRule) -> Bool { one.name == other.name }
}

/// What a gradient is summed over before it moves a weight.
package enum UpdateGranularity: String, Sendable, CaseIterable {
  /// Sign of the batch-summed gradient, one word line at a time.
  case batch
  /// sign(δ) · sign(x) of every sample, four phases for a whole layer.
  case perSample = "per-sample"
}

/// Which weights a step pulses.
package enum UpdateSampling: String, Sendable, CaseIterable {
  /// Each with the same probability.
  case random
  /// Each with a probability of p · s², s the significance of its gradient in standard deviations of
  /// noise: √B times the cosine of input and error over the B images of a step.
  case significance
}
