import ArgumentParser
import Networks
import NoiseSources
import Reports
import Runs

/// The options of `train` that decide results; each sets a key of the configuration.
///
/// Values are checked by the configuration's reader, so that options and files have one set of
/// rules.
struct TrainOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Folder with {train,t10k}-{images-idx3,labels-idx1}-ubyte[.gz], or the built-in digits.",
      valueName: "DIR|synthetic"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "Digits to train on: 3 is the digit 3 alone.", valueName: "all|3|0,1"))
  var classes: String?

  @Option(
    help: ArgumentHelp("Device: a known name, or a file.", valueName: "NAME|FILE"))
  var calibration: String?

  @Option(
    help: ArgumentHelp(
      "Networks: fully connected, or the analog memristive DCGAN in three sizes.",
      valueName: NetworkPreset.allCases.map(\.rawValue).joined(separator: "|")),
    completion: .list(NetworkPreset.allCases.map(\.rawValue)))
  var network: String?

  @Option(
    help: ArgumentHelp(
      "Simulated arrays, or the same networks in floating point.", valueName: "crossbar|digital"),
    completion: .list(["crossbar", "digital"]))
  var backend: String?

  @Option(
    help: ArgumentHelp("Update rule of --backend digital.", valueName: "adam|sgd"),
    completion: .list(["adam", "sgd"]))
  var optimizer: String?

  @Option(
    help: ArgumentHelp(
      "How far a gradient moves a weight on crossbars: one pulse, or a write in proportion.",
      valueName: "manhattan|proportional"),
    completion: .list(["manhattan", "proportional"]))
  var update: String?

  @OptionGroup(title: "Non-idealities of the arrays") var nonIdealities: NonIdealityOptions

  @Option(
    help: ArgumentHelp(
      "Source of the latent vectors; see crossbar-gan noise --help.",
      valueName: "NAME[:OPTIONS]"),
    completion: .list(NoiseSpecification.names))
  var noise: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Bits per latent entry, for sources of bits.", valueName: "1|4|8|16"))
  var noiseBits: Int?

  @Flag(help: "Go on with a noise source that fails its health tests or is unfit by design.")
  var keepGoing = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Standard deviation of noise on the discriminator's inputs.", valueName: "SIGMA"))
  var inputNoise: FiniteNumber?

  @Option(
    help: ArgumentHelp(
      "Wires of the arrays: a set of the calibration, ideal tiles, or none.",
      valueName: "NAME|off|ideal"))
  var wires: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Passes over the training images.", valueName: "N"))
  var epochs: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("Images per step.", valueName: "N"))
  var batch: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Decides everything random, 0 to 2^63 - 1.", valueName: "S"))
  var seed: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Decides the frozen variation of the devices; by default the seed.", valueName: "S"))
  var deviceSeed: Int?

  @Flag(help: "Operate the device outside the range it was measured in.")
  var extrapolate = false

  /// The given options as keys of the configuration.
  var options: [RunOption] {
    var options: [RunOption] = []
    func add(_ option: String, _ section: String, _ key: String, _ value: JSON?) {
      if let value { options.append(RunOption(option, section, key, value)) }
    }
    add("--data", "data", "source", data.map(JSON.text))
    add("--classes", "data", "classes", classes.map(JSON.text))
    add("--calibration", "run", "calibration", calibration.map(JSON.text))
    add("--network", "networks", "preset", network.map(JSON.text))
    add("--backend", "run", "backend", backend.map(JSON.text))
    add("--optimizer", "digital", "optimizer", optimizer.map(JSON.text))
    add("--update", "update", "method", update.map(JSON.text))
    options += nonIdealities.options
    add("--noise", "run", "noise", noise.map(JSON.text))
    add("--noise-bits", "noise", "bits", noiseBits.map(JSON.integer))
    add("--keep-going", "noise", "keep_going", keepGoing ? .boolean(true) : nil)
    add("--wires", "wires", "set", wires.map(JSON.text))
    add("--input-noise", "run", "input_noise", inputNoise.map { .number($0.value) })
    add("--epochs", "run", "epochs", epochs.map(JSON.integer))
    add("--batch", "run", "batch", batch.map(JSON.integer))
    add("--seed", "run", "seed", seed.map(JSON.integer))
    add("--device-seed", "run", "device_seed", deviceSeed.map(JSON.integer))
    add("--extrapolate", "run", "extrapolate", extrapolate ? .boolean(true) : nil)
    return options
  }
}
