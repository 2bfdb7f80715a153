import ArgumentParser
import Failures
import Foundation
import MeasuredTables

/// `fit`: from measured files to a calibration.
struct FitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Fit device models to measured files and write a calibration.",
    discussion: """
      Tables whose headers say what their columns are and the exports of common instruments are read
      as they come; fit inspect says how. Anything else takes a description, which fit inspect
      --write-description begins; see calibration/README.md and Examples.

      Examples:
        crossbar-gan fit inspect iv.csv
        crossbar-gan fit iv iv.csv --model auto --out mine.toml
        crossbar-gan fit states cycles.csv --base mine.toml --out mine.toml
        crossbar-gan fit pulses pulses.csv --base mine.toml --out mine.toml
        crossbar-gan fit map map.csv --base mine.toml --out mine.toml
        crossbar-gan fit wires readout.csv --base mine.toml --name mine --out mine.toml
        crossbar-gan fit compare nili2020 mine.toml
      """,
    subcommands: [
      FitInspectCommand.self, FitStaticCommand.self, FitPulsesCommand.self,
      FitSwitchingCommand.self, FitStatesCommand.self, FitNoiseCommand.self,
      FitRetentionCommand.self, FitMapCommand.self,
      FitWiresCommand.self, FitCompareCommand.self,
    ])
}

/// What every fit reads.
struct TableOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("Measured files.", valueName: "FILE"))
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "How to read files that do not say it themselves.", valueName: "FILE.toml"))
  var description: String?

  @Option(
    help: ArgumentHelp(
      "Format of the files, where their marks mislead: \(TableFormat.listing).",
      valueName: "NAME"))
  var format: String?

  @Option(
    help: ArgumentHelp(
      "Path of the table in a file that holds several (MATLAB, HDF5, npz).", valueName: "PATH"))
  var dataset: String?

  @Flag(help: "Refuse when any file cannot be read, instead of leaving it out.")
  var strict = false

  func validate() throws {
    if let format, TableFormat(rawValue: format) == nil {
      throw ValidationError("--format \(format) is not known; expected \(TableFormat.listing).")
    }
  }

  func reader() throws(Failure) -> TableReader {
    TableReader(
      files: files,
      description: try description.map { path throws(Failure) in
        try TableDescription(path: path)
      } ?? .tidy,
      format: format.flatMap(TableFormat.init(rawValue:)), dataset: dataset, isStrict: strict)
  }
}

/// What every fit writes.
struct FitOutputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Calibration to write; its name is the file's.", valueName: "NAME.toml"))
  var out: String?

  @Option(
    help: ArgumentHelp(
      "Calibration that gives the sections not fitted.", valueName: "NAME|FILE"))
  var base: String?

  @Option(help: ArgumentHelp("Folder for an HTML report.", valueName: "DIR"))
  var report: String?

  @Option(help: ArgumentHelp("Threads; results do not depend on it.", valueName: "N"))
  var threads = 2

  @Option(
    help: ArgumentHelp(
      "Share of points, sweeps, devices or ramps that rules may leave out before the fit is refused.",
      valueName: "X"))
  var dropLimit = FiniteNumber(0.2)

  @Flag(help: "Overwrite the file of --out.")
  var force = false

  @Flag(help: "Print JSON, in SI units.")
  var json = false

  @Flag(help: "Print every trace and reading time, not only what they have in common.")
  var details = false

  func validate() throws {
    try ValidationError.check(workers: threads, option: "--threads")
    guard (0...1).contains(dropLimit.value) else {
      throw ValidationError("--drop-limit \(dropLimit.value) is not between 0 and 1.")
    }
    // Before anything is read: a fit can take minutes.
    if let out, FileManager.default.fileExists(atPath: out), !force, !isBase(out) {
      throw ValidationError("--out \(out) exists: pass --force to overwrite it, or another name.")
    }
  }

  /// Whether a path is the file that --base names: that one a fit updates.
  private func isBase(_ path: String) -> Bool {
    guard let base else { return false }
    func resolved(_ path: String) -> String {
      URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }
    return resolved(base) == resolved(path)
  }
}
