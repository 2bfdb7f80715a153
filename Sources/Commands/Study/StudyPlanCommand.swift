import ArgumentParser
import Failures
import Files
import Reports
import Runs
import Studies

/// `study plan`: what a study will take, before it starts.
struct StudyPlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Check a study file and estimate time, energy and disk space.",
    discussion: """
      Every point of the grid is resolved. Figures come from the study's finished runs, or from
      short runs of up to three conditions, made on the spot.

      Examples:
        crossbar-gan study plan study.toml
        crossbar-gan study plan study.toml --list --jobs 8
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

  @Flag(help: "List every run.")
  var list = false

  @Flag(help: "Only resolve the grid; measure nothing.")
  var dryRun = false

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws { try ValidationError.check(output: out) }

  func run() throws {
    // The measured run's folder is removed, whatever ends it.
    StopRequest.listen()
    let study = try Study(contentsOf: study, data: data)
    Console.notices(study.notices)
    let folder = StudyFolder(out ?? StudyFolder.defaultPath(of: study.grid.name))
    if !json { describe(study.grid, folder.records(of: study.grid)) }
    var estimate: StudyEstimate?
    if !dryRun {
      estimate = try StudyEstimate(of: study, in: folder, jobs: jobs.count) {
        Console.error("crossbar-gan: \($0)")
      }
    }
    if json {
      Console.print(self.json(study.grid, estimate).line)
    } else if let estimate {
      for line in lines(estimate) { Console.print(line) }
    }
  }

  private func describe(_ grid: StudyGrid, _ records: [RunRecord]) {
    Console.print("study   \(grid.name), \(StudyText.counts(records))")
    for axis in grid.axes {
      Console.print("axis    \(axis.name): \(axis.values.joined(separator: ", "))")
    }
    guard list else { return }
    var table = AlignedTable(header: ["run"] + grid.axes.map(\.name) + ["state"])
    for record in records {
      table.append(
        [record.point.id] + record.point.labels.map(\.value) + [record.status.rawValue])
    }
    for line in [""] + table.lines + [""] { Console.print(line) }
  }

  private func lines(_ estimate: StudyEstimate) -> [String] {
    let basis =
      switch estimate.basis {
      case .finishedRuns(let count):
        "images per second of \(count) finished run\(count == 1 ? "" : "s"), start-up not counted"
      case .shortRuns(let count):
        "short runs of \(count) condition\(count == 1 ? "" : "s") on this machine, one at a time"
      }
    let seconds = estimate.costs.map(\.seconds)
    let range =
      "\(NumberText.duration(seconds: seconds.min() ?? 0))"
      + " to \(NumberText.duration(seconds: seconds.max() ?? 0))"
    return [
      "basis   \(basis)",
      "time    \(NumberText.duration(seconds: estimate.seconds)) for \(estimate.left) runs,"
        + " \(estimate.jobs) at once; a run takes \(range)",
      "work    \(NumberText.short(estimate.processorSeconds / 3600, digits: 3)) processor hours",
      "energy  \(NumberText.short(estimate.joules, digits: 3)) J booked by the simulated hardware",
      "disk    \(NumberText.short(estimate.bytes / 1e6, digits: 3)) MB",
    ]
  }

  private func json(_ grid: StudyGrid, _ estimate: StudyEstimate?) -> JSON {
    var members: [JSON.Member] = [
      .init("study", .text(grid.name)), .init("points", .integer(grid.points.count)),
      .init(
        "runs",
        .list(
          grid.points.map { point in
            [
              "id": .text(point.id),
              "labels": .object(point.labels.map { .init($0.axis, .text($0.value)) }),
            ]
          })),
    ]
    if let estimate {
      let basis =
        switch estimate.basis {
        case .finishedRuns: "finished runs"
        case .shortRuns: "short runs"
        }
      members += [
        .init("left", .integer(estimate.left)), .init("jobs", .integer(estimate.jobs)),
        .init("seconds", .number(estimate.seconds)),
        .init("processor_seconds", .number(estimate.processorSeconds)),
        .init("energy_J", .number(estimate.joules)), .init("bytes", .number(estimate.bytes)),
        .init("basis", .text(basis)),
      ]
    }
    return .object(members)
  }
}
