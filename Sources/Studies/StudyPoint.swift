import Files
import Foundation
package import Reports
import Runs

/// One run of a study.
package struct StudyPoint: Equatable, Sendable {
  /// The first twelve digits of the SHA-256 of the resolved configuration: equal runs have equal
  /// names, in whatever study and order they appear.
  package let id: String
  /// Where the point lies on each axis of the grid.
  package let labels: [Label]
  /// The resolved configuration, an object of sections.
  package let configuration: JSON
  /// SHA-256 of the calibration file the configuration names.
  package let calibrationHash: String

  /// A position on an axis.
  package struct Label: Equatable, Hashable, Sendable {
    /// ``StudyGrid/Axis/name`` of the axis.
    package let axis: String
    /// Label of the value on it.
    package let value: String

    /// `noise=gaussian`: the key without its section.
    package var text: String { "\(axis.split(separator: ".").last ?? "")=\(value)" }
  }

  /// What the point has in common with its repetitions.
  package var condition: [Label] { labels.filter { !GridAxis.isReplicate($0.axis) } }

  /// Which repetition of its condition the point is.
  package var replicate: [Label] { labels.filter { GridAxis.isReplicate($0.axis) } }

  /// All labels, such as `noise=gaussian, seed=1`.
  package var title: String { Self.title(labels) }

  /// Epochs the run is to have.
  package var epochs: Int { configuration["run"]?["epochs"]?.integer ?? 0 }

  static func title(_ labels: [Label]) -> String {
    labels.isEmpty ? "base" : labels.map(\.text).joined(separator: ", ")
  }

  /// Whether a text has the form of ``id``: it becomes a part of paths and pages.
  static func isID(_ text: String) -> Bool {
    text.utf8.count == 12 && text.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
  }

  package static func id(of configuration: JSON) -> String {
    // Runs keep the names that they had under former keys.
    let lines = configuration.settings.map { name, value in
      let spelling = value.line
      for key in RunConfiguration.formerKeys {
        if let (name, spelling) = key.original(name, spelling) { return "\(name) = \(spelling)" }
      }
      return "\(name) = \(spelling)"
    }.sorted()
    return String(Checksum.sha256(Data(lines.joined(separator: "\n").utf8)).prefix(12))
  }
}

extension JSON {
  /// An object of sections as a list of `section.key` with values.
  var settings: [(name: String, value: JSON)] {
    guard case .object(let sections) = self else { return [] }
    return sections.flatMap { section -> [(name: String, value: JSON)] in
      guard case .object(let members) = section.value else { return [] }
      return members.map { ("\(section.key).\($0.key)", $0.value) }
    }
  }
}
