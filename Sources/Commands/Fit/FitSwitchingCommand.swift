import ArgumentParser
import DynamicFits
import Failures

/// `fit switching`: when a pulse switches a device.
struct FitSwitchingCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "switching",
    abstract: "Fit when pulses and ramps switch a device.",
    discussion: """
      Single pulses (voltage, width, conductance before and after, or a column switched of 0 and 1)
      give the median threshold, its change per decade of width and its spread; repeated ramps and
      loops (voltage, current) give thresholds. SET is above zero volts and RESET below, unless a
      column operation says set or reset. The result is the section [switching] that
      train --noise switching uses.

      Models: \(SwitchingForm.allCases.map(\.rawValue).joined(separator: ", ")); auto chooses by AIC.

      Examples:
        crossbar-gan fit switching pulses.csv --base nili2020 --out mine.toml
        crossbar-gan fit switching set_sweep.tsv --description Examples/fit/set-switching.toml \\
          --threshold 5e-5 --cycle-share 0.8 --out mine.toml
      """)

  @OptionGroup var table: TableOptions
  @OptionGroup var output: FitOutputOptions

  @Option(help: ArgumentHelp("Form of the probability, or auto.", valueName: "NAME|auto"))
  var model = "auto"

  @Option(
    help: ArgumentHelp(
      "Conductance above which a cell is switched; cells above half of it before the pulse are left out. Default: the valley between the states.",
      valueName: "S"))
  var threshold: FiniteNumber?

  @Option(help: ArgumentHelp("Width at which the threshold is stated.", valueName: "s"))
  var width: FiniteNumber?

  @Option(
    help: ArgumentHelp(
      "Cycle-to-cycle share of the total standard deviation, where the data does not give it.",
      valueName: "X"))
  var cycleShare: FiniteNumber?

  @Option(help: ArgumentHelp("The device that --cycle-share is from.", valueName: "TEXT"))
  var cycleShareFrom: String?

  func validate() throws {
    guard model == "auto" || SwitchingForm(rawValue: model) != nil else {
      let known = SwitchingForm.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--model \(model) is not known; expected auto, \(known).")
    }
    guard threshold?.value ?? 1 > 0, width?.value ?? 1 > 0 else {
      throw ValidationError("--threshold and --width are positive.")
    }
    if let share = cycleShare?.value, !(share > 0 && share < 1) {
      throw ValidationError("--cycle-share \(share) is not between 0 and 1.")
    }
    guard cycleShareFrom == nil || cycleShare != nil else {
      throw ValidationError("--cycle-share-from needs --cycle-share.")
    }
  }

  func run() throws {
    let fit = try SwitchingFit(
      try table.reader(), form: SwitchingForm(rawValue: model), threshold: threshold?.value,
      width: width?.value)
    let share = cycleShare.map {
      SwitchingFit.CycleShare(value: $0.value, origin: cycleShareFrom)
    }
    try output.finish(fit.report, table: table) { (draft, source) throws(Failure) in
      try fit.enter(&draft, source: source, share: share)
    } assumed: {
      fit.assumedDraft(name: $0)
    }
  }
}
