import ArgumentParser
import Failures
import Reports
import Runs
import Studies

/// `study status`: where every run of a study stands.
struct StudyStatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show what is done, running, failed and left.",
    discussion: """
      Examples:
        crossbar-gan study status study.toml
        crossbar-gan study status studies/noise --json
      """)

  @OptionGroup var argument: StudyArgument

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let folder = try argument.folder()
    let grid = try folder.loadGrid()
    let records = folder.records(of: grid)
    if json {
      Console.print(
        JSON.object([
          .init("study", .text(grid.name)), .init("study_sha256", .text(grid.sha256)),
          .init("runs", .list(records.map(StudyText.json))),
        ]).line)
      return
    }
    var table = AlignedTable(
      header: ["run"] + grid.axes.map(\.name) + ["state", "epochs", "outcome"])
    for record in records {
      table.append(
        [record.point.id] + record.point.labels.map(\.value) + [
          record.status.rawValue, "\(record.completedEpochs)/\(record.point.epochs)",
          StudyText.outcome(record),
        ])
    }
    for line in table.lines { Console.print(line) }
    Console.print("")
    Console.print("\(folder.path): \(StudyText.counts(records))")
  }
}
