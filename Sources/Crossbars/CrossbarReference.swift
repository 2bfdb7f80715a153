import Devices
package import Mathematics

/// The slow, obvious array: one device at a time, the models themselves, double precision.
///
/// What every fast path is held against. It shares an array's state and frozen variability, nothing else: no
/// tables, no expansions over lines, no totals that follow.
package struct CrossbarReference {
  private let crossbar: Crossbar
  private let technology: ArrayTechnology

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

extension CrossbarReference {
  /// Conductances after a step of the batch rule, and what it cost.
  package struct Programming {
    /// Conductance of every plus device in siemens, row-major by word line.
    package var plus: [Double]
    /// The same of the minus devices.
    package var minus: [Double]
    /// Energies and counts of the step, half-selected devices included.
    package var ledger: EnergyLedger
  }

  /// Applies the batch rule without cycle-to-cycle spread, pulse by pulse; the array stays as it is.
  package func program(_ updateSigns: SignMatrix) -> Programming {
    var result = Programming(
      plus: crossbar.plus.conductance.values.map(Double.init),
      minus: crossbar.minus.conductance.values.map(Double.init), ledger: EnergyLedger())
    for row in 0..<updateSigns.rows {
      for pulse in [technology.conditions.setPulse, technology.conditions.resetPulse] {
        applyPhase(pulse, row: row, updateSigns, to: &result)
      }
    }
    return result
  }

  /// Conductance of every plus device after alternating pulses, SET first; the array stays as it is.
  package func afterPulsePairs(pulsePairs: Int) -> [Double] {
    crossbar.plus.conductance.values.indices.map { device in
      (0..<pulsePairs).reduce(Double(crossbar.plus.conductance[device])) { conductance, _ in
        let raised = self.conductance(
          after: technology.conditions.setPulse, conductance, crossbar.plus, device)
        return self.conductance(
          after: technology.conditions.resetPulse, raised, crossbar.plus, device)
      }
    }
  }

  private func applyPhase(
    _ pulse: Pulse, row: Int, _ updateSigns: SignMatrix, to result: inout Programming
  ) {
    let start = result
    var plusLines = Set<Int>()
    var minusLines = Set<Int>()
    for column in 0..<updateSigns.columns where updateSigns[row, column] != 0 {
      let sign = crossbar.signs?[row * updateSigns.columns + column] ?? 1
      let assignment = PulseAssignment(
        technology.conditions.pairing, raises: (updateSigns[row, column] > 0) == (sign > 0))
      if pulse.isSet ? assignment.setsPlus : assignment.resetsPlus { plusLines.insert(column) }
      if pulse.isSet ? assignment.setsMinus : assignment.resetsMinus { minusLines.insert(column) }
    }
    guard !(plusLines.isEmpty && minusLines.isEmpty) else { return }
    expose(
      \.plus, crossbar.plus, lines: plusLines, row: row, pulse, start: start.plus, to: &result)
    if technology.conditions.pairing.sharesTiles {
      expose(
        \.minus, crossbar.minus, lines: minusLines, row: row, pulse, start: start.minus,
        to: &result)
    }
    result.ledger.seconds += pulse.width
  }

  /// Books every device of one polarity: selected, half-selected once, or at 0 V.
  private func expose(
    _ state: WritableKeyPath<Programming, [Double]>, _ bank: DeviceBank, lines: Set<Int>,
    row selectedRow: Int, _ pulse: Pulse, start: [Double], to result: inout Programming
  ) {
    let energyPerSiemens = pulse.voltage * pulse.voltage * pulse.width
    for row in 0..<crossbar.wordLines {
      for column in 0..<crossbar.outputs {
        let device = row * crossbar.outputs + column
        switch (row == selectedRow, lines.contains(column)) {
        case (true, true):
          result.ledger.programSelected += energyPerSiemens * start[device]
          result.ledger.pulses += 1
          let after = conductance(after: pulse, start[device], bank, device)
          result.ledger.writes += after != start[device] ? 1 : 0
          result[keyPath: state][device] = after
        case (true, false), (false, true):
          result.ledger.programHalf += energyPerSiemens / 4 * start[device]
          result.ledger.halfSelections += 1
        case (false, false): break
        }
      }
    }
  }

  private func conductance(
    after pulse: Pulse, _ before: Double, _ bank: DeviceBank, _ device: Int
  ) -> Double {
    let response = technology.device.pulseModel.response(to: pulse, conductance: before)
    let z = Double(pulse.isSet ? bank.setDeviation[device] : bank.resetDeviation[device])
    let step = response.step(z: technology.conditions.pulseVariation ? z : 0)
    let bounds = technology.conditions.conductanceBounds
    return min(max(before + step, bounds.lowerBound), bounds.upperBound)
  }
}
