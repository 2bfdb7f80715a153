import Crossbars
package import Devices
package import Failures

extension TrainingPlan {
  /// Checks the ranges that the papers' series cover.
  func validateNonIdealities() throws(Failure) {
    let nonIdealities = program.nonIdealities
    func require(_ holds: Bool, _ key: String, _ cause: String) throws(Failure) {
      guard holds else { throw Failure(.usage, at: "imperfections.\(key)", cause) }
    }
    let fractions = [
      ("device_variability", nonIdealities.deviceVariability),
      ("write_variability", nonIdealities.writeVariability),
      ("stuck_on", nonIdealities.stuckOn), ("stuck_off", nonIdealities.stuckOff),
      ("dead_rows", nonIdealities.deadRows),
      ("dead_columns", nonIdealities.deadColumns), ("leakage", nonIdealities.leakage),
      ("leakage_noise", nonIdealities.leakageNoise),
    ]
    for (key, fraction) in fractions {
      try require((0...1).contains(fraction), key, "\(fraction) is not a share between 0 and 1")
    }
    try require(
      nonIdealities.stuckOn + nonIdealities.stuckOff <= 1, "stuck_off",
      "more devices stuck than there are")
    try require(
      nonIdealities.levels == 0 || (2...65_536).contains(nonIdealities.levels), "levels",
      "\(nonIdealities.levels) level(s): expected 2 or more, or 0 for a continuum")
  }

  /// Checks that a device resolves the levels it shall have.
  ///
  /// - Throws: ``Failure`` of kind `usage` for more levels than a pulse of the device resolves.
  package func validateLevels(of device: DeviceModel) throws(Failure) {
    _ = try withWriteNonIdealities(device)
  }

  /// The device with its levels and the variability of its writes.
  ///
  /// - Throws: ``Failure`` of kind `usage` for more levels than a pulse of the device resolves.
  func withWriteNonIdealities(_ device: DeviceModel) throws(Failure) -> DeviceModel {
    let nonIdealities = program.nonIdealities
    var device = device
    let cycle = device.variation.cycleToCycle
    if nonIdealities.writeVariability > 0 {
      device.variation.cycleToCycle =
        (cycle * cycle + nonIdealities.writeVariability * nonIdealities.writeVariability)
        .squareRoot()
    }
    guard let step = nonIdealities.levelStep(in: program.window) else { return device }
    let centre = (program.window.lowerBound + program.window.upperBound) / 2
    let coarsest =
      [program.setPulse, program.resetPulse].map {
        abs(device.pulseModel.response(to: $0, conductance: centre).meanStep)
      }.max() ?? 0
    // The last level is half a step short at most.
    let resolved =
      coarsest > 0
      ? Int(clamping: program.window.width / coarsest, rule: .down, to: 0...1 << 40) + 1 : 0
    guard step >= coarsest * 0.999 else {
      throw Failure(
        .usage, at: "imperfections.levels",
        "\(nonIdealities.levels) levels are more than the \(resolved) that the device's pulses resolve"
          + " between \(program.window.lowerBound) and \(program.window.upperBound) S",
        remedy: "use fewer levels, or 0 for a continuum")
    }
    device.pulseModel = LevelResponse(
      device: device.pulseModel, step: step,
      amplitudes: (set: program.setPulse.voltage, reset: program.resetPulse.voltage))
    return device
  }
}

extension ClosedRange<Double> {
  fileprivate var width: Double { upperBound - lowerBound }
}
