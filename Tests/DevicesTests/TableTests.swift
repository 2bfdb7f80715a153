import Devices
import Testing

/// Tables of hot loops against the models and each other.
@Suite struct TableTests {
  private let bounds = 3e-6...300e-6
  private let set = Pulse(voltage: 0.8, width: 100e-9)
  private let reset = Pulse(voltage: -0.9, width: 100e-9)

  /// Steps that grow with conductance and amplitude, of which pulses of either sign differ.
  private struct Growing: PulseModel {
    func response(to pulse: Pulse, conductance: Double) -> PulseResponse {
      PulseResponse(
        meanStep: pulse.voltage * pulse.voltage * (pulse.isSet ? 1e-7 + conductance / 50 : -2e-7),
        relativeSpread: 0.3)
    }
  }

  private func family(_ pulse: Pulse) -> PulseFamily {
    PulseFamily(Growing(), pulse: pulse, bounds: bounds, spread: true, lowestVoltageRatio: 0.4)
  }

  @Test("Both pulses in one table answer as each in its own")
  func pairOfPulses() {
    let pair = PulsePairTables(set: family(set), reset: family(reset))
    for pulse in [set, reset] {
      let own = family(pulse)
      let whole = PulseTable(Growing(), pulse: pulse, bounds: bounds)
      for conductance: Float in [3e-6, 17e-6, 88.8e-6, 300e-6] {
        for (z, cycle) in [(Float(0), Float(1)), (1.5, 0.8), (-4, 1), (0.2, -1)] {
          #expect(
            pair.conductance(after: conductance, isSet: pulse.isSet, z: z, cycle: cycle)
              == whole.conductance(after: conductance, z: z, cycle: cycle))
          for voltageRatio: Float in [1, 0.97, 0.5, 0.2] {
            #expect(
              pair.conductance(
                after: conductance, isSet: pulse.isSet, z: z, cycle: cycle,
                voltageRatio: voltageRatio)
                == own.conductance(
                  after: conductance, z: z, cycle: cycle, voltageRatio: voltageRatio))
          }
        }
      }
    }
  }

  /// As many basis functions as asked for, with coefficients linear in conductance.
  private struct Wide: StaticModel {
    let terms: Int
    var basis: [BasisFunction] { [BasisFunction](repeating: .linear, count: terms) }
    func coefficients(conductance: Double, temperature: Double) -> StaticCoefficients {
      StaticCoefficients(
        mean: (0..<terms).map { Double($0 + 1) * conductance },
        deviation: (0..<terms).map { Double($0) * 0.1 * conductance }, admissible: -2...1)
    }
  }

  @Test("Coefficients of any number of basis functions", arguments: 1...6)
  func coefficients(_ terms: Int) {
    let model = Wide(terms: terms)
    let table = StaticTable(model, range: bounds, temperature: 300)
    var found = [Float](repeating: 0, count: terms)
    for (conductance, z) in [(Float(5e-6), Float(0.4)), (77e-6, -1.2), (299e-6, 3), (20e-6, -5)] {
      found.withUnsafeMutableBufferPointer { target in
        guard let base = target.baseAddress else { return }
        table.coefficients(at: conductance, z: z, into: base)
      }
      let held = min(max(z, -2), 1)
      for term in 0..<terms {
        let expected = (Float(term + 1) + held * Float(term) * 0.1) * conductance
        #expect(abs(found[term] - expected) <= 1e-5 * abs(expected) + 1e-12)
      }
    }
  }
}
