import ArgumentParser
import Reports
import Runs

/// Trained weights on other arrays than those they were trained on.
struct TransferOptions: ParsableArguments {
  @Flag(
    help: """
      Write the trained weights, blind, to arrays with the flaws given, and take those: train ideal,
      then transfer. Flaws of the training are kept unless given anew.
      """)
  var transfer = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Which chip is written to; by default the one that was trained.", valueName: "S"),
    transform: CommandOption.of("run.device_seed").parsed)
  var deviceSeed: RunOption?

  @OptionGroup(title: "Non-idealities of the arrays written to") var nonIdealities:
    NonIdealityOptions

  func validate() throws {
    let isGiven = deviceSeed != nil || !nonIdealities.options.isEmpty
    if isGiven && !transfer {
      throw ValidationError(
        "Non-idealities and --device-seed need --transfer, the arrays written to.")
    }
  }

  /// What differs on the arrays written to; nil without a transfer.
  var options: [RunOption]? {
    guard transfer else { return nil }
    return nonIdealities.options + (deviceSeed.map { [$0] } ?? [])
  }
}
