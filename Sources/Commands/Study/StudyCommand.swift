import ArgumentParser
import Failures
import Files
import Foundation
import Studies

/// `study`: grids of runs.
struct StudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study",
    abstract: "Run a grid of configurations, and report on it.",
    discussion: """
      A study file has the sections of a run configuration (see train --dry-run) and a grid over any
      of their keys:

        name = "noise"
        [run]
        epochs = 10
        [grid]
        run.noise = ["gaussian", "uniform"]
        run.seed = [1, 2, 3]

      Seeds repeat a condition: intervals and paired tests run over them.

      Examples:
        crossbar-gan study plan study.toml
        crossbar-gan study run study.toml --jobs 4
        crossbar-gan study status study.toml
        crossbar-gan study report studies/noise --out report
      """,
    subcommands: [
      StudyRunCommand.self, StudyPlanCommand.self, StudyStatusCommand.self,
      StudyReportCommand.self,
    ])
}

/// A study that has been started, by its folder or by its file.
struct StudyArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Study file, for the study's own folder studies/NAME, or the folder of a study.",
      valueName: "STUDY.toml|DIR"))
  var study: String

  func folder() throws(Failure) -> StudyFolder {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: study, isDirectory: &isFolder),
      isFolder.boolValue
    else {
      let name = try TOMLDocument(path: study).root.string("name")
      return StudyFolder(StudyFolder.defaultPath(of: name))
    }
    return StudyFolder(study)
  }
}

/// How many processes work at once.
struct JobsOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Runs at once, each on one thread. Default: all cores.", valueName: "N"))
  var jobs: Int?

  var count: Int { jobs ?? ProcessInfo.processInfo.activeProcessorCount }

  func validate() throws { try ValidationError.check(workers: jobs, option: "--jobs") }
}
