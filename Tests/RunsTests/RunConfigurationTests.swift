import ArrayOperations
import Calibration
import Crossbars
import Failures
import Files
import Foundation
import Images
import Networks
import Reports
import Runs
import Testing

@Suite("Run configuration")
struct RunConfigurationTests {
  private static func resolve(
    _ text: String = "", _ options: [RunOption] = []
  ) throws(Failure) -> RunConfiguration {
    try RunConfiguration.resolve(
      file: TOMLDocument(text: text, name: "run.toml"), options: options
    ).configuration
  }

  private static let unusual = """
    [run]
    calibration = "ideal"
    backend = "crossbar"
    epochs = 3
    seed = 9223372036854775807
    device_seed = 4
    input_noise = 0.1
    noise = "uniform"
    [data]
    source = "some/folder"
    classes = "0,1"
    limit = 77
    [networks]
    generator = [7, 20, 30, 784]
    generator_slope = 0.01
    [read]
    temperature_C = 85.3
    voltage_V = 0.123456789012345678
    [weights]
    pairing = "set-only"
    window_S = [20e-6, 90e-6]
    generator_scale = [1, 2.5, 3]
    [update]
    update_probability_first = 0.1
    [periphery]
    gate_J = 1e-15
    [variation]
    static = false
    [evaluation]
    epoch_fakes = 50
    """

  @Test(arguments: [
    "", unusual, "[run]\nbackend = \"digital\"\n[digital]\noptimizer = \"sgd\"\nrate = 0.0123",
  ])
  func `What is printed loads to the same configuration`(text: String) throws {
    let configuration = try Self.resolve(text)
    #expect(try Self.resolve(configuration.toml) == configuration)
  }

  @Test func `Every key of the file arrives`() throws {
    let configuration = try Self.resolve(Self.unusual)
    #expect(configuration.plan.seed == UInt64(Int.max))
    #expect(configuration.plan.deviceSeed == 4)
    #expect(configuration.data.source.hasSuffix("/some/folder"))
    #expect(configuration.data.source.hasPrefix("/"))
    #expect(configuration.data.classes.description == "0,1")
    #expect(configuration.plan.networks.generator == [7, 20, 30, 784])
    #expect(configuration.plan.program.window == 20e-6...90e-6)
    #expect(configuration.plan.program.pairing == .setOnly)
    #expect(!configuration.plan.program.staticVariation)
    #expect(configuration.evaluation.epochFakes == 50)
  }

  @Test func `Defaults follow from calibration, backend and seed`() throws {
    let operation = try Calibration.load("nili2020").operation
    let plain = try Self.resolve()
    #expect(plain.plan.program.setPulse == operation.setPulse)
    #expect(plain.plan.program.window == operation.window)
    #expect(plain.plan.inputNoise == 0.3)
    #expect(plain.data.source == ImageSource.synthetic)
    let seeded = try Self.resolve("", [RunOption("--seed", "run", "seed", 9)])
    #expect(seeded.plan.deviceSeed == 9)
    let digital = try Self.resolve("[run]\nbackend = \"digital\"")
    #expect(digital.plan.inputNoise == 0)
    #expect(
      try Self.resolve("[run]\nbackend = \"digital\"\ninput_noise = 0.2").plan.inputNoise == 0.2)
  }

  @Test func `Options override the file`() throws {
    let text = "[run]\nepochs = 3\nseed = 5\ndevice_seed = 6"
    let configuration = try Self.resolve(
      text,
      [RunOption("--epochs", "run", "epochs", 8), RunOption("--seed", "run", "seed", 1)])
    #expect(configuration.plan.epochs == 8)
    #expect(configuration.plan.seed == 1)
    #expect(configuration.plan.deviceSeed == 6)
  }

  @Test(arguments: [
    ("[run]\nepoch = 3", "run.toml: run.epoch", "unknown key"),
    ("[rum]\nepochs = 3", "run.toml: rum", "unknown key"),
    ("[run]\nepochs = \"3\"", "run.toml: run.epochs", "expected an integer"),
    ("[run]\nepochs = 3.5", "run.toml: run.epochs", "expected an integer"),
    ("[run]\nepochs = 0", "run.toml: run.epochs", "out of range"),
    ("[run]\nseed = -1", "run.toml: run.seed", "out of range"),
    ("[run]\ninput_noise = nan", "run.toml: run.input_noise", "expected a number"),
    ("[run]\nbackend = \"analog\"", "run.toml: run.backend", "unknown value"),
    ("[run]\nextrapolate = 1", "run.toml: run.extrapolate", "expected true or false"),
    ("[data]\nclasses = \"3,12\"", "run.toml: data.classes", "no class '12'"),
    ("[data]\nsource = \"\"", "run.toml: data.source", "is empty"),
    ("[networks]\ngenerator = [784]", "run.toml: networks.generator", "no layer"),
    ("[networks]\ngenerator = [10, 5]", "configuration: networks.generator", "784"),
    ("[networks]\ndiscriminator = [784, 2]", "configuration: networks.discriminator", "end in 1"),
    ("[weights]\nwindow_S = [9e-5, 2e-5]", "run.toml: weights.window_S", "low below high"),
    ("[weights]\nwindow_S = [1e-6, 2e-5]", "configuration: weights.window_S", "inside"),
    ("[weights]\ngenerator_scale = []", "run.toml: weights.generator_scale", "is empty"),
    ("[imperfections]\nlevels = 1", "configuration: imperfections.levels", "2 or more"),
    ("[imperfections]\nlevels = 5000", "configuration: imperfections.levels", "resolve"),
    ("[imperfections]\nstuck_on = 1.5", "run.toml: imperfections.stuck_on", "out of range"),
    (
      "[imperfections]\nstuck_on = 0.6\nstuck_off = 0.6",
      "configuration: imperfections.stuck_off", "more devices"
    ),
    (
      "[networks]\ndiscriminator = [\"1x28x28\", \"conv 4 5x5 stride 9\", \"dense 1\"]",
      "configuration: networks.discriminator", "stride 9"
    ),
    (
      "[networks]\ngenerator = [\"100\", \"dens 4\"]", "run.toml: networks.generator[1]", "no layer"
    ),
    ("[digital]\noptimizer = \"sgd\"\nbeta1 = 0.5", "run.toml: digital.beta1", "sgd"),
    ("[run\nepochs = 3", "run.toml:", ""),
    ("[read]\nvoltage_V = 0.5", "calibration nili2020", "outside the measured range"),
    ("[update]\nset_voltage_V = 2", "calibration nili2020", "outside the measured range"),
  ])
  func `A bad value is refused with its place`(text: String, place: String, cause: String) {
    let failure = #expect(throws: Failure.self) { try Self.resolve(text) }
    #expect(failure?.kind == .badData)
    #expect(failure?.place.hasPrefix(place) == true, "\(failure?.place ?? "")")
    #expect(failure?.cause.contains(cause) == true || cause.isEmpty, "\(failure?.cause ?? "")")
    #expect(failure?.description.contains("\n") == false)
  }

  @Test func `Extrapolation is a choice of the configuration`() throws {
    let text = "[run]\nextrapolate = true\n[read]\nvoltage_V = 0.5"
    #expect(try Self.resolve(text).plan.read.voltage == 0.5)
  }

  @Test(arguments: [
    RunOption("--epochs", "run", "epochs", 0), RunOption("--classes", "data", "classes", "x"),
    RunOption("--noise", "run", "noise", "pink"), RunOption("--seed", "run", "seed", -1),
  ])
  func `A bad option is a usage failure that names it`(option: RunOption) {
    let failure = #expect(throws: Failure.self) { try Self.resolve("", [option]) }
    #expect(failure?.kind == .usage)
    #expect(failure?.place == option.option)
  }

  @Test func `Differences name their keys`() throws {
    let one = try Self.resolve()
    let other = try Self.resolve("[run]\nseed = 3\n[read]\ntime_s = 2e-6")
    #expect(one.differences(from: one).isEmpty)
    #expect(other.differences(from: one) == ["run.seed", "run.device_seed", "read.time_s"])
  }

  @Test func `Networks leave the device at its calibration's operating point`() throws {
    let dense = try Self.resolve().plan
    #expect(dense.program.pairing == .referencedPair && dense.read.voltage == 0.05)
    let convolutions = try Self.resolve("[networks]\npreset = \"am-dcgan-mid\"").plan
    #expect(convolutions.program.pairing == .referencedPair && convolutions.read.voltage == 0.05)
    let told = try Self.resolve(
      "[networks]\npreset = \"am-dcgan-mid\"\n[weights]\npairing = \"two-sided\""
    ).plan
    #expect(told.program.pairing == .twoSided)
    let tungsten = try Self.resolve("[run]\ncalibration = \"wox-am-dcgan\"").plan
    #expect(tungsten.read.voltage == 0.1 && tungsten.program.biasInput == 4)
    // An option takes a file's choice back, with all that went with it.
    let back = try Self.resolve(
      "[networks]\npreset = \"am-dcgan-mid\"",
      [RunOption("--network", "networks", "preset", "fc")]
    ).plan
    #expect(back.program.pairing == .referencedPair && back.read.voltage == 0.05)
    #expect(back.program.discriminatorScale == dense.program.discriminatorScale)
  }
}
