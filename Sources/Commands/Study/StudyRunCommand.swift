import ArgumentParser
import Failures
import Reports
import Runs
import Studies

/// `study run`: carries out what is left of a study.
struct StudyRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Carry out a study, or what is left of it.",
    discussion: """
      Each run is a process of its own on one thread. The study may be stopped in any way at any
      time; the same command goes on with what is left, and finished runs are never repeated. Runs
      that failed are tried again.

      Examples:
        crossbar-gan study run study.toml
        crossbar-gan study run study.toml --out studies/noise --jobs 4 --json
      """)

  @Argument(help: ArgumentHelp("Study file.", valueName: "STUDY.toml"))
  var study: String

  @Option(help: ArgumentHelp("Folder of the study. Default: studies/NAME.", valueName: "DIR"))
  var out: String?

  @Option(
    help: ArgumentHelp(
      "Training images, in place of the file's data.source: synthetic, or a folder.",
      valueName: "DIR|synthetic"))
  var data: String?

  @OptionGroup var jobs: JobsOption

  @Flag(help: "Print an object per run that ends to standard output.")
  var json = false

  func validate() throws { try ValidationError.check(output: out) }

  func run() throws {
    let study = try Study(contentsOf: study, data: data)
    Console.notices(study.notices)
    let folder = StudyFolder(out ?? StudyFolder.defaultPath(of: study.grid.name))
    StopRequest.listen()
    var runner = StudyRunner(study: study, folder: folder, jobs: jobs.count)
    let records = try runner.run { tell($0, in: folder) }
    guard !json else { return }
    Console.print("\(records.count) runs are finished: \(folder.path)")
    Console.print("next: crossbar-gan study report \(folder.path)")
  }

  private func tell(_ event: StudyRunner.Event, in folder: StudyFolder) {
    switch event {
    case .notice(let line): Console.error("crossbar-gan: \(line)")
    case .prepared(let left, let total):
      Console.error("\(folder.path): \(left) of \(total) runs left, \(jobs.count) at once")
    case .started(let point): Console.error("started   \(point.id)  \(point.title)")
    case .ended(let record, let done, let total):
      let detail = StudyText.outcome(record)
      Console.error(
        "\(record.status.rawValue.padded(to: 8))  \(record.point.id)  \(record.point.title)"
          + "  \(detail)  [\(done)/\(total)]")
      if json { Console.print(StudyText.json(record).line) }
    }
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
