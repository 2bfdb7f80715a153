package import Devices
package import Failures
import Foundation
import Mathematics
package import MeasuredTables

/// `measure switching`: SET pulses of several amplitudes on devices that are reset before each.
package struct SwitchingMeasurement: Sendable {
  package var model: SwitchingModel
  package var devices = 100
  /// Pulses per device and amplitude.
  package var cycles = 10
  /// Amplitudes in volts; empty for 13 over three standard deviations around the mean threshold.
  package var voltages: [Double] = []
  package var instrument = Instrument()
  package var seed: UInt64 = 0

  package init(model: SwitchingModel) { self.model = model }

  package static let columns = [
    "device", "cycle", "voltage_V", "width_s", "conductance_before_S", "conductance_after_S",
  ]

  private var amplitudes: [Double] {
    guard voltages.isEmpty else { return voltages }
    let total = hypot(model.deviceSpread, model.cycleSpread)
    return (-6...6).map { model.thresholdMean + total * Double($0) / 2 }.filter { $0 > 0 }
  }

  /// Writes the table, tidy or in the layout of an instrument.
  ///
  /// - Throws: ``Failure`` when the layout has no place for it, or the file cannot be written.
  package func write(to path: String, as format: TableFormat = .table) throws(Failure) {
    var file = try MeasurementFile(path: path, columns: Self.columns, format: format)
    let amplitudes = amplitudes
    let offsets = Normal.draws(devices, from: RandomStream(seed: seed, name: "device thresholds"))
    let pulses = cycles * amplitudes.count
    for device in 0..<devices {
      let draws = Normal.draws(
        3 * pulses, from: RandomStream(seed: seed, name: "cycle thresholds"),
        substream: UInt64(device))
      for pulse in 0..<pulses {
        let voltage = amplitudes[pulse % amplitudes.count]
        let threshold =
          model.thresholdMean + model.deviceSpread * offsets[device]
          + model.drift * Double(pulse) + model.cycleSpread * draws[3 * pulse]
        let after = voltage > threshold ? model.onConductance : model.offConductance
        func reading(_ conductance: Double, _ normal: Double) -> Double {
          instrument.reading(of: conductance * model.read.voltage, normal: normal)
            / model.read.voltage
        }
        file.append(
          ["\(device)", "\(pulse)"],
          [
            voltage, model.setWidth, reading(model.offConductance, draws[3 * pulse + 1]),
            reading(after, draws[3 * pulse + 2]),
          ])
      }
    }
    try file.finish()
  }
}
