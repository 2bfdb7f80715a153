import ArgumentParser
import Failures
import FitResults
import Mathematics
import StaticFits

/// `fit iv`: static characteristics.
struct FitStaticCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "iv",
    abstract: "Fit a static model to current-voltage sweeps.",
    discussion: """
      Models: \(StaticForm.allCases.map(\.rawValue).joined(separator: ", ")); auto chooses by \
      cross-validation across devices.

      Example:
        crossbar-gan fit iv iv.csv --model nili-cubic --out mine.toml
      """)

  @OptionGroup var table: TableOptions
  @OptionGroup var output: FitOutputOptions

  @Option(help: ArgumentHelp("Static model, or auto.", valueName: "NAME|auto"))
  var model = "auto"

  func validate() throws {
    guard model == "auto" || StaticForm(rawValue: model) != nil else {
      let known = StaticForm.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--model \(model) is not known; expected auto, \(known).")
    }
  }

  func run() throws {
    let fit = try StaticFit(
      try table.reader(), form: StaticForm(rawValue: model),
      workers: Workers(count: output.threads))
    try output.finish(fit.report, table: table) { (draft, source) in
      fit.enter(&draft, source: source)
    } assumed: {
      CalibrationDraft(
        assumedAround: fit.conductance, readVoltage: fit.readVoltage, name: $0)
    }
  }
}
