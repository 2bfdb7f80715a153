import Failures
import Files
import Networks
import NoiseSources
import Reports

/// Settings of the generator's noise.
extension Setting {
  static let noiseSource = Setting(
    section: "run", key: "noise",
    summary: "source of the generator's noise: \(NoiseSpecification.names.joined(separator: ", "))",
    read: { configuration, table, key throws(Failure) in
      guard let text = try table.optionalString(key) else { return }
      do throws(Failure) {
        var source = try NoiseSpecification(parsing: text)
        if case .file(let path) = source.kind { source.kind = .file(RunPath.absolute(path)) }
        configuration.plan.noise.source = source
      } catch { throw table.failure(key, "\(error.place): \(error.cause)", remedy: error.remedy) }
    }, value: { .text($0.plan.noise.source.description) }
  ).option(
    "noise", "NAME[:OPTIONS]", words: NoiseSpecification.names,
    help: "Source of the latent vectors; see crossbar-gan noise --help.")

  static let noise: [Setting] = [
    Setting(
      section: "noise", key: "bits", kind: .integer,
      summary: "bits per latent entry: 1, 4, 8 or 16; for sources that deliver bits",
      read: { configuration, table, key throws(Failure) in
        guard let bits = try table.optionalInteger(key) else { return }
        guard LatentEncoding.bitCounts.contains(bits) else {
          throw table.failure(key, "\(bits) is not 1, 4, 8 or 16")
        }
        configuration.plan.noise.encoding.bits = bits
      }, value: { .integer($0.plan.noise.encoding.bits) }
    ).option(
      "noise-bits", "1|4|8|16", help: "Bits per latent entry, for sources of bits."),
    choice(
      "noise", "shape", \.plan.noise.encoding.shape, "distribution that is made of the bits"),
    integer(
      "noise", "latents", \.plan.noise.latentsPerStep, in: 1...2,
      "latent batches per step: 1 for both networks, 2 for one each"),
    integer(
      "noise", "reuse", \.plan.noise.reuse, in: 1...1_000_000_000,
      "steps that a latent batch serves"),
    health("health_entropy", "min-entropy per raw bit that the health tests assume", \.entropy) {
      tests, value throws(Failure) in
      try HealthTests(entropy: value, falseAlarm: tests.falseAlarm, window: tests.window)
    },
    health("health_alpha", "probability of a false alarm of a health test", \.falseAlarm) {
      tests, value throws(Failure) in
      try HealthTests(entropy: tests.entropy, falseAlarm: value, window: tests.window)
    },
    Setting(
      section: "noise", key: "health_window", kind: .integer,
      summary: "bits per window of the proportion test",
      read: { configuration, table, key throws(Failure) in
        guard let window = try table.optionalInteger(key) else { return }
        let tests = configuration.plan.noise.tests
        do throws(Failure) {
          configuration.plan.noise.tests = try HealthTests(
            entropy: tests.entropy, falseAlarm: tests.falseAlarm, window: window)
        } catch { throw table.failure(key, error.cause) }
      }, value: { .integer($0.plan.noise.tests.window) }),
    flag(
      "noise", "keep_going", \.plan.noise.keepsGoing,
      "go on with a source that fails its health tests or is unfit by design"
    ).option(
      "keep-going",
      help: "Go on with a noise source that fails its health tests or is unfit by design."),
  ]

  private static func health(
    _ key: String, _ summary: String, _ path: any KeyPath<HealthTests, Double> & Sendable,
    _ change: @escaping @Sendable (HealthTests, Double) throws(Failure) -> HealthTests
  ) -> Setting {
    Setting(section: "noise", key: key, kind: .number, summary: summary) {
      configuration, table, key throws(Failure) in
      guard let value = try table.optionalNumber(key) else { return }
      do throws(Failure) {
        configuration.plan.noise.tests = try change(configuration.plan.noise.tests, value)
      } catch { throw table.failure(key, error.cause) }
    } value: {
      .number($0.plan.noise.tests[keyPath: path])
    }
  }
}
