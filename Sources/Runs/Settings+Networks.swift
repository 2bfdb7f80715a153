import Failures
import Files
import Networks
import Reports

/// Settings of the two networks.
extension Setting {
  static let networkSettings: [Setting] = [
    Setting(
      section: "networks", key: "preset",
      summary: "networks to start from: "
        + NetworkPreset.allCases.map(\.rawValue).joined(separator: ", "),
      read: { configuration, table, key throws(Failure) in
        guard let preset = try table.optionalChoice(key, of: NetworkPreset.self) else { return }
        // A preset that is named again must not undo the calibration's scales.
        guard preset != configuration.plan.networks.preset else { return }
        configuration.plan.networks = NetworkPlan(preset)
        configuration.plan.program.generatorScale = preset.scales.generator
        configuration.plan.program.discriminatorScale = preset.scales.discriminator
        configuration.plan.program.generatorUpdateRatio = preset.generatorUpdateRatio
      }, value: { .text($0.plan.networks.preset.rawValue) }
    ).option(
      "network", NetworkPreset.allCases.map(\.rawValue).joined(separator: "|"),
      words: NetworkPreset.allCases.map(\.rawValue),
      help: "Networks: fully connected, or the analog memristive DCGAN in three sizes."),
    layers("generator", \.plan.networks.generator, "latent vector to image"),
    layers("discriminator", \.plan.networks.discriminator, "image to one logit"),
    single(
      "networks", "generator_slope", \.plan.networks.generatorSlope, in: 0...1,
      "slope of the generator's rectifiers below zero"),
    single(
      "networks", "discriminator_slope", \.plan.networks.discriminatorSlope, in: 0...1,
      "the same in the discriminator"),
    single(
      "networks", "supply_V", \.plan.networks.supply, in: 0...1000,
      "rail at which rectifiers clip, 1 V per unit of signal; 0 for none"),
    choice(
      "networks", "columns", \.plan.networks.columns,
      "how the columns of dense layers are read"),
  ]

  /// Units per dense layer, or layers in words.
  private static func layers(
    _ key: String, _ path: Path<NetworkDescription>, _ summary: String
  ) -> Setting {
    Setting(
      section: "networks", key: key, kind: .list,
      summary: "units per layer, or layers in words, \(summary)"
    ) { configuration, table, key throws(Failure) in
      // A file's layers go with the preset it names; an option may have chosen another.
      let named = try table.optionalChoice("preset", of: NetworkPreset.self)
      if let named, named != configuration.plan.networks.preset, table.contains(key) { return }
      if table.holdsStrings(key) {
        guard let words = try table.optionalStrings(key) else { return }
        configuration[keyPath: path] = try NetworkDescription(
          words: words, at: table.failure(key, "").place)
        return
      }
      guard let sizes = try table.optionalIntegers(key, in: 1...65_536) else { return }
      guard sizes.count >= 2 else {
        throw table.failure(key, "\(sizes.count) size(s) make no layer, expected two or more")
      }
      configuration[keyPath: path] = NetworkDescription(sizes)
    } value: {
      let network = $0[keyPath: path]
      if let sizes = network.sizes { return .list(sizes.map(JSON.integer)) }
      return .list(network.words.map(JSON.text))
    }
  }
}
