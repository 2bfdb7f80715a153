import ArrayOperations
package import Calibration
package import Crossbars
package import Devices
package import Failures
package import Files
import Networks
package import Reports

extension RunConfiguration {
  /// Resolves a configuration: defaults, then the calibration's operation, then the file, then
  /// the options.
  ///
  /// - Throws: ``Failure``: `badData` naming file and key for an unknown key, a value of a wrong type
  ///   or out of range; `usage` for the same in an option; whatever loading the calibration throws.
  package static func resolve(
    file: TOMLDocument?, options: [RunOption] = []
  ) throws(Failure) -> ResolvedConfiguration {
    var configuration = RunConfiguration()
    var notices: [String] = []
    var file = file
    if let given = file { (file, notices) = try given.renaming(formerKeys) }
    try Setting.calibration.apply(file, options, to: &configuration)
    let calibration = try Calibration.load(configuration.calibration)
    try configuration.adopt(calibration)
    for setting in Setting.table { try setting.apply(file, options, to: &configuration) }
    configuration.plan.program.disturbsHalfSelected = configuration.plan.program.disturbs
    configuration.plan.dropRedundantSchedules()
    try file?.finish()
    try configuration.validate()
    try configuration.validatePlan(on: calibration)
    if !configuration.extrapolates { try configuration.checkRange(of: calibration) }
    return ResolvedConfiguration(
      configuration: configuration, calibration: calibration,
      notices: notices + calibration.notices)
  }

  private mutating func adopt(_ calibration: Calibration) throws(Failure) {
    let operation = calibration.operation
    plan.read.voltage = operation.readVoltage
    plan.program.biasInput = operation.biasInput
    plan.program.setPulse = operation.setPulse
    plan.program.resetPulse = operation.resetPulse
    plan.program.window = operation.window
    plan.program.conductanceBounds = operation.conductanceBounds
    plan.program.interpolatesResponse = operation.interpolatesResponse
    adoptPublished(operation)
    if let scale = operation.generatorScale { plan.program.generatorScale = scale }
    if let scale = operation.discriminatorScale { plan.program.discriminatorScale = scale }
    plan.periphery = calibration.periphery
    wireSets = calibration.wires
    plan.program.wires = calibration.trainingWires.map { TileWires($0) }
    guard let pairing = Pairing(rawValue: operation.pairing) else {
      throw Failure(
        .badData, at: "\(calibration.path): operation.pairing",
        "training knows no pairing \"\(operation.pairing)\"")
    }
    plan.program.pairing = pairing
  }

  /// Checks what no key can say alone.
  private func validate() throws(Failure) {
    let pixels = 784
    let networks = plan.networks
    let generator = try layers(of: networks.generator, "networks.generator")
    let discriminator = try layers(of: networks.discriminator, "networks.discriminator")
    try require(
      generator.last?.output.units == pixels, "networks.generator",
      "must end in \(pixels), the pixels")
    try require(
      networks.discriminator.input.units == pixels, "networks.discriminator",
      "must begin with \(pixels), the pixels")
    try require(
      discriminator.last?.output.units == 1, "networks.discriminator", "must end in 1")
    let program = plan.program
    try require(
      program.conductanceBounds.contains(program.window.lowerBound)
        && program.conductanceBounds.contains(program.window.upperBound),
      "weights.window_S", "must lie inside weights.conductance_bounds_S")
    try require(
      program.pairing != .singleWithSign || program.granularity == .batch, "update.granularity",
      "must be \"batch\" with single devices, whose stored signs break the outer product")
  }

  /// Arrays are read both ways: driven from the other side a device sees the other polarity, and the
  /// transposed read is the transpose of the forward one only where the characteristic is odd.
  private func checkSymmetry(of calibration: Calibration) throws(Failure) {
    guard plan.backend == .crossbar,
      let function = calibration.device.staticModel.basis.first(where: { !$0.isOdd })
    else { return }
    throw Failure(
      .badData, at: "calibration \(calibration.name): static",
      "the characteristic differs between polarities (\(function)), so that a transposed read is not the"
        + " transpose of a forward one: such a device cannot be trained",
      remedy:
        "fit an odd form, such as `fit iv --model sinh`; device and array commands take this one")
  }

  /// Checks what the plan itself can tell; its places are keys of the configuration.
  private func validatePlan(on calibration: Calibration) throws(Failure) {
    try checkSymmetry(of: calibration)
    do throws(Failure) {
      try plan.validate()
      if plan.backend == .crossbar { try plan.validateLevels(of: calibration.device) }
    } catch {
      throw Failure(
        .badData, at: "configuration: \(error.place)", error.cause, remedy: error.remedy)
    }
  }

  private func layers(
    of network: NetworkDescription, _ key: String
  ) throws(Failure) -> [PlacedLayer] {
    do throws(Failure) {
      return try network.placed(at: key)
    } catch {
      throw Failure(.badData, at: "configuration: \(key)", error.cause, remedy: error.remedy)
    }
  }

  /// Refuses an operating point outside the range in which the device was measured.
  private func checkRange(of calibration: Calibration) throws(Failure) {
    guard plan.backend == .crossbar else { return }
    let limits = calibration.device.limits
    let place = "calibration \(calibration.name)"
    _ = try limits.checkRead(
      conductance: plan.program.window.upperBound, voltage: plan.read.voltage,
      temperature: plan.read.temperature, at: place)
    try limits.checkConductance(plan.program.conductanceBounds.lowerBound, at: place)
    try limits.checkConductance(plan.program.conductanceBounds.upperBound, at: place)
    let program = plan.program
    for pulse in [
      program.setPulse, program.resetPulse, program.lastSetPulse, program.lastResetPulse,
    ] {
      if let pulse { try limits.checkPulse(pulse, at: place) }
    }
  }

  private func require(_ holds: Bool, _ key: String, _ cause: String) throws(Failure) {
    guard holds else { throw Failure(.badData, at: "configuration: \(key)", cause) }
  }
}

extension TrainingPlan {
  /// Ends of courses that say what their beginnings say are none.
  fileprivate mutating func dropRedundantSchedules() {
    if program.discriminatorUpdateProbability == program.updateProbability {
      program.discriminatorUpdateProbability = nil
    }
    if program.lastSetPulse == program.setPulse { program.lastSetPulse = nil }
    if program.lastResetPulse == program.resetPulse { program.lastResetPulse = nil }
    if discriminatorBandwidth == read.bandwidth { discriminatorBandwidth = nil }
  }
}

/// A configuration with what it was made of.
package struct ResolvedConfiguration: Sendable {
  package var configuration: RunConfiguration
  /// The calibration that the configuration names.
  package var calibration: Calibration
  /// A line for every former key that a file held.
  package var notices: [String]

  /// What the arrays of the run are made of in its first epoch.
  ///
  /// - Throws: ``Failure`` as ``TrainingPlan/technology(of:)``.
  package func technology() throws(Failure) -> ArrayTechnology {
    try configuration.plan.technology(of: device)
  }

  /// The device of the run's arrays.
  package var device: DeviceModel { configuration.device(of: calibration) }
}

extension Setting {
  /// Takes the setting over from the file and then from the options, where they have it.
  func apply(
    _ file: TOMLDocument?, _ options: [RunOption], to configuration: inout RunConfiguration
  ) throws(Failure) {
    if let section = try file?.root.optionalSection(section) {
      try read(&configuration, section, key)
    }
    for option in options where option.section == section && option.key == key {
      // An option goes through the file's reader, so that both have the same rules.
      do throws(Failure) {
        let document = TOMLDocument(name: option.option, nodes: [key: option.value.node])
        try read(&configuration, document.root, key)
      } catch {
        throw Failure(.usage, at: option.option, error.cause, remedy: error.remedy)
      }
    }
  }
}

extension RunConfiguration {
  /// The resolved configuration as TOML that loads again to the same configuration.
  package var toml: String {
    var text = ""
    var current = ""
    for setting in Setting.table {
      guard let value = setting.value(self) else { continue }
      if setting.section != current {
        text += (text.isEmpty ? "" : "\n") + "[\(setting.section)]\n"
        current = setting.section
      }
      // Scalars and lists are spelt alike in JSON and TOML.
      text += "# \(setting.summary)\n\(setting.key) = \(value.line)\n"
    }
    return text
  }

  /// The same as a JSON object of sections.
  package var json: JSON {
    var sections: [JSON.Member] = []
    for setting in Setting.table {
      guard let value = setting.value(self) else { continue }
      let member = JSON.Member(setting.key, value)
      if let last = sections.indices.last, sections[last].key == setting.section,
        case .object(let members) = sections[last].value
      {
        sections[last].value = .object(members + [member])
      } else {
        sections.append(JSON.Member(setting.section, .object([member])))
      }
    }
    return .object(sections)
  }

  /// Names of the keys in which two configurations differ, as `section.key`.
  package func differences(from other: RunConfiguration) -> [String] {
    Setting.table.filter { $0.value(self) != $0.value(other) }.map(\.name)
  }
}
