import ArgumentParser
import Failures
import Files
import Mathematics
import Runs

/// Weights that were trained elsewhere, in the place of a run.
struct ImportOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Weights trained elsewhere, named as in PyTorch's state_dict, written to arrays.",
      valueName: "W.safetensors"))
  var weights: String?

  @Option(
    help: ArgumentHelp(
      "Configuration of the arrays that --weights is written to: networks, device, wires, flaws.",
      valueName: "run.toml"))
  var config: String?

  @Option(setting: "run.calibration") var calibration: RunOption?

  /// Refuses what does not go together.
  func check(run: String?, transfer: TransferOptions) throws {
    guard (run == nil) != (weights == nil) else {
      throw ValidationError("Give either --run or --weights.")
    }
    if weights != nil && transfer.options != nil {
      throw ValidationError("--weights are written as --config says; --transfer is for runs.")
    }
    if weights == nil && (config != nil || calibration != nil) {
      throw ValidationError("--config and --calibration are for --weights; a run has its own.")
    }
  }

  /// The generator and discriminator of a run, or of the weights given.
  func saved(
    run: String?, transfer: [RunOption]?, workers: Workers
  ) throws(Failure) -> SavedRun {
    guard let weights else {
      return try SavedRun(RunDirectory(run ?? ""), transfer: transfer, workers: workers)
    }
    var file: TOMLDocument?
    if let config { file = try TOMLDocument(path: config) }
    return try SavedRun(
      weights: weights, file: file, options: calibration.map { [$0] } ?? [], workers: workers)
  }
}
