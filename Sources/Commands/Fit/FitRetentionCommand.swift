import ArgumentParser
import Failures
import Fitting
import Runs

/// `fit retention`: drift and spread with time and temperature.
struct FitRetentionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retention",
    abstract: "Fit how conductance drifts and spreads with time and temperature.",
    discussion: """
      Every cell (device, conductance, time, temperature) is compared with its own first reading;
      without times the order of the files is that of the readings. The calibration format has no
      retention, so that this prints and writes no calibration.

      Examples:
        crossbar-gan fit retention bake.tsv.gz --description Examples/fit/relax-bake.toml
        crossbar-gan fit retention prebake85.tsv postbake85.tsv prebake110.tsv postbake110.tsv \\
          --description Examples/fit/bake-pairs.toml
      """)

  @OptionGroup var table: TableOptions

  @Flag(help: "Print JSON, in SI units.")
  var json = false

  func run() throws {
    let report = try RetentionFit(try table.reader()).report
    if json {
      Console.print(FitOutputOptions.answer(report).line)
    } else {
      for line in FitOutputOptions.text(report) { Console.print(line) }
    }
  }
}
