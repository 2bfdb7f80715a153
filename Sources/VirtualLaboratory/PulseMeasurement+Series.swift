import Devices
import Failures
import Foundation
import Mathematics
import MeasuredTables

extension PulseMeasurement {
  package static let seriesColumns = [
    "device", "cycle", "pulse", "voltage_V", "width_s", "conductance_S",
  ]

  /// Writes runs of equal pulses: SET from the lowest conductance, then RESET, and so on.
  ///
  /// Pulses are of the middle of the model's amplitudes and, geometrically, of its widths; state is
  /// read after each.
  func writeSeries(
    of length: Int, to path: String, as format: TableFormat
  ) throws(Failure) {
    var file = try MeasurementFile(path: path, columns: Self.seriesColumns, format: format)
    let limits = device.limits
    let width = (limits.pulseWidth.lowerBound * limits.pulseWidth.upperBound).squareRoot()
    let pulses = [limits.setVoltage, limits.resetVoltage].map {
      Pulse(voltage: ($0.lowerBound + $0.upperBound) / 2, width: width)
    }
    let sets = Normal.draws(devices, from: RandomStream(seed: seed, name: "device pulses"))
    let resets =
      device.variation.sharesPulseDeviation
      ? sets : Normal.draws(devices, from: RandomStream(seed: seed, name: "device resets"))
    for index in 0..<devices {
      var source = Source(seed: seed, device: index, pulses: self.pulses)
      var conductance = limits.conductance.lowerBound
      for number in 0..<self.pulses {
        let run = number / max(1, length)
        let isSet = run % 2 == 0
        let pulse = pulses[isSet ? 0 : 1]
        let cycle = 1 + device.variation.cycleToCycle * source.normal()
        let step = device.pulseModel.response(to: pulse, conductance: conductance)
          .step(z: isSet ? sets[index] : resets[index])
        conductance += step * max(0, cycle)
        conductance = min(
          max(conductance, limits.conductance.lowerBound), limits.conductance.upperBound)
        file.append(
          ["\(index)", "\(run / 2)", "\(number % max(1, length) + 1)"],
          [pulse.voltage, pulse.width, read(conductance, &source)])
      }
    }
    try file.finish()
  }
}
