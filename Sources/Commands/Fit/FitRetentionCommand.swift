import ArgumentParser
import DynamicFits
import Failures
import FitResults

/// `fit retention`: drift and spread with time and temperature.
struct FitRetentionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retention",
    abstract: "Fit how conductance drifts and spreads with time and temperature.",
    discussion: """
      Every cell (device, conductance, time, temperature) is compared with its own first reading;
      without times the order of the files is that of the readings. From three times on a law of
      drift goes into the calibration's [retention], for measure retention and for readers; training
      leaves drift out.

      Examples:
        crossbar-gan fit retention retention.csv --out mine.toml --report report
        crossbar-gan fit retention bake.tsv.gz --description Examples/fit/relax-bake.toml
        crossbar-gan fit retention prebake85.tsv postbake85.tsv prebake110.tsv postbake110.tsv \\
          --description Examples/fit/bake-pairs.toml
      """)

  @OptionGroup var table: TableOptions

  @OptionGroup var output: FitOutputOptions

  @Option(help: ArgumentHelp("Largest read voltage, where no base gives it.", valueName: "V"))
  var readVoltage = FiniteNumber(0.2)

  func validate() throws {
    guard readVoltage.value > 0 else { throw ValidationError("--read-voltage is positive.") }
  }

  func run() throws {
    let fit = try RetentionFit(try table.reader())
    try output.finish(fit.report, table: table) { (draft, source) throws(Failure) in
      try fit.enter(&draft, source: source)
    } assumed: {
      CalibrationDraft(assumedAround: fit.conductance, readVoltage: readVoltage.value, name: $0)
    }
  }
}
