import ArgumentParser
import Failures
import FitResults
import NoiseFits

/// `fit noise`: what disturbs a reading.
struct FitNoiseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "noise",
    abstract: "Find white, 1/f and telegraph noise and instrument lines in traces.",
    discussion: """
      Traces (time, conductance, device) at equal intervals; few missing samples are filled. Lines at
      fixed frequencies are an instrument's: named and taken off first, as are spikes. A trap with two
      levels becomes [telegraph].

      Examples:
        crossbar-gan fit noise trace.csv --base nili2020 --out mine.toml
        crossbar-gan fit noise tsdata.min.tsv.gz --description Examples/fit/noise-traces.toml
      """)

  @OptionGroup var table: TableOptions
  @OptionGroup var output: FitOutputOptions

  func run() throws {
    let fit = try NoiseFit(try table.reader())
    try output.finish(fit.report, table: table) { (draft, source) throws(Failure) in
      try fit.enter(&draft, source: source)
    } assumed: {
      CalibrationDraft(assumedAround: fit.conductance, readVoltage: 0.1, name: $0)
    }
  }
}
