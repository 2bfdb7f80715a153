package import Failures
import Files
import Reports
import Runs

/// The points of a study as its folder keeps them, in `study.json`.
///
/// Status and report read this and the run directories alone, so that they mean the same from any
/// working folder and with any later version of the program.
package struct StudyGrid: Equatable, Sendable {
  /// The study's name, which can name a folder.
  package let name: String
  /// One line about the study, from its file.
  package let summary: String
  /// SHA-256 of the study file.
  package let sha256: String
  /// In the order of every point's labels: repetitions first, others by name.
  package let axes: [Axis]
  /// In the order in which they are run.
  package let points: [StudyPoint]

  /// An axis by its labels.
  package struct Axis: Equatable, Sendable {
    /// `section.key`, or the name of the cases.
    package let name: String
    /// Labels in the order of the study file.
    package let values: [String]
  }
}

extension StudyGrid {
  private static let format = 1

  /// The content of `study.json`.
  var json: JSON {
    [
      "format": .integer(Self.format), "name": .text(name), "summary": .text(summary),
      "study_sha256": .text(sha256),
      "axes": .list(
        axes.map { ["name": .text($0.name), "values": .list($0.values.map(JSON.text))] }),
      "points": .list(
        points.map { point in
          [
            "id": .text(point.id), "labels": .list(point.labels.map { .text($0.value) }),
            "calibration_sha256": .text(point.calibrationHash),
            "configuration": point.configuration,
          ]
        }),
    ]
  }

  /// Reads `study.json`.
  ///
  /// - Throws: ``Failure``: `noInput` without the file, `badData` when it is not what was written.
  package init(contentsOf path: String) throws(Failure) {
    guard let json = JSON(parsing: try InputFile.rawBytes(of: path)),
      json["format"] == .integer(Self.format), let grid = Self(json: json)
    else { throw Failure(.badData, at: path, "is not a study of format \(Self.format)") }
    self = grid
  }

  private init?(json: JSON) {
    guard let name = json["name"]?.text, let summary = json["summary"]?.text,
      let sha256 = json["study_sha256"]?.text, case .list(let axes) = json["axes"],
      case .list(let points) = json["points"]
    else { return nil }
    self.name = name
    self.summary = summary
    self.sha256 = sha256
    let read = axes.compactMap { axis in
      axis["name"]?.text.map { Axis(name: $0, values: axis["values"]?.texts ?? []) }
    }
    self.axes = read
    self.points = points.compactMap { point in
      guard let id = point["id"]?.text, let labels = point["labels"]?.texts,
        let hash = point["calibration_sha256"]?.text, let configuration = point["configuration"]
      else { return nil }
      return StudyPoint(
        id: id, labels: zip(read, labels).map { .init(axis: $0.name, value: $1) },
        configuration: configuration, calibrationHash: hash)
    }
    guard self.axes.count == axes.count, self.points.count == points.count,
      StudyFile.isName(name), Set(self.points.map(\.id)).count == points.count,
      self.points.allSatisfy({ StudyPoint.isID($0.id) && $0.labels.count == axes.count })
    else { return nil }
  }
}

extension JSON {
  /// The strings of a list.
  fileprivate var texts: [String]? {
    guard case .list(let values) = self else { return nil }
    return values.compactMap(\.text)
  }
}
