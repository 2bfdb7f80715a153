import ArgumentParser
import Failures
import FitResults
import StaticFits

/// `fit states`: how conductances of states are distributed.
struct FitStatesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "states",
    abstract: "Find low, high and further states as distributions over devices and cycles.",
    discussion: """
      Takes loops and ramps (voltage, current), readings (device, cycle, conductance or resistance, or
      current at one voltage), or a map (row, column, conductance). A column operation that says set, reset,
      on, off, lrs or hrs, or a column level, names the states; without one a mixture of log-normal
      distributions tells them apart, as many as Schwarz's criterion (BIC) allows. Of every state it gives the
      median, the standard deviation of ln R and its shares of devices and cycles, and of all the window and
      the yield. The result is the section [states]; of a base with [switching] its two states as well.

      Examples:
        crossbar-gan fit states loops.csv --out mine.toml
        crossbar-gan fit states cycles.csv --base mine.toml --out mine.toml
      """)

  @OptionGroup var table: TableOptions
  @OptionGroup var output: FitOutputOptions

  @Option(help: ArgumentHelp("Largest read voltage, where no base gives it.", valueName: "V"))
  var readVoltage = FiniteNumber(0.1)

  func validate() throws {
    guard readVoltage.value > 0 else { throw ValidationError("--read-voltage is positive.") }
  }

  func run() throws {
    let fit = try StatesFit(try table.reader())
    try output.finish(fit.report, table: table) { (draft, source) throws(Failure) in
      try fit.enter(&draft, source: source)
    } assumed: {
      CalibrationDraft(assumedAround: fit.conductance, readVoltage: readVoltage.value, name: $0)
    }
  }
}
