import Calibration
package import Failures
package import Files
package import Runs

/// A grid of runs over any keys of the run configuration, read from a study file.
///
///     name = "noise"
///     [run]                                    # sections of a run configuration: the base
///     epochs = 10
///     [grid]
///     run.noise = ["gaussian", "uniform"]      # a key with its values
///     run.seed = [1, 2, 3]                     # repetitions of every condition
///     [[grid.device]]                          # named cases that move several keys together
///     name = "ideal"
///     run.calibration = "ideal"
///     variation.static = false
///     [[exclude]]                              # points with all of these are left out
///     run.noise = "uniform"
///     device = "ideal"
///
/// Relative paths are taken from the working folder, as in `train`.
package struct Study: Sendable {
  /// What is written into the study's folder: everything but how to start a run.
  package let grid: StudyGrid
  /// The configurations of the grid's points, in their order.
  package let configurations: [RunConfiguration]
  /// The study file's path, for messages.
  package let path: String
  /// A line for every former key that the study file or a calibration holds.
  package let notices: [String]
  /// SHA-256 of a calibration to those of its text in earlier formats.
  let formerCalibrationHashes: [String: [String]]
  /// The study file's text as it was read, for the study's folder.
  package let text: String

  /// Reads a study file and resolves the configuration of every point.
  ///
  /// - Parameter data: takes the place of the file's `data.source`.
  /// - Throws: ``Failure``: `noInput` without the file; `badData` naming file, point and key for
  ///   anything that a run configuration or a grid cannot have; whatever loading a calibration
  ///   throws.
  package init(contentsOf path: String, data: String? = nil) throws(Failure) {
    try self.init(document: TOMLDocument(path: path), data: data)
  }

  /// The same of a parsed document.
  package init(document: TOMLDocument, data: String? = nil) throws(Failure) {
    var file = try StudyFile(document: document, data: data)
    var notices = file.notices
    var formerHashes: [String: [String]] = [:]
    try file.read()
    var points: [StudyPoint] = []
    var configurations: [RunConfiguration] = []
    var titles: [String: String] = [:]
    for values in file.positions() {
      let resolved = try file.resolve(values)
      for notice in resolved.notices where !notices.contains(notice) { notices.append(notice) }
      let json = resolved.configuration.json
      let point = StudyPoint(
        id: StudyPoint.id(of: json),
        labels: zip(file.axes, values).map { .init(axis: $0.name, value: $1.label) },
        configuration: json, calibrationHash: resolved.calibration.sha256)
      formerHashes[point.calibrationHash] = resolved.calibration.formerHashes
      if let twin = titles.updateValue(point.title, forKey: point.id) {
        throw Failure(
          .badData, at: "\(document.name): grid",
          "\"\(twin)\" and \"\(point.title)\" are the same run",
          remedy: "remove a value that changes nothing, or exclude one of the two")
      }
      points.append(point)
      configurations.append(resolved.configuration)
    }
    grid = StudyGrid(
      name: file.name, summary: file.summary, sha256: document.sha256,
      axes: file.axes.map { .init(name: $0.name, values: $0.values.map(\.label)) }, points: points)
    self.configurations = configurations
    self.notices = notices
    formerCalibrationHashes = formerHashes
    path = document.name
    text = document.text
  }
}
