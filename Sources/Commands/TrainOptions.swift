import ArgumentParser
import Runs

/// The options of `train` that decide results; each sets a key of the configuration.
///
/// Values are checked by the configuration's reader, so that options and files have one set of
/// rules.
struct TrainOptions: ParsableArguments {
  @Option(setting: "data.source") var data: RunOption?
  @Option(setting: "data.classes") var classes: RunOption?
  @Option(setting: "run.calibration") var calibration: RunOption?
  @Option(setting: "networks.preset") var network: RunOption?
  @Option(setting: "run.backend") var backend: RunOption?
  @Option(setting: "digital.optimizer") var optimizer: RunOption?
  @Option(setting: "update.rule") var update: RunOption?

  @OptionGroup(title: "Non-idealities of the arrays") var nonIdealities: NonIdealityOptions

  @Option(setting: "run.noise") var noise: RunOption?
  @Option(setting: "noise.bits") var noiseBits: RunOption?
  @Flag(setting: "noise.keep_going") var keepGoing = false
  @Option(setting: "run.input_noise") var inputNoise: RunOption?
  @Option(setting: "wires.set") var wires: RunOption?
  @Option(setting: "weights.initial_file") var initial: RunOption?
  @Option(setting: "run.epochs") var epochs: RunOption?
  @Option(setting: "run.batch") var batch: RunOption?
  @Option(setting: "run.seed") var seed: RunOption?
  @Option(setting: "run.device_seed") var deviceSeed: RunOption?
  @Flag(setting: "run.extrapolate") var extrapolate = false

  /// The given options as keys of the configuration.
  var options: [RunOption] {
    let given = [
      data, classes, calibration, network, backend, optimizer, update, noise, noiseBits,
      .flag(keepGoing, setting: "noise.keep_going"), wires, initial, inputNoise, epochs, batch,
      seed,
      deviceSeed, .flag(extrapolate, setting: "run.extrapolate"),
    ]
    return given.compactMap { $0 } + nonIdealities.options
  }
}
