package import Devices
package import Failures
import Foundation
import Mathematics
package import MeasuredTables

/// `measure noise`: traces of readings of cells with a trap, white and 1/f noise.
package struct NoiseMeasurement: Sendable {
  package var model: TelegraphModel
  package var devices = 1
  /// Samples per device.
  package var samples = 16_384
  /// Change of conductance by a filled trap, relative to the cell's.
  package var amplitude = 0.05
  /// White noise of a reading, relative to the conductance.
  package var white = 0.005
  /// Hz at which 1/f noise equals the white noise; 0 for none.
  package var corner = 0.0
  package var exponent = 1.0
  /// Hz and relative amplitude of an instrument's line.
  package var line: (frequency: Double, amplitude: Double)?
  package var seed: UInt64 = 0

  package init(model: TelegraphModel) { self.model = model }

  package static let columns = ["device", "time_s", "conductance_S"]

  /// Writes the table, tidy or in the layout of an instrument.
  ///
  /// - Throws: ``Failure`` when the layout has no place for it, or the file cannot be written.
  package func write(to path: String, as format: TableFormat = .table) throws(Failure) {
    var file = try MeasurementFile(
      path: path, columns: Self.columns, format: format, readVoltage: model.read.voltage)
    for device in 0..<devices {
      for (index, value) in try trace(device).enumerated() {
        file.append(["\(device)"], [Double(index) * model.sampleInterval, value])
      }
    }
    try file.finish()
  }

  /// Conductances of one device in siemens.
  package func trace(_ device: Int) throws(Failure) -> [Double] {
    let (interval, substream) = (model.sampleInterval, UInt64(device))
    let normals = Normal.draws(
      samples, from: RandomStream(seed: seed, name: "reading noise"), substream: substream)
    var flicker: [Double] = []
    if corner > 0 {
      var length = 4
      // Twice the length: the ends of a periodic series must not meet.
      while length < 2 * samples { length *= 2 }
      let density = 2 * interval * white * white
      let draws = Normal.draws(
        length, from: RandomStream(seed: seed, name: "flicker noise"), substream: substream)
      flicker = try PowerSpectrum.series(count: length, interval: interval, normals: draws) {
        density * pow(corner / $0, exponent)
      }
    }
    let jumps = RandomStream(seed: seed, name: "trap")
    let rate = 1 / model.captureTime + 1 / model.emissionTime
    let filled = model.emissionTime / (model.captureTime + model.emissionTime)
    let memory = exp(-rate * interval)
    var isFilled = false
    return (0..<samples).map { t in
      let chance = t == 0 ? filled : filled + ((isFilled ? 1 : 0) - filled) * memory
      isFilled = jumps.preciseUniform(at: t, substream: substream) < chance
      var relative = 1 + white * normals[t] - (isFilled ? amplitude : 0)
      if !flicker.isEmpty { relative += flicker[t] }
      if let line {
        relative += line.amplitude * sin(2 * Double.pi * line.frequency * Double(t) * interval)
      }
      return model.conductance * relative
    }
  }
}
