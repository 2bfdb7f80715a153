/// One dimension of a grid: a key of the run configuration with its values, or named cases that move
/// several keys together.
public struct GridAxis: Equatable, Sendable {
  /// `section.key`, or the name of the cases.
  public let name: String
  public let values: [Value]

  /// One step along the axis.
  public struct Value: Equatable, Sendable {
    /// As tables and plots show it.
    public let label: String
    let settings: [GridSetting]
  }

  /// The axes whose values repeat a condition instead of making another.
  private static let replicateNames = ["run.seed", "run.device_seed"]

  /// Whether the axis repeats conditions: intervals and paired tests run over its values.
  public var isReplicate: Bool { Self.isReplicate(name) }

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
