/// One dimension of a grid: a key of the run configuration with its values, or named cases that move
/// several keys together.
package struct GridAxis: Equatable, Sendable {
  /// `section.key`, or the name of the cases.
  package let name: String
  /// At least one, each with a label of its own.
  package let values: [Value]

  /// One step along the axis.
  package struct Value: Equatable, Sendable {
    /// As tables and plots show it.
    package let label: String
    let settings: [GridSetting]
  }

  /// The axes whose values repeat a condition instead of making another.
  private static let replicateNames = ["run.seed", "run.device_seed"]

  /// Whether the axis repeats conditions: intervals and paired tests run over its values.
  package var isReplicate: Bool { Self.isReplicate(name) }

  static func isReplicate(_ name: String) -> Bool { replicateNames.contains(name) }
}

/// A key of the run configuration with a value in TOML's spelling.
struct GridSetting: Equatable, Sendable {
  let section: String
  let key: String
  let spelling: String
}

/// Points that a grid leaves out: those that have one of the listed values on every listed axis.
struct GridExclusion: Sendable {
  let conditions: [(axis: String, labels: [String])]

  func matches(_ labels: [StudyPoint.Label]) -> Bool {
    conditions.allSatisfy { condition in
      labels.contains { $0.axis == condition.axis && condition.labels.contains($0.value) }
    }
  }
}
