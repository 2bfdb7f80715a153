import Devices
import Failures
import Files

extension PeripheryCosts {
  /// Decodes `[periphery]`; circuits that it leaves out cost nothing.
  init(reader: ParameterReader) throws(Failure) {
    self.init()
    let costs: [(key: String, path: WritableKeyPath<PeripheryCosts, Double>)] = [
      ("driver", \.driver), ("sense", \.sense), ("gate", \.gate), ("counter", \.counter),
    ]
    for (key, path) in costs where reader.section.contains(key) {
      let value = try reader.number(key, unit: "J")
      try reader.requireNotNegative(key, value)
      self[keyPath: path] = value
    }
  }
}
