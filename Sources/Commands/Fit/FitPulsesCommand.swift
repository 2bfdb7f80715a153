import ArgumentParser
import DynamicFits
import Failures
import FitResults
import Mathematics
import MeasuredTables

/// `fit pulses`: the change of conductance per pulse.
struct FitPulsesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pulses",
    abstract: "Fit how programming pulses change the conductance.",
    discussion: """
      Pulses with conductance before and after, of many amplitudes and widths, are fitted by the
      Nili form in bins of conductance. Series of equal pulses (columns pulse and conductance) are
      fitted by soft-bounds, linear, power or piecewise steps; auto compares them across devices.

      Of series the cycle-to-cycle spread of a step is told from white and 1/f noise of the readings
      by how differences grow with the number of pulses between two readings.

      Examples:
        crossbar-gan fit pulses pulses.csv --base nili2020 --out mine.toml
        crossbar-gan fit pulses vcm/*.json --description Examples/vcm-pulse.toml --out vcm.toml
      """)

  @OptionGroup var table: TableOptions
  @OptionGroup var output: FitOutputOptions

  @Option(
    help: ArgumentHelp("Step form of series of equal pulses, or auto.", valueName: "NAME|auto"))
  var model = "auto"

  @Option(
    help: ArgumentHelp(
      "Siemens that the readings stand for where they have no unit.", valueName: "LO:HI"))
  var conductanceRange: ConductanceRange?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("SET amplitude where the table has none.", valueName: "V"))
  var setVoltage: FiniteNumber?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("RESET amplitude where the table has none.", valueName: "V"))
  var resetVoltage: FiniteNumber?

  @Option(help: ArgumentHelp("Width of the pulses where the table has none.", valueName: "s"))
  var width: FiniteNumber?

  @Option(help: ArgumentHelp("Largest read voltage, where no base gives it.", valueName: "V"))
  var readVoltage = FiniteNumber(0.2)

  func validate() throws {
    guard model == "auto" || model == "nili-bins" || StepForm(rawValue: model) != nil else {
      let known = StepForm.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--model \(model) is not known; expected auto, nili-bins, \(known).")
    }
    guard setVoltage?.value ?? 1 > 0, resetVoltage?.value ?? -1 < 0, width?.value ?? 1 > 0,
      readVoltage.value > 0
    else {
      throw ValidationError(
        "--set-voltage, --width and --read-voltage are positive, --reset-voltage is negative.")
    }
  }

  func run() throws {
    let reader = try table.reader()
    if try reader.gives(.conductanceBefore) {
      let fit = try PulseFit(reader, workers: Workers(count: output.threads))
      try output.finish(fit.report, table: table) { (draft, source) in
        fit.enter(&draft, source: source)
      } assumed: {
        CalibrationDraft(assumedAround: fit.conductance, readVoltage: readVoltage.value, name: $0)
      }
    } else {
      let fit = try SeriesFit(
        reader, form: StepForm(rawValue: model),
        given: .init(
          conductance: conductanceRange?.range, setVoltage: setVoltage?.value,
          resetVoltage: resetVoltage?.value, width: width?.value))
      try output.finish(fit.report, table: table) { (draft, source) in
        fit.enter(&draft, source: source)
      } assumed: {
        CalibrationDraft(assumedAround: fit.conductance, readVoltage: readVoltage.value, name: $0)
      }
    }
  }
}

/// Two conductances in siemens: `1e-6:1e-4`.
struct ConductanceRange: ExpressibleByArgument {
  let range: ClosedRange<Double>

  init?(argument: String) {
    let ends = argument.split(separator: ":").compactMap { FiniteNumber(argument: String($0)) }
    guard ends.count == 2, ends[0].value > 0, ends[0].value < ends[1].value else { return nil }
    range = ends[0].value...ends[1].value
  }
}
