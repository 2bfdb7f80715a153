import ArrayOperations
import Crossbars
import Devices
import Mathematics
import Testing

/// The stochastic rule against four phases played device by device.
@Suite struct PerSampleTests {
  static let pairings: [Pairing] = [.twoSided, .setOnly, .oneFixed, .referencedPair]

  /// A device of the enumeration: where it sits and what it holds.
  private struct Device {
    let row: Int
    let column: Int
    let isPlus: Bool
    var conductance: Double
    var fullPulses = 0
  }

  /// Whether a weight that shall rise or fall gives this polarity this pulse (physics of a pair).
  private func moves(_ pairing: Pairing, isPlus: Bool, isSet: Bool, raises: Bool) -> Bool {
    switch pairing {
    case .twoSided, .referencedPair: (isPlus == isSet) == raises
    case .setOnly: isSet && isPlus == raises
    case .oneFixed, .singleWithSign: isPlus && isSet == raises
    }
  }

  /// Whether training reaches a device: references are in tiles of their own.
  private func isReached(_ device: Device, _ pairing: Pairing) -> Bool {
    pairing != .oneFixed || device.isPlus
  }

  @Test("States, energy and counts by enumeration", arguments: pairings)
  func enumeration(_ pairing: Pairing) throws {
    let model = try Arrays.device("nili2020")
    let crossbar = try Arrays.make(model, 14, 9, pairing) { $0.pulseVariation = false }
    crossbar.randomise(in: 20e-6...200e-6)
    let (inputs, deltas) = (Arrays.signs(14, "inputs"), Arrays.signs(9, "deltas"))
    let state = crossbar.state
    var devices = (0..<crossbar.pairs).flatMap { pair in
      [(true, state.plus[pair]), (false, state.minus[pair])].map {
        Device(row: pair / 9, column: pair % 9, isPlus: $0.0, conductance: Double($0.1))
      }
    }
    var expected = EnergyLedger()
    let conditions = crossbar.technology.conditions
    for pulse in [conditions.setPulse, conditions.resetPulse] {
      for inputSign: Int8 in [1, -1] {
        func isOn(_ device: Device) -> (row: Bool, column: Bool) {
          let delta = deltas[device.column]
          return (
            inputs[device.row] == inputSign,
            delta != 0
              && moves(
                pairing, isPlus: device.isPlus, isSet: pulse.isSet, raises: delta == inputSign)
          )
        }
        guard devices.contains(where: { isOn($0).row && isOn($0).column }) else { continue }
        expected.seconds += pulse.width
        for index in devices.indices {
          let (onRow, onColumn) = isOn(devices[index])
          let energy = pulse.voltage * pulse.voltage * pulse.width * devices[index].conductance
          if onRow && onColumn {
            expected.programSelected += energy
            expected.pulses += 1
            devices[index].fullPulses += 1
            devices[index].conductance +=
              model.pulseModel.response(to: pulse, conductance: devices[index].conductance)
              .meanStep
          } else if (onRow || onColumn) && isReached(devices[index], pairing) {
            expected.programHalf += energy / 4
            expected.halfSelections += 1
          }
        }
      }
    }
    let ledger = crossbar.programSample(inputs: inputs, deltas: deltas, step: 0)
    #expect(devices.allSatisfy { $0.fullPulses <= 1 })
    for device in devices {
      let pair = device.row * 9 + device.column
      let found = device.isPlus ? crossbar.state.plus[pair] : crossbar.state.minus[pair]
      #expect(isClose(Double(found), device.conductance, 1e-6))
    }
    #expect(isClose(ledger.programSelected, expected.programSelected, 1e-6))
    #expect(isClose(ledger.programHalf, expected.programHalf, 1e-6))
    #expect(isClose(ledger.seconds, expected.seconds, 1e-12))
    #expect(ledger.pulses == expected.pulses && ledger.writes == expected.pulses)
    #expect(ledger.halfSelections == expected.halfSelections)
  }

  @Test("The same states as the batch rule with the outer product", arguments: pairings)
  func outerProduct(_ pairing: Pairing) throws {
    let device = try Arrays.device("nili2020")
    let arrays = try [0, 1].map { _ in try Arrays.make(device, 30, 20, pairing) }
    for array in arrays { array.randomise(in: 20e-6...200e-6) }
    let (inputs, deltas) = (Arrays.signs(30, "inputs"), Arrays.signs(20, "deltas"))
    var updateSigns = SignMatrix(rows: 30, columns: 20)
    for row in 0..<30 {
      for column in 0..<20 { updateSigns[row, column] = inputs[row] * deltas[column] }
    }
    let perSample = arrays[0].programSample(inputs: inputs, deltas: deltas, step: 0)
    let batch = arrays[1].program(updateSigns, step: 0)
    #expect(arrays[0].states == arrays[1].states)
    #expect(perSample.pulses == batch.pulses && perSample.writes == batch.writes)
    #expect(isClose(perSample.programSelected, batch.programSelected, 1e-9))
    #expect(perSample.seconds < batch.seconds)
  }

  @Test("Many samples, then one rebuild, equal an array set to the result")
  func recomputeSums() throws {
    let device = try Arrays.device("nili2020")
    let crossbar = try Arrays.make(device, 30, 20) { $0.readNoise = false }
    for sample in 0..<40 {
      _ = crossbar.programSample(
        inputs: Arrays.signs(30, "inputs \(sample)"), deltas: Arrays.signs(20, "deltas \(sample)"),
        step: UInt64(sample))
    }
    let fresh = try Arrays.make(device, 30, 20) { $0.readNoise = false }
    fresh.setState(plus: crossbar.state.plus, minus: crossbar.state.minus)
    // The lines' conductances follow samples; only the read coefficients wait for the recomputation.
    let next = (Arrays.signs(30, "last"), Arrays.signs(20, "last"))
    let found = crossbar.programSample(inputs: next.0, deltas: next.1, step: 40)
    let expected = fresh.programSample(inputs: next.0, deltas: next.1, step: 40)
    #expect(isClose(found.programHalf, expected.programHalf, 1e-9))
    crossbar.recomputeSums()
    fresh.recomputeSums()
    let voltages = Arrays.voltages(30, 4)
    #expect(crossbar.reading(voltages, .forward) == fresh.reading(voltages, .forward))
  }

  @Test("Signs of zero leave their lines alone")
  func zeroSigns() throws {
    let crossbar = try Arrays.make(Arrays.device("nili2020"), 5, 4)
    let before = crossbar.states
    let zeros = [Int8](repeating: 0, count: 5)
    let ones = [Int8](repeating: 1, count: 5)
    #expect(
      crossbar.programSample(inputs: zeros, deltas: [1, 1, -1, 1], step: 0) == EnergyLedger())
    #expect(
      crossbar.programSample(inputs: ones, deltas: [0, 0, 0, 0], step: 0) == EnergyLedger())
    #expect(crossbar.states == before)
  }
}
