import ArgumentParser
import Calibration
import Failures
import Files
import Foundation
import Mathematics
import Networks
import Runs

/// `train`: one run, from nothing or on from its checkpoint.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a generator and a discriminator, by default on crossbars.",
    discussion: """
      Options override the configuration file; --dry-run prints what results from both, as a
      complete configuration file. Ctrl-C stops at the next step; --resume goes on from the last
      whole epoch with the bits of an uninterrupted run.

      Examples:
        crossbar-gan train
        crossbar-gan train --data mnist --classes 0,1 --epochs 5 --seed 7 --out runs/two
        crossbar-gan train --resume --out runs/two
        crossbar-gan train --backend digital --optimizer adam --json
        crossbar-gan train --calibration ideal --dry-run > run.toml
        crossbar-gan train --config run.toml
        crossbar-gan train --keys
      """)

  @OptionGroup var settings: TrainOptions

  @Option(
    help: ArgumentHelp("Configuration file; see --dry-run for one.", valueName: "run.toml"))
  var config: String?

  @Option(
    help: ArgumentHelp(
      "Folder of the run; by default a new one in runs, named by time and seed.",
      valueName: "DIR"))
  var out: String?

  @Flag(help: "Continue the run in --out.")
  var resume = false

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print the resolved configuration and stop.")
  var dryRun = false

  @Flag(help: "Print the reference of all keys of the configuration, in Markdown, and stop.")
  var keys = false

  @Flag(help: "Print an object per epoch, with the keys of metrics.csv, to standard output.")
  var json = false

  @Flag(name: [.short, .long], help: "Say nothing but results and failures.")
  var quiet = false

  @Flag(help: "Stop with exit code 70 when training has collapsed; the checkpoint is kept.")
  var stopOnCollapse = false

  @Flag(help: "Stop, as on Ctrl-C, when standard input ends; for programs that start this one.")
  var stopWithInput = false

  func validate() throws {
    try ValidationError.check(output: out)
    if resume && out == nil { throw ValidationError("--resume needs the run's folder in --out.") }
  }

  func run() throws {
    if keys { return try KeyText.lines().forEach(Console.print) }
    let resolved = try resolved()
    if !quiet { Console.notices(resolved.notices) }
    let configuration = resolved.configuration
    if dryRun {
      Console.print(String(configuration.toml.dropLast()))
      return
    }
    let directory =
      out.map(RunDirectory.init) ?? RunDirectory.unused(seed: configuration.plan.seed)
    let run = TrainingRun(
      configuration: configuration, calibration: resolved.calibration, directory: directory,
      resumes: resume, stopsOnCollapse: stopOnCollapse, workers: Workers(count: threads.count))
    let report = TrainReport(
      run: run, threads: threads.count, isQuiet: quiet, printsJSON: json)
    StopRequest.listen()
    if stopWithInput { InputWatch.start() }
    do throws(Failure) {
      let outcome = try run.run { report.take($0) }
      report.close(outcome)
    } catch {
      report.abort()
      throw error
    }
  }

  private func resolved() throws(Failure) -> ResolvedConfiguration {
    var file: TOMLDocument?
    if let config { file = try TOMLDocument(path: config) }
    if resume, let out,
      let stored = try RunConfiguration.continuing(
        RunDirectory(out), file: file, options: settings.options)
    {
      return stored
    }
    if resume, let out, config == nil {
      let isDefault = settings.options.isEmpty
      Console.error(
        "crossbar-gan: warning: \(Failure.oneLine(out)) holds no run to continue:"
          + " a new run \(isDefault ? "of the default configuration " : "")starts there")
    }
    return try RunConfiguration.resolve(file: file, options: settings.options)
  }
}
