import ArrayOperations
import Devices
package import Mathematics

/// The slow, obvious array: one device at a time, the models themselves, double precision.
///
/// What every fast path is held against. It shares an array's state and frozen variability, nothing else: no
/// tables, no expansions over lines, no totals that follow.
package struct CrossbarReference {
  let crossbar: Crossbar
  let technology: ArrayTechnology

  /// A view of an array as it stands; later changes of the array show through.
  package init(_ crossbar: Crossbar) {
    self.crossbar = crossbar
    technology = crossbar.technology
  }

  /// Currents, noise variances (A²) and energy (J) of a batch of reads.
  package struct Reading {
    /// Differences of plus and minus currents in amperes, sensed lines × samples, row-major.
    package var currents: [Double]
    /// Noise variances in A², shaped as ``currents``.
    package var variances: [Double]
    /// Σ V·I·t over devices and samples, in joules.
    package var energy: Double
  }

  /// Reads a batch of voltage vectors, driven lines × samples.
  package func read(_ voltages: Matrix, _ direction: ReadDirection) -> Reading {
    let sensed = direction == .forward ? crossbar.outputs : crossbar.wordLines
    let count = sensed * voltages.columns
    var reading = Reading(
      currents: [Double](repeating: 0, count: count),
      variances: [Double](repeating: 0, count: count), energy: 0)
    for line in 0..<sensed {
      for driven in 0..<voltages.rows {
        let (row, column) = direction == .forward ? (driven, line) : (line, driven)
        for sample in 0..<voltages.columns {
          add(
            row: row, column: column, voltage: Double(voltages[driven, sample]),
            at: line * voltages.columns + sample, to: &reading)
        }
      }
    }
    reading.energy *= technology.conditions.read.time
    return reading
  }

  private func add(
    row: Int, column: Int, voltage: Double, at index: Int, to reading: inout Reading
  ) {
    let device = row * crossbar.outputs + column
    let sign = Double(crossbar.signs?[device] ?? 1)
    var banks = [(crossbar.plus, 1.0), (crossbar.minus, -1.0)]
    if let references = crossbar.references {
      banks += [(references.plus, -1.0), (references.minus, 1.0)]
    }
    for (bank, polarity) in banks {
      let current = current(of: bank, device, voltage: voltage)
      reading.currents[index] += sign * polarity * current
      guard polarity > 0 || crossbar.hasMinusDevices else { continue }
      let chord = chord(of: bank, device, voltage: voltage)
      reading.variances[index] += technology.noisePerSiemens * chord
      reading.energy += voltage * current
    }
  }

  private func current(of bank: DeviceBank, _ device: Int, voltage: Double) -> Double {
    technology.device.staticModel.current(
      conductance: Double(bank.conductance[device]), voltage: voltage,
      temperature: technology.conditions.read.temperature, z: readDeviation(bank, device))
  }

  private func chord(of bank: DeviceBank, _ device: Int, voltage: Double) -> Double {
    technology.device.staticModel.chordConductance(
      conductance: Double(bank.conductance[device]), voltage: voltage,
      temperature: technology.conditions.read.temperature, z: readDeviation(bank, device))
  }

  private func readDeviation(_ bank: DeviceBank, _ device: Int) -> Double {
    technology.conditions.staticVariation ? Double(bank.readDeviation[device]) : 0
  }
}
