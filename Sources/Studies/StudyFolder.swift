package import Failures
import Files
import Foundation
import Reports
package import Runs

/// The folder of a study and the names in it.
///
///     study.toml      the study file as it was given
///     study.json      the grid it expands to
///     machine.json    where the last `study run` happened
///     study.sqlite    a row per run and per epoch, made from the run directories
///     configurations/ the resolved configuration of every point
///     runs/           a run directory per point that was started
///     logs/           what runs said on standard error
///     failures/       why runs failed
///     report/         see ``StudyReport``
package struct StudyFolder: Equatable, Sendable {
  /// The folder, absolute or from the working folder.
  package let path: String

  /// The folder at a path, whether there is one or not.
  package init(_ path: String) { self.path = path }

  /// The folder a study has unless another is given: `studies/NAME`.
  package static func defaultPath(of name: String) -> String { "studies/\(name)" }

  /// Path of the ``StudyGrid``.
  package var grid: String { path + "/study.json" }
  /// Path of the study file's copy.
  package var studyFile: String { path + "/study.toml" }
  /// Path of the description of the machine that ran the study last.
  package var machine: String { path + "/machine.json" }
  /// Path of the SQLite database, which can be made again from the run directories.
  package var database: String { path + "/study.sqlite" }
  /// Path of the folder with the report.
  package var report: String { path + "/report" }
  package var lock: String { path + "/lock" }

  /// The directory of the run of a point, by ``StudyPoint/id``.
  package func run(_ id: String) -> RunDirectory { RunDirectory("\(path)/runs/\(id)") }
  package func configuration(_ id: String) -> String { "\(path)/configurations/\(id).toml" }
  func log(_ id: String) -> String { "\(path)/logs/\(id).log" }
  package func failure(_ id: String) -> String { "\(path)/failures/\(id).json" }

  /// The grid of the study in the folder.
  ///
  /// - Throws: ``Failure``: `noInput` when there is none.
  package func loadGrid() throws(Failure) -> StudyGrid {
    guard FileManager.default.fileExists(atPath: grid) else {
      throw Failure(
        .noInput, at: path, "holds no study",
        remedy: "start one with: crossbar-gan study run STUDY.toml --out \(path)")
    }
    return try StudyGrid(contentsOf: grid)
  }

  /// Every run of a grid as its directory has it.
  package func records(of grid: StudyGrid) -> [RunRecord] {
    records(of: grid, studyIsActive: FileLock.holder(of: lock) != nil)
  }

  func records(of grid: StudyGrid, studyIsActive: Bool) -> [RunRecord] {
    grid.points.map { RunRecord(of: $0, in: self, studyIsActive: studyIsActive) }
  }
}

extension StudyFolder {
  /// Creates the folder, or takes over one of the same study.
  ///
  /// - Throws: ``Failure`` of kind `cannotCreate` when the folder is of something else or cannot be
  ///   made.
  package func prepare(for study: Study) throws(Failure) {
    let files = FileManager.default
    if files.fileExists(atPath: grid) {
      let earlier = try StudyGrid(contentsOf: grid)
      guard earlier.name == study.grid.name else {
        throw Failure(
          .cannotCreate, at: path, "holds the study \"\(earlier.name)\"",
          remedy: "choose another --out")
      }
    } else if let content = try? files.contentsOfDirectory(atPath: path),
      // A kill between the lock and the grid leaves these.
      !Set(content).isSubset(of: ["lock", "configurations", "runs", "logs", "failures"])
    {
      throw Failure(
        .cannotCreate, at: path, "exists, is not empty and holds no study",
        remedy: "choose another --out")
    }
    OutputTarget.removeAbandoned(in: path)
    for name in ["configurations", "runs", "logs", "failures"] {
      try OutputFolder.create(name, in: path)
      OutputTarget.removeAbandoned(in: "\(path)/\(name)")
    }
  }

  /// Writes what describes the study: configurations first, the grid that names them last.
  package func write(_ study: Study) throws(Failure) {
    for (point, configuration) in zip(study.grid.points, study.configurations) {
      let file = self.configuration(point.id)
      guard !FileManager.default.fileExists(atPath: file) else { continue }
      try AtomicFile.write(configuration.toml, to: file, links: .replaced)
    }
    try AtomicFile.write(study.text, to: studyFile, links: .replaced)
    try AtomicFile.write(Machine.json.document, to: machine, links: .replaced)
    try AtomicFile.write(study.grid.json.document, to: grid, links: .replaced)
  }
}
