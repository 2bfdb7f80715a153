import ArrayOperations
import Devices
import Foundation
import Mathematics
import NoiseSources
import Testing

@Suite("Switching") struct SwitchingTests {
  private func array(
    _ text: String, seed: UInt64 = 5, change: (inout SwitchingModel) -> Void
  ) throws -> SwitchingArray {
    let device = try testDevice().switching(change)
    return try #require(try bitSource(text, seed: seed, device: device) as? SwitchingArray)
  }

  private func probability(_ array: SwitchingArray, device: Int, cycles: Int) -> Double {
    let one = array.devices[device]
    let drift = array.model.drift * Double(cycles)
    return Normal.cumulative((one.amplitude - one.threshold - drift) / array.model.cycleSpread)
  }

  /// Small arrays, whose loop follows the common drift more slowly, and the calibration's own.
  ///
  /// A loop can know p no better than its bits: with a standard deviation of some 0.0014 over 10⁵
  /// pulses a few in ten thousand of a large array's 10,240 windows lie beyond 0.005.
  @Test(arguments: [(0.03, 1, 8, 4), (0.05, -1, 8, 4), (0.10, 1, 8, 4), (0.05, -1, 64, 16)])
  func `The control holds one half within 0.005 under drift`(
    spread: Double, sign: Double, rows: Int, columns: Int
  ) throws {
    // One cycle-to-cycle standard deviation in a million pulses.
    var array = try array("switching:raw,c2c=\(spread),drift=\(sign * spread * 1e-6)") {
      ($0.rows, $0.columns) = (rows, columns)
    }
    var (queue, ledger) = (BitQueue(), EnergyLedger())
    let blocks = 1563
    var beyond = 0
    for hundredThousand in 0..<10 {
      var sums = [Double](repeating: 0, count: rows * columns)
      for block in 0..<blocks {
        let cycles = (hundredThousand * blocks + block) * 64
        if block == 0, hundredThousand == 0 { array.produce(into: &queue, ledger: &ledger) }
        for device in sums.indices {
          sums[device] += probability(array, device: device, cycles: cycles)
        }
        array.produce(into: &queue, ledger: &ledger)
        queue.removeAll()
      }
      let errors = sums.map { abs($0 / Double(blocks) - 0.5) }
      beyond += errors.count { $0 >= 0.005 }
      #expect(errors.allSatisfy { $0 < 0.0065 })
    }
    #expect(beyond <= rows * columns * 10 / 2000)
  }

  @Test(arguments: [0.03, 0.1])
  func `The search finds one half, and later positions begin as tracking leaves it`(
    spread: Double
  ) throws {
    var array = try array("switching:raw,c2c=\(spread)") { ($0.rows, $0.columns) = (64, 4) }
    var (queue, ledger) = (BitQueue(), EnergyLedger())
    func deviation(at position: UInt64, blocks: Int) -> Double {
      array.restart(at: position)
      array.start(ledger: &ledger)
      for _ in 0..<blocks { array.produce(into: &queue, ledger: &ledger) }
      queue.removeAll()
      let squares = (0..<256).reduce(0.0) { sum, device in
        let excess = probability(array, device: device, cycles: 0) - 0.5
        return sum + excess * excess
      }
      return (squares / 256).squareRoot()
    }
    // √(g · slope / (8 · 64)) of the documented loop; ±20 % is 4.5 standard deviations.
    let expected = (0.398_94 / 320 / 512).squareRoot()
    // Steps of 1/n average all blocks alike, which leaves twice the variance of the loop at equal g.
    #expect(abs(deviation(at: 0, blocks: 0) / (2.0.squareRoot() * expected) - 1) < 0.2)
    let afterSearch = ledger
    #expect(abs(deviation(at: 1, blocks: 0) / expected - 1) < 0.2)
    #expect(ledger == afterSearch)
    #expect(abs(deviation(at: 2, blocks: 2000) / expected - 1) < 0.25)
  }

  @Test func `Without control the bits are the comparisons the model asks for`() throws {
    var array = try array("switching:raw,control=none") { ($0.rows, $0.columns) = (3, 2) }
    let stream = RandomStream(seed: 5, name: "switching/bits")
    var (queue, ledger) = (BitQueue(), EnergyLedger())
    array.restart(at: 9)
    for block in 0..<20 {
      array.produce(into: &queue, ledger: &ledger)
      for device in 0..<6 {
        let p = probability(array, device: device, cycles: 0)
        let raw = unpacked(queue.take(64))
        for cycle in 0..<64 {
          let element = (2 * block + device / 4) * 256 + device % 4 * 64 + cycle
          let uniform = Double(stream.word(at: element, substream: 18)) / 0x1p32
          #expect(raw[cycle] == (uniform < p) || abs(uniform - p) < 1e-9)
        }
      }
    }
  }

  @Test func `Thresholds spread as the calibration says`() throws {
    let array = try array("switching") { ($0.rows, $0.columns) = (64, 64) }
    let thresholds = array.devices.map(\.threshold)
    let mean = thresholds.reduce(0, +) / 4096
    let variance = thresholds.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4095
    #expect(abs(mean - 1.0) < 3.9 * 0.17 / 64)
    #expect(abs(variance.squareRoot() / 0.17 - 1) < 3.9 / (2.0 * 4096).squareRoot())
    // The chip is decided by its own seed, not by the noise's.
    var conditions = NoiseConditions(
      device: try testDevice(), seed: 1, deviceSeed: 5, purpose: "training")
    let first = try NoiseSpecification(parsing: "switching").bitSource(conditions)
    conditions.seed = 2
    let second = try NoiseSpecification(parsing: "switching").bitSource(conditions)
    #expect(
      (first as? SwitchingArray)?.devices.map(\.threshold)
        == (second as? SwitchingArray)?.devices.map(\.threshold))
  }

  @Test func `Cycles are booked as SET, read and RESET of each device`() throws {
    var array = try array("switching:raw,control=none") { ($0.rows, $0.columns) = (4, 2) }
    var (queue, search, ledger) = (BitQueue(), EnergyLedger(), EnergyLedger())
    array.produce(into: &queue, ledger: &search)
    queue.removeAll()
    array.produce(into: &queue, ledger: &ledger)
    let device = try testDevice()
    let model = array.model
    func read(_ conductance: Double) -> Double {
      0.1
        * device.staticModel.current(
          conductance: conductance, voltage: 0.1, temperature: 298.15) * 1e-6
    }
    var (expected, ones) = (0.0, 0)
    for _ in 0..<8 {
      for switched in unpacked(queue.take(64)) {
        let square = model.thresholdMean * model.thresholdMean
        // Three mates on the bit line see half of both pulses.
        expected += 3 * 10e-6 / 4 * (square + 2.25) * 1e-7
        if switched {
          ones += 1
          expected += square * 55e-6 * 1e-7 + 2.25 * 100e-6 * 1e-7 + read(100e-6)
        } else {
          expected += square * 10e-6 * 1e-7 + 2.25 * 10e-6 * 1e-7 + read(10e-6)
        }
      }
    }
    #expect(ones > 0 && ones < 512)
    #expect(abs(ledger.noise / expected - 1) < 1e-9)
    #expect(ledger.noiseCycles == 512)
    // Two columns cycle together: 256 times 100 ns + 1 µs + 100 ns.
    #expect(abs(ledger.seconds - 256 * 1.2e-6) < 1e-12)
    #expect(search.noiseCycles == 512 * 811)
  }

  @Test func `Wear is counted and stops nothing`() throws {
    var stream = try bitStream("switching")
    var ledger = EnergyLedger()
    _ = try stream.bytes(1000, ledger: &ledger)
    let wear = try #require(stream.source.wear)
    #expect(wear.devices == 1024)
    #expect(wear.endurance == 5000)
    #expect(wear.cyclesPerDevice(ledger.noiseCycles) == Double(ledger.noiseCycles) / 1024)
    #expect(wear.wornOut(after: 5000 * 1024) == 0)
    #expect(wear.wornOut(after: 5001 * 1024) == 1024)
  }

  @Test(arguments: ["switching", "switching:xor4"])
  func `Corrected bits pass the quick battery`(text: String) throws {
    var stream = try bitStream(text, seed: 11)
    var ledger = EnergyLedger()
    let battery = try QuickBattery(
      stream.bytes(20_000_000, ledger: &ledger), place: "bits", tests: .standard)
    #expect(battery.findings == [])
    for result in battery.results { #expect(result.probability > 1e-4, "\(result.name)") }
  }
}
