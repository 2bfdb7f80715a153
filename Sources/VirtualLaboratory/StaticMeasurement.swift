package import Devices
package import Failures
import Foundation
import Mathematics
package import MeasuredTables

/// `measure iv`: sweeps of virtual devices, as an instrument would have written them.
///
/// Every device has its frozen deviation z. Every cycle programs it to a nominal conductance,
/// log-uniform over the range in which the static model was measured, and sweeps it up and down
/// once per temperature.
package struct StaticMeasurement: Sendable {
  package var device: DeviceModel
  package var devices = 300
  package var cycles = 10
  /// °C.
  package var temperatures = [25.0]
  /// Largest voltage, V.
  package var voltage = 0.4
  /// Points per sweep.
  package var points = 41
  package var instrument = Instrument()
  package var seed: UInt64 = 0

  package init(device: DeviceModel) { self.device = device }

  /// Conductances that are programmed.
  package var range: ClosedRange<Double> {
    let limits = device.limits
    let top = min(limits.conductance.upperBound, limits.staticConductanceWarning)
    return limits.conductance.lowerBound...max(top, limits.conductance.lowerBound)
  }

  package static let columns = [
    "device", "cycle", "conductance_S", "temperature_C", "voltage_V", "current_A",
  ]

  /// Writes the table, tidy or in the layout of an instrument.
  ///
  /// - Throws: ``Failure`` when the layout has no place for it, or the file cannot be written.
  package func write(to path: String, as format: TableFormat = .table) throws(Failure) {
    var file = try MeasurementFile(path: path, columns: Self.columns, format: format)
    let deviations = Normal.draws(devices, from: RandomStream(seed: seed, name: "device static"))
    let states = RandomStream(seed: seed, name: "measured states")
    let noise = RandomStream(seed: seed, name: "instrument")
    let (low, high) = (log(range.lowerBound), log(range.upperBound))
    var buffer = [Float](repeating: 0, count: points)
    for device in 0..<devices {
      for cycle in 0..<cycles {
        let share = states.preciseUniform(at: cycle, substream: UInt64(device))
        let conductance = exp(low + (high - low) * share)
        for (index, celsius) in temperatures.enumerated() {
          let substream = UInt64((device * cycles + cycle) * temperatures.count + index)
          buffer.withUnsafeMutableBufferPointer { noise.fillGaussian($0, substream: substream) }
          let values = self.device.staticModel.coefficients(
            conductance: conductance, temperature: celsius + PhysicalConstants.zeroCelsius
          ).values(z: deviations[device])
          for point in 0..<points {
            let v = voltage * (2 * Double(point) / Double(max(1, points - 1)) - 1)
            let current = zip(values, self.device.staticModel.basis).reduce(0) {
              $0 + $1.0 * $1.1.value(at: v)
            }
            file.append(
              ["\(device)", "\(cycle)"],
              [
                conductance, celsius, v,
                instrument.reading(of: current, normal: Double(buffer[point])),
              ])
          }
        }
      }
    }
    try file.finish()
  }
}
