import ArgumentParser
import Failures
import Studies

/// `study report`: tables, plots and samples of what is finished.
struct StudyReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write an offline page and CSV tables of a study.",
    discussion: """
      The page has mean and 95 % interval per condition, paired tests, the Pareto front of quality
      against energy, energy by phase, plots when gnuplot is installed, and sample sheets.

      Examples:
        crossbar-gan study report study.toml
        crossbar-gan study report studies/noise --out docs/noise
      """)

  @OptionGroup var argument: StudyArgument

  @Option(
    help: ArgumentHelp("Folder of the report. Default: report in the study's.", valueName: "DIR"))
  var out: String?

  func validate() throws { try ValidationError.check(output: out) }

  func run() throws {
    let folder = try argument.folder()
    let report = try StudyReport(of: folder)
    let path = out ?? folder.report
    for notice in try report.write(to: path) { Console.error("crossbar-gan: \(notice)") }
    Console.print("\(path)/\(StudyReport.page)")
  }
}
