package import ArrayOperations
import Devices
import Mathematics

extension CrossbarReference {
  /// Conductances after a step of programming, and what it cost.
  package struct Programming {
    /// Conductance of every plus device in siemens, row-major by word line.
    package var plus: [Double]
    /// The same of the minus devices.
    package var minus: [Double]
    /// Energies and counts of the step, half-selected devices included.
    package var ledger = EnergyLedger()
  }

  /// Applies the batch rule without cycle-to-cycle spread, pulse by pulse; the array stays as it is.
  package func program(_ updateSigns: SignMatrix) -> Programming {
    var result = start
    for row in 0..<updateSigns.rows {
      for pulse in [technology.conditions.setPulse, technology.conditions.resetPulse] {
        play(pulse, wordLines: [row], to: &result) { column, isPlus in
          let sign = updateSigns[row, column]
          let isStoredPositive = (crossbar.signs?[row * updateSigns.columns + column] ?? 1) > 0
          return sign != 0
            && isPulsed(isPlus: isPlus, by: pulse, raising: (sign > 0) == isStoredPositive)
        }
      }
    }
    return result
  }

  /// Applies the per-sample rule likewise: SET and RESET phases for the positive and the negative inputs.
  package func programSample(inputs: [Int8], deltas: [Int8]) -> Programming {
    var result = start
    for pulse in [technology.conditions.setPulse, technology.conditions.resetPulse] {
      for inputSign: Int8 in [1, -1] {
        let rows = Set(inputs.indices.filter { inputs[$0] == inputSign })
        play(pulse, wordLines: rows, to: &result) { column, isPlus in
          deltas[column] != 0
            && isPulsed(isPlus: isPlus, by: pulse, raising: deltas[column] == inputSign)
        }
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

  private var start: Programming {
    Programming(
      plus: crossbar.plus.conductance.values.map(Double.init),
      minus: crossbar.minus.conductance.values.map(Double.init))
  }

  /// Whether a pulse to a device moves its weight the wanted way, and the pairing uses it.
  private func isPulsed(isPlus: Bool, by pulse: Pulse, raising: Bool) -> Bool {
    // W grows with G⁺ and falls with G⁻.
    let moves = (isPlus == pulse.isSet) == raising
    switch technology.conditions.pairing {
    case .twoSided, .referencedPair: return moves
    case .setOnly: return moves && pulse.isSet
    case .oneFixed, .singleWithSign: return moves && isPlus
    }
  }

  /// Plays a phase device by device: what drives its two lines says what a device sees.
  private func play(
    _ pulse: Pulse, wordLines: Set<Int>, to result: inout Programming,
    isSelected: (_ column: Int, _ isPlus: Bool) -> Bool
  ) {
    let layout = crossbar.layout
    let before = result
    let polarities = technology.conditions.pairing.sharesTiles ? [true, false] : [true]
    for tileRow in 0..<layout.rowsOfTiles {
      for tileColumn in 0..<layout.columnsOfTiles {
        let (rows, columns) = (layout.rows(of: tileRow), layout.outputs(of: tileColumn))
        let isDriven =
          rows.contains(where: wordLines.contains)
          && columns.contains { column in polarities.contains { isSelected(column, $0) } }
        guard isDriven else { continue }
        result.ledger.seconds = before.ledger.seconds + pulse.width
        for row in rows {
          for column in columns {
            for isPlus in polarities {
              apply(
                pulse, row: row, column: column, isPlus: isPlus,
                onLines: (wordLines.contains(row), isSelected(column, isPlus)), to: &result)
            }
          }
        }
      }
    }
  }

  /// Potentials over the amplitude that a scheme puts on word and bit lines, selected or not.
  private func potentials(onLines: (word: Bool, bit: Bool)) -> (word: Double, bit: Double) {
    switch technology.conditions.scheme {
    case .half: (onLines.word ? 1 : 0.5, onLines.bit ? 0 : 0.5)
    case .third: (onLines.word ? 1 : 1.0 / 3, onLines.bit ? 0 : 2.0 / 3)
    }
  }

  /// Moves one device and books what drivers supply to it.
  private func apply(
    _ pulse: Pulse, row: Int, column: Int, isPlus: Bool, onLines: (word: Bool, bit: Bool),
    to result: inout Programming
  ) {
    let device = row * crossbar.outputs + column
    let (bank, state) =
      isPlus
      ? (crossbar.plus, \Programming.plus) : (crossbar.minus, \Programming.minus)
    let (word, bit) = potentials(onLines: onLines)
    let voltage = (word - bit) * pulse.voltage
    let conductance = result[keyPath: state][device]
    let (arriving, supplied) = ratios(bank, device, onLines: onLines)
    let energy = voltage * voltage * supplied * conductance * pulse.width
    if onLines == (true, true) {
      result.ledger.programSelected += energy
      result.ledger.pulses += 1
      var arrived = pulse
      arrived.voltage *= arriving
      result[keyPath: state][device] = self.conductance(
        after: arrived, conductance, bank, device)
      result.ledger.writes += result[keyPath: state][device] != conductance ? 1 : 0
    } else if voltage != 0 {
      result.ledger.programHalf += energy
      result.ledger.halfSelections += 1
    }
  }

  /// Fraction of the potential difference of a device's lines that reaches it, and that which drivers
  /// supply current for on its account.
  ///
  /// Under V/3 a selected line lifts its neighbours and takes from devices on no selected line as much
  /// again as its own devices have beyond theirs.
  private func ratios(
    _ bank: DeviceBank, _ device: Int, onLines: (word: Bool, bit: Bool)
  ) -> (arriving: Double, supplied: Double) {
    guard let gains = crossbar.gains(of: bank) else { return (1, 1) }
    let unselected = Double(gains.unselected[device])
    let arriving =
      switch onLines {
      case (true, true): Double(gains.selected[device])
      case (true, false): Double(gains.sameWordLine[device])
      case (false, true): Double(gains.sameBitLine[device])
      case (false, false): unselected
      }
    let isHalfSelected = onLines.word != onLines.bit
    return (
      arriving,
      technology.conditions.scheme == .third && isHalfSelected
        ? 2 * arriving - unselected : arriving
    )
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
