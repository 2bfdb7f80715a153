import ArrayOperations
import Crossbars
import Devices
import Mathematics
import Testing

/// Fast reads against the reference, device by device.
@Suite struct ReadTests {
  @Test(
    "Currents and energy of every pairing, direction and batch size",
    arguments: ["nili2020", "ideal"], Pairing.allCases)
  func currentsAndEnergy(_ name: String, _ pairing: Pairing) throws {
    let crossbar = try Arrays.make(Arrays.device(name), 70, 19, pairing) { $0.readNoise = false }
    crossbar.randomise(in: Arrays.fullRange)
    for direction in [ReadDirection.forward, .transposed] {
      for samples in [1, 7, 16, 64, 100] {
        let voltages = Arrays.voltages(crossbar.drivenLines(direction), samples)
        let expected = CrossbarReference(crossbar).read(voltages, direction)
        let found = crossbar.reading(voltages, direction)
        #expect(distance(found.currents, expected.currents) < 1e-5)
        #expect(isClose(found.energy, expected.energy, 1e-5))
      }
    }
  }

  @Test("A sinh characteristic", arguments: [ReadDirection.forward, .transposed])
  func hyperbolicSine(_ direction: ReadDirection) throws {
    let crossbar = try Arrays.make(Arrays.device(static: SinhStatic()), 30, 20)
    crossbar.randomise(in: Arrays.fullRange)
    let voltages = Arrays.voltages(crossbar.drivenLines(direction), 16)
    let expected = CrossbarReference(crossbar).read(voltages, direction)
    let found = crossbar.reading(voltages, direction)
    #expect(distance(found.currents, expected.currents) < 1e-5)
    #expect(isClose(found.energy, expected.energy, 1e-5))
  }

  @Test("Same bits on one worker and two, noise included")
  func workers() throws {
    let crossbar = try Arrays.make(Arrays.device("nili2020"), 300, 150)
    crossbar.randomise(in: Arrays.fullRange)
    for direction in [ReadDirection.forward, .transposed] {
      for samples in [3, 64] {
        let voltages = Arrays.voltages(crossbar.drivenLines(direction), samples)
        let one = crossbar.reading(voltages, direction)
        let two = crossbar.reading(voltages, direction, workers: Workers(count: 2))
        #expect(one.currents == two.currents)
        #expect(one.energy == two.energy)
      }
    }
  }

  @Test("Without spread every device is the mean device")
  func withoutStaticVariation() throws {
    let device = try Arrays.device("nili2020")
    let crossbar = try Arrays.make(device, 3, 2) {
      $0.readNoise = false
      $0.staticVariation = false
    }
    crossbar.setState(
      plus: [Float](repeating: 80e-6, count: 6), minus: [Float](repeating: 40e-6, count: 6))
    var voltages = Matrix(rows: 3, columns: 1)
    voltages[1, 0] = 0.2
    let temperature = crossbar.technology.conditions.read.temperature
    let expected = [80e-6, 40e-6].map {
      device.staticModel.current(conductance: $0, voltage: 0.2, temperature: temperature)
    }
    let found = crossbar.reading(voltages, .forward).currents
    #expect(isClose(Double(found[0, 0]), expected[0] - expected[1], 1e-5))
    #expect(found[0, 0] == found[1, 0])
  }

  @Test("The device seed is the chip: the noise seed changes nothing of it")
  func deviceSeed() throws {
    let device = try Arrays.device("nili2020")
    func currents(deviceSeed: UInt64, seed: UInt64) throws -> Matrix {
      let crossbar = try Arrays.make(device, 40, 8, deviceSeed: deviceSeed, seed: seed) {
        $0.readNoise = false
      }
      _ = crossbar.program(Arrays.updateSigns(40, 8), step: 0)
      return crossbar.reading(Arrays.voltages(40, 4), .forward).currents
    }
    let first = try currents(deviceSeed: 1, seed: 1)
    #expect(try first == currents(deviceSeed: 1, seed: 2))
    #expect(try first != currents(deviceSeed: 2, seed: 1))
  }

  /// Largest deviation relative to the largest current.
  private func distance(_ found: Matrix, _ expected: [Double]) -> Double {
    let fullScale = expected.map(abs).max() ?? 0
    return zip(found.elements, expected).reduce(0) {
      let error = abs(Double($1.0) - $1.1) / fullScale
      return error.isNaN ? .infinity : max($0, error)
    }
  }
}
