import Crossbars
import Devices
import Foundation
import Mathematics
import Testing

/// What no array may violate, whatever its devices.
@Suite struct ReadPhysicsTests {
  @Test("Reciprocity: one line driven, one sensed, the same current both ways")
  func reciprocity() throws {
    let devices = [
      try Arrays.device("nili2020"), try Arrays.device("ideal"),
      try Arrays.device(static: SinhStatic()),
    ]
    for device in devices {
      let crossbar = try Arrays.make(device, 9, 7) { $0.readNoise = false }
      crossbar.randomise(in: Arrays.fullRange)
      for voltage: Float in [-0.4, 0.05, 0.2, 0.4] {
        for (wordLine, output) in [(0, 0), (8, 6), (3, 5)] {
          var rows = Matrix(rows: 9, columns: 1)
          var columns = Matrix(rows: 7, columns: 1)
          rows[wordLine, 0] = voltage
          columns[output, 0] = voltage
          let forward = crossbar.reading(rows, .forward).currents[output, 0]
          let backward = crossbar.reading(columns, .transposed).currents[wordLine, 0]
          #expect(forward != 0)
          #expect(abs(forward - backward) <= 4 * forward.ulp)
        }
      }
    }
  }

  @Test("Linear devices are adjoint: yᵀ(Wx) = xᵀ(Wᵀy)", arguments: Pairing.allCases)
  func adjointness(_ pairing: Pairing) throws {
    let crossbar = try Arrays.make(Arrays.device("ideal"), 120, 45, pairing)
    crossbar.randomise(in: Arrays.fullRange)
    let (x, y) = (Arrays.voltages(120, 1), Arrays.voltages(45, 1))
    let wx = crossbar.reading(x, .forward).currents
    let wy = crossbar.reading(y, .transposed).currents
    func dot(_ a: Matrix, _ b: Matrix) -> Double {
      zip(a.elements, b.elements).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let scale = (dot(y, y) * dot(wx, wx)).squareRoot()
    #expect(abs(dot(y, wx) - dot(x, wy)) < 1e-6 * scale)
  }

  @Test("Reads dissipate; ohmic devices four times as much at twice the voltage")
  func energy() throws {
    for name in ["nili2020", "ideal"] {
      let crossbar = try Arrays.make(Arrays.device(name), 40, 20)
      crossbar.randomise(in: Arrays.fullRange)
      for largest in [1e-3, 0.2, 0.4] {
        let voltages = Arrays.voltages(40, 3, largest: largest)
        #expect(crossbar.reading(voltages, .forward).energy > 0)
      }
      #expect(crossbar.reading(Matrix(rows: 40, columns: 3), .forward).energy == 0)
    }
    let crossbar = try Arrays.make(Arrays.device("ideal"), 40, 20)
    let energies = [0.1, 0.2].map {
      crossbar.reading(Arrays.voltages(40, 3, largest: $0), .forward).energy
    }
    #expect(isClose(energies[1], 4 * energies[0], 1e-5))
  }

  /// By the normal distribution, at 25 °C, over states that are uniform in log G.
  @Test("0.3 % of nili2020's devices in the window, 0.6 % in the full range have z_s restricted")
  func restrictedShare() throws {
    let model = try Arrays.device("nili2020").staticModel
    let temperature = 25 + PhysicalConstants.zeroCelsius
    func share(_ range: ClosedRange<Double>) -> Double {
      let states = 400
      let ratio = range.upperBound / range.lowerBound
      return (0...states).reduce(0) { total, index in
        let conductance = range.lowerBound * pow(ratio, Double(index) / Double(states))
        let border = model.coefficients(conductance: conductance, temperature: temperature)
          .admissible.lowerBound
        return total + Normal.cumulative(max(border, -40)) / Double(states + 1)
      }
    }
    let (window, full) = (share(30e-6...100e-6), share(3.16e-6...316e-6))
    #expect(window > 0.002 && window < 0.004)
    #expect(full > 0.004 && full < 0.008)
  }
}
