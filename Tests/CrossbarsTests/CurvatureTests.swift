import ArrayOperations
import Crossbars
import Devices
import Mathematics
import Testing

/// Reads that follow the curvature of single devices on strongly driven lines only.
@Suite struct CurvatureTests {
  private static let readVoltage = 0.1
  private static let tolerance = 1e-3

  @Test(
    "The error stays a small share of the devices' currents",
    arguments: [ReadDirection.forward, .transposed], [Pairing.twoSided, .referencedPair])
  func error(_ direction: ReadDirection, _ pairing: Pairing) throws {
    let (exact, fast) = try arrays(70, 40, pairing)
    let voltages = voltages(exact.drivenLines(direction), every: 4)
    let expected = exact.reading(voltages, direction)
    let found = fast.reading(voltages, direction)
    // A device of the window bends up to twice as much as the one at its centre, its spread is half
    // of that again; four standard deviations of it are four times the tolerance.
    var largest = 0.0
    for (index, current) in magnitudes(exact, voltages, direction).enumerated() {
      let error = Double(found.currents.elements[index] - expected.currents.elements[index])
      largest = max(largest, abs(error) / current)
    }
    #expect(largest < 4 * Self.tolerance)
    #expect(largest > 1e-7, "nothing was left out")
    #expect(found.energy == expected.energy)
  }

  @Test(
    "Lines at rest and at V_read are exact, however many they are",
    arguments: [ReadDirection.forward, .transposed], [2, 9])
  func picked(_ direction: ReadDirection, _ every: Int) throws {
    let (exact, fast) = try arrays(70, 40)
    var voltages = voltages(exact.drivenLines(direction), every: every, weak: 0)
    for _ in 0..<2 {
      let expected = exact.reading(voltages, direction).currents
      let found = fast.reading(voltages, direction).currents
      let scale = expected.largestMagnitude
      for (found, expected) in zip(found.elements, expected.elements) {
        #expect(abs(found - expected) < 1e-6 * scale)
      }
      // The lines that were at rest are driven, the others rest.
      for index in voltages.elements.indices {
        voltages.elements[index] =
          voltages.elements[index] == 0 ? Float(Self.readVoltage) : 0
      }
    }
  }

  @Test("Same bits on one worker and two")
  func workers() throws {
    let (_, fast) = try arrays(300, 150)
    for direction in [ReadDirection.forward, .transposed] {
      let voltages = voltages(fast.drivenLines(direction), every: 5)
      let one = fast.reading(voltages, direction)
      let two = fast.reading(voltages, direction, workers: Workers(count: 2))
      #expect(one.currents == two.currents)
    }
  }

  @Test("A characteristic that is curved at every voltage is followed everywhere")
  func power() throws {
    let device = try Arrays.device(static: PowerPair())
    let (exact, fast) = try arrays(30, 20, of: device)
    let voltages = voltages(30, every: 2)
    #expect(fast.reading(voltages, .forward).currents == exact.reading(voltages, .forward).currents)
  }

  /// Σ |G·V| over all devices of a sensed line, sensed lines × samples.
  private func magnitudes(
    _ crossbar: Crossbar, _ voltages: Matrix, _ direction: ReadDirection
  ) -> [Double] {
    let (own, others) = (crossbar.state, crossbar.referenceState)
    return (0..<crossbar.sensedLines(direction) * voltages.columns).map { index in
      let (sensed, sample) = (index / voltages.columns, index % voltages.columns)
      return (0..<voltages.rows).reduce(0) { sum, driven in
        let pair =
          direction == .forward
          ? driven * crossbar.outputs + sensed : sensed * crossbar.outputs + driven
        let conductance =
          own.plus[pair] + own.minus[pair] + (others.map { $0.plus[pair] + $0.minus[pair] } ?? 0)
        return sum + Double(abs(voltages[driven, sample]) * conductance)
      }
    }
  }

  /// An array and the same with a tolerance.
  private func arrays(
    _ wordLines: Int, _ outputs: Int, _ pairing: Pairing = .twoSided, of device: DeviceModel? = nil
  ) throws -> (exact: Crossbar, fast: Crossbar) {
    let device = try device ?? Arrays.device("nili2020")
    let arrays = try [0, Self.tolerance].map { tolerance in
      let crossbar = try Arrays.make(device, wordLines, outputs, pairing) {
        $0.readNoise = false
        $0.read.voltage = Self.readVoltage
        $0.read.curvatureTolerance = tolerance
      }
      crossbar.randomise(in: 30e-6...100e-6)
      return crossbar
    }
    return (arrays[0], arrays[1])
  }

  /// One line of so many driven up to V_read, the others up to a fraction of it.
  private func voltages(_ lines: Int, every: Int, weak: Float = 0.1) -> Matrix {
    var voltages = Arrays.voltages(lines, 33, largest: Self.readVoltage)
    for line in 0..<lines where line % every != 0 {
      for sample in 0..<33 { voltages[line, sample] *= weak }
    }
    return voltages
  }
}

/// Two terms of which the second is as large as the first at every voltage.
private struct PowerPair: StaticModel {
  var basis: [BasisFunction] { [.linear, .hyperbolicSine(slope: 3)] }

  func coefficients(conductance: Double, temperature: Double) -> StaticCoefficients {
    StaticCoefficients(
      mean: [conductance / 2, conductance / 2], deviation: [0, 0], admissible: -5...5)
  }
}
