package import Calibration
package import Failures
import Foundation
import Mathematics
package import MeasuredTables

/// `measure retention`: cells that drift, each with its own coefficient; see ``RetentionLaw``.
package struct RetentionMeasurement: Sendable {
  /// Siemens between which first conductances are log-uniform.
  package var conductance: ClosedRange<Double>
  package var devices = 300
  package var law = RetentionMeasurement.usualLaw
  /// Seconds after the first reading.
  package var times = [0.0, 1, 10, 100, 1000, 10_000]
  /// °C; every temperature has cells of its own.
  package var temperatures = [25.0]
  /// Noise of a reading, relative to it.
  package var noise = 1e-4
  package var seed: UInt64 = 0

  package init(conductance: ClosedRange<Double>) { self.conductance = conductance }

  /// What is measured where a calibration says nothing: 2 % per e-fold of time, of no one device.
  package static let usualLaw = RetentionLaw(
    drift: 0.02, spread: 0.006, origin: 1, activationEnergy: 0.2)

  package static let columns = ["device", "temperature_C", "time_s", "conductance_S"]

  /// Writes the table, tidy or in the layout of an instrument.
  ///
  /// - Throws: ``Failure`` when the layout has no place for it, or the file cannot be written.
  package func write(to path: String, as format: TableFormat = .table) throws(Failure) {
    var file = try MeasurementFile(path: path, columns: Self.columns, format: format)
    let states = RandomStream(seed: seed, name: "retained states")
    let (low, high) = (log(conductance.lowerBound), log(conductance.upperBound))
    for (index, celsius) in temperatures.enumerated() {
      for cell in 0..<devices {
        let device = index * devices + cell
        let draws = Normal.draws(
          times.count + 1, from: RandomStream(seed: seed, name: "retention"),
          substream: UInt64(device))
        let first = exp(low + (high - low) * states.preciseUniform(at: device, substream: 0))
        for (number, time) in times.enumerated() {
          let share = law.share(after: time, celsius: celsius, deviation: draws[times.count])
          file.append(
            ["\(device)"], [celsius, time, first * share * (1 + noise * draws[number])])
        }
      }
    }
    try file.finish()
  }
}
