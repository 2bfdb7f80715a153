import ArrayOperations
import Files
import NoiseSources

/// Statistics of a source as people read them.
enum NoiseText {
  static func lines(
    _ source: any BitSource, _ ledger: EnergyLedger, _ startUp: EnergyLedger, written: Int,
    seconds: Double
  ) -> [String] {
    let monitor = source.monitor
    var lines = [
      "source      \(source.name)",
      "written     \(written) bits in \(NumberText.short(seconds)) s"
        + ", made of \(monitor.bits) raw bits",
    ]
    lines += quality(monitor, trueEntropy: source.trueEntropy)
    guard ledger.noise > 0 else { return lines + ["energy      not known for this source"] }
    let bits = Double(max(1, ledger.noiseBits))
    lines.append(
      "energy      \(NumberText.short(ledger.noise)) J,"
        + " \(NumberText.short(ledger.noise / bits)) J per bit")
    lines.append(
      "hardware    \(NumberText.short(ledger.seconds)) s,"
        + " \(NumberText.short(bits / ledger.seconds)) bits/s")
    if startUp.noise > 0 {
      lines.append(
        "start-up    \(NumberText.short(startUp.noise)) J, \(startUp.noiseCycles) cycles"
          + " to find the amplitudes")
    }
    if let wear = source.wear {
      let cycles = startUp.noiseCycles + ledger.noiseCycles
      lines.append("wear        " + spent(wear, cycles: cycles))
      if let lifetime = wear.lifetimeBits(bits: ledger.noiseBits, cycles: cycles) {
        lines.append(
          "lifetime    \(NumberText.short(lifetime)) bits after the search for amplitudes")
      }
    }
    return lines
  }

  /// What a run says of its noise when it ends: tests of the last epoch, wear of all.
  static func closing(_ noise: NoiseStatistics, _ ledger: EnergyLedger) -> [String] {
    let monitor = noise.monitor
    guard monitor.bits > 0, let least = monitor.leastEntropy else { return [] }
    let model = noise.trueEntropy.map { " (model \(NumberText.fixed($0, decimals: 4)))" } ?? ""
    var lines = [
      "noise \(noise.name), last epoch: min-entropy at least"
        + " \(NumberText.fixed(least, decimals: 4))\(model)"
        + " a bit over \(monitor.bits) \(noise.tested), health tests: "
        + (monitor.finding.map { "FAILED, \($0)" } ?? "passed")
    ]
    if let wear = noise.wear {
      lines.append("wear of the noise: " + spent(wear, cycles: ledger.noiseCycles))
    }
    return lines
  }

  private static func spent(_ wear: DeviceWear, cycles: Int) -> String {
    "\(NumberText.short(wear.cyclesPerDevice(cycles))) of"
      + " \(NumberText.short(wear.endurance)) cycles,"
      + " \(wear.wornOut(after: cycles)) of \(wear.devices) devices worn out"
  }

  /// Health tests and entropy.
  static func quality(_ monitor: HealthMonitor, trueEntropy: Double?) -> [String] {
    guard monitor.bits > 0, let entropy = monitor.entropy, let least = monitor.leastEntropy else {
      return []
    }
    let share = Double(monitor.ones) / Double(monitor.bits)
    let model = trueEntropy.map { NumberText.fixed($0, decimals: 4) } ?? "not known"
    return [
      "ones        \(NumberText.fixed(100 * share, decimals: 3)) % of the raw bits",
      "entropy     per raw bit: model \(model), estimate"
        + " \(NumberText.fixed(least, decimals: 4)), the lowest of",
      "            most common value \(NumberText.fixed(entropy.mostCommonValue, decimals: 4))"
        + " (SP 800-90B 6.3.1, each device's whole sequence) and, over stretches of 65,536 bits,",
      "            most common value"
        + " \(NumberText.fixed(entropy.mostCommonValueOfStretches, decimals: 4))"
        + " and Markov \(NumberText.fixed(entropy.markovOfStretches, decimals: 4))",
      "health      \(monitor.repetitionAlarms) repetition alarms,"
        + " \(monitor.proportionAlarms) proportion alarms in \(monitor.windows) windows: "
        + (monitor.finding.map { "FAILED, \($0)" } ?? "explained by chance"),
    ]
  }
}
