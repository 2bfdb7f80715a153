import Devices
import Failures
import Files
import Images
import Networks
import Reports

extension Setting {
  /// Every key, in the order of printing and reading: a later one may depend on an earlier one.
  static let table: [Setting] =
    run + data + networkSettings + noise + read + weights + initialWeights + updates + asPublished
    + wires + periphery + variation
    + nonIdealities
    + digital + evaluation

  static let calibration = Setting(
    section: "run", key: "calibration", summary: "name or file of the device's calibration",
    read: { configuration, table, key throws(Failure) in
      guard let name = try table.optionalString(key) else { return }
      guard !name.isEmpty else { throw table.failure(key, "is empty") }
      configuration.calibration = RunPath.calibration(name)
    }, value: { .text($0.calibration) }
  ).option("calibration", "NAME|FILE", help: "Device: a known name, or a file.")

  private static let run: [Setting] = [
    calibration,
    flag(
      "run", "extrapolate", \.extrapolates,
      "operate the device outside the range it was measured in"
    ).option("extrapolate"),
    Setting(
      section: "run", key: "backend",
      summary: "what multiplies and learns: crossbar, or digital for the twin in floating point",
      read: { configuration, table, key throws(Failure) in
        guard let backend = try table.optionalChoice(key, of: Backend.self) else { return }
        configuration.plan.backend = backend
        // The preset's noise helps sign-only pulses; the twin is the plain method.
        if backend == .digital { configuration.plan.inputNoise = 0 }
      }, value: { .text($0.plan.backend.rawValue) }
    ).option(
      "backend", "crossbar|digital", words: Backend.allCases.map(\.rawValue),
      help: "Simulated arrays, or the same networks in floating point."),
    integer("run", "epochs", \.plan.epochs, in: 1...100_000, "passes over the training images")
      .option("epochs", "N"),
    integer("run", "batch", \.plan.batch, in: 1...65_536, "images per step")
      .option("batch", "N"),
    seed(
      "seed", "noise, shuffling, initial weights and pulse choice",
      set: {
        $0.plan.seed = $1
        $0.plan.deviceSeed = $1
      }, get: { $0.plan.seed }
    ).option("seed", "S", help: "Decides everything random, 0 to 2^63 - 1."),
    seed(
      "device_seed", "frozen variation: which chip this is; the seed if not given",
      set: { $0.plan.deviceSeed = $1 }, get: { $0.plan.deviceSeed }
    ).option(
      "device-seed", "S",
      help: "Decides the frozen variation of the devices; by default the seed."),
    noiseSource,
    number(
      "run", "input_noise", \.plan.inputNoise, in: 0...100,
      "standard deviation of Gaussian noise on the discriminator's inputs"
    ).option("input-noise", "SIGMA"),
  ]

  private static let data: [Setting] = [
    Setting(
      section: "data", key: "source",
      summary: "synthetic, or a folder with {train,t10k}-{images-idx3,labels-idx1}-ubyte[.gz]",
      read: { configuration, table, key throws(Failure) in
        guard let source = try table.optionalString(key) else { return }
        guard !source.isEmpty else { throw table.failure(key, "is empty") }
        configuration.data.source =
          source == ImageSource.synthetic ? source : RunPath.absolute(source)
      }, value: { .text($0.data.source) }
    ).option(
      "data", "DIR|synthetic",
      help: "Folder with {train,t10k}-{images-idx3,labels-idx1}-ubyte[.gz], or the built-in digits."
    ),
    Setting(
      section: "data", key: "classes", summary: "all, or the digits to keep, such as 3 or 0,1",
      read: { configuration, table, key throws(Failure) in
        guard let text = try table.optionalString(key) else { return }
        do throws(Failure) {
          configuration.data.classes = try ClassSelection(parsing: text)
        } catch { throw table.failure(key, error.cause, remedy: error.remedy) }
      }, value: { .text($0.data.classes.description) }
    ).option("classes", "all|3|0,1", help: "Digits to train on: 3 is the digit 3 alone."),
    integer("data", "limit", \.data.limit, in: 0...1_000_000_000, "training images used; 0 is all"),
  ]

  private static let evaluation: [Setting] = [
    integer(
      "evaluation", "epoch_fakes", \.evaluation.epochFakes, in: 10...1_000_000,
      "generated images the metrics of an epoch are computed on"),
    integer(
      "evaluation", "final_fakes", \.evaluation.finalFakes, in: 10...1_000_000,
      "the same after the last epoch"),
  ]

  private static func seed(
    _ key: String, _ summary: String,
    set: @escaping @Sendable (inout RunConfiguration, UInt64) -> Void,
    get: @escaping @Sendable (RunConfiguration) -> UInt64
  ) -> Setting {
    Setting(
      section: "run", key: key, kind: .integer, values: span(0...Int.max), summary: summary
    ) { configuration, table, key throws(Failure) in
      guard let seed = try table.optionalInteger(key, in: 0...Int.max) else { return }
      set(&configuration, UInt64(seed))
    } value: {
      .integer(Int(clamping: get($0)))
    }
  }
}
