import Devices
import Networks

/// Costs of the circuits beside the arrays, where the calibration does not say them.
extension Setting {
  static let periphery: [Setting] = [
    cost("driver_J", \.plan.periphery.driver, "driving one line for one read"),
    cost("sense_J", \.plan.periphery.sense, "sensing one line in one read"),
    cost("gate_J", \.plan.periphery.gate, "deciding by a random number whether a weight is pulsed"),
    cost(
      "counter_J", \.plan.periphery.counter,
      "adding a batch to a weight's counter, with accumulated_batches"),
  ]

  private static func cost(_ key: String, _ path: Path<Double>, _ summary: String) -> Setting {
    number("periphery", key, path, in: 0...1, summary)
  }
}
