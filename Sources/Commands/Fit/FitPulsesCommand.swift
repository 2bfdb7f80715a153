import ArgumentParser
import Failures
import Fitting
import Mathematics

/// `fit pulses`: the change of conductance per pulse.
struct FitPulsesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pulses",
    abstract: "Fit how programming pulses change the conductance.",
    discussion: """
      Pulses with conductance before and after, of many amplitudes and widths, are fitted by the
      Nili form in bins of conductance. Series of equal pulses (columns pulse and conductance) are
      fitted by soft-bounds, linear, power or piecewise steps; auto compares them across devices.

      Examples:
        crossbar-gan fit pulses pulses.csv --base nili2020 --out mine.toml
        crossbar-gan fit pulses vcm/*.json --description Examples/vcm-pulse.toml --out vcm.toml
      """)

  @OptionGroup var table: TableOptions
  @OptionGroup var output: FitOutputOptions

  func run() throws {
    let fit = try PulseFit(try table.reader(), workers: Workers(count: output.threads))
    try output.finish(fit.report, table: table) { (draft, source) in
      fit.enter(&draft, source: source)
    } assumed: {
      CalibrationDraft(assumedAround: fit.conductance, readVoltage: 0.2, name: $0)
    }
  }
}
