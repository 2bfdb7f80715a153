/// What is known of a noise source: its tests and estimates, its defect and its wear.
package struct NoiseStatistics: Sendable {
  /// The specification the source was made from.
  package var name: String
  /// What the tests look at: the raw bits of a source of bits, the signs of one of numbers.
  package var tested: String
  /// Why the source is unfit by design; nil for an honest one.
  package var defect: String?
  /// Tests and estimates since the last restart.
  package var monitor: HealthMonitor
  /// Min-entropy per tested bit as the model knows it; nil without a model.
  package var trueEntropy: Double?
  /// What wears; nil when nothing does.
  package var wear: DeviceWear?
}

extension BitSource {
  /// Tests and estimates of the raw bits, and what else is known of the source.
  package var statistics: NoiseStatistics {
    NoiseStatistics(
      name: name, tested: "raw bits", defect: defect, monitor: monitor, trueEntropy: trueEntropy,
      wear: wear)
  }
}
