package import ArrayOperations
package import NoiseSources
package import Reports

/// What is told of a noise source: quality, cost and wear.
package enum NoiseReport {
  /// The report as JSON.
  ///
  /// - Parameters:
  ///   - source: tests and estimates are those since its last restart.
  ///   - ledger: the bits, cycles, joules and seconds to report.
  ///   - startUp: what was spent before and not in `ledger`; it wears devices, too.
  package static func json(
    _ source: NoiseStatistics, ledger: EnergyLedger, startUp: EnergyLedger = EnergyLedger()
  ) -> JSON {
    let bits = Double(ledger.noiseBits)
    func perBit(_ value: Double) -> JSON { bits > 0 ? .number(value / bits) : .null }
    return [
      "source": .text(source.name),
      "defect": source.defect.map(JSON.text) ?? .null,
      "bits": .integer(ledger.noiseBits),
      "energy_J": .number(ledger.noise),
      "energy_per_bit_J": perBit(ledger.noise),
      "cycles": .integer(ledger.noiseCycles),
      "cycles_per_bit": perBit(Double(ledger.noiseCycles)),
      "tested": quality(source.monitor, of: source.tested, trueEntropy: source.trueEntropy),
      "wear": source.wear.map { wear($0, ledger, startUp) } ?? .null,
    ]
  }

  /// Health tests and entropy over the bits a monitor has seen.
  package static func quality(
    _ monitor: HealthMonitor, of tested: String = "raw bits", trueEntropy: Double?
  ) -> JSON {
    let tests = monitor.tests
    let entropy = monitor.entropy
    return [
      "of": .text(tested),
      "raw_bits": .integer(monitor.bits),
      "ones_share": monitor.bits > 0
        ? .number(Double(monitor.ones) / Double(monitor.bits)) : .null,
      "min_entropy_per_raw_bit": [
        "model": trueEntropy.map(JSON.number) ?? .null,
        "most_common_value": entropy.map { .number($0.mostCommonValue) } ?? .null,
        "most_common_value_of_stretches": entropy.map {
          .number($0.mostCommonValueOfStretches)
        } ?? .null,
        "markov": entropy.map { .number($0.markovOfStretches) } ?? .null,
        "estimate": monitor.leastEntropy.map(JSON.number) ?? .null,
      ],
      "health": [
        "entropy": .number(tests.entropy), "alpha": .number(tests.falseAlarm),
        "window": .integer(tests.window),
        "repetition_cutoff": .integer(tests.repetitionCutoff),
        "repetition_alarms": .integer(monitor.repetitionAlarms),
        "proportion_cutoff": .integer(tests.proportionCutoff),
        "proportion_alarms": .integer(monitor.proportionAlarms),
        "windows": .integer(monitor.windows),
        "finding": monitor.finding.map(JSON.text) ?? .null,
      ],
    ]
  }

  private static func wear(
    _ wear: DeviceWear, _ ledger: EnergyLedger, _ startUp: EnergyLedger
  ) -> JSON {
    let spent = startUp.noiseCycles + ledger.noiseCycles
    return [
      "devices": .integer(wear.devices),
      "endurance_cycles": .number(wear.endurance),
      "cycles_per_device": .number(wear.cyclesPerDevice(spent)),
      "worn_out": .integer(wear.wornOut(after: spent)),
      "start_up_cycles": .integer(wear.startUpCycles),
      "lifetime_bits": wear.lifetimeBits(bits: ledger.noiseBits, cycles: spent)
        .map(JSON.number) ?? .null,
    ]
  }
}
