import ArrayOperations
import Devices
import Failures
import Foundation
import Mathematics
import NoiseSources
import Testing
import _TestSupport

@Suite("Latent vectors") struct LatentTests {
  @Test(arguments: LatentEncoding.Shape.allCases)
  func `Every table has zero mean and unit variance`(shape: LatentEncoding.Shape) {
    for bits in 1...16 {
      let table = LatentEncoding(shape: shape, bits: bits).table.map(Double.init)
      let count = Double(table.count)
      #expect(table.count == 1 << bits)
      #expect(abs(table.reduce(0, +)) / count < 1e-9)
      #expect(abs(table.reduce(0) { $0 + $1 * $1 } / count - 1) < 1e-6)
    }
  }

  @Test func `Tables have their shape`() {
    for shape in LatentEncoding.Shape.allCases {
      #expect(LatentEncoding(shape: shape, bits: 1).table == [-1, 1])
    }
    let uniform = LatentEncoding(shape: .uniform, bits: 4).table
    for (low, high) in zip(uniform, uniform.dropFirst()) {
      #expect(abs(high - low - (uniform[1] - uniform[0])) < 1e-6)
    }
    let sum = LatentEncoding(shape: .sum, bits: 4).table
    #expect(sum[0b0000] == -2 && sum[0b1000] == -1 && sum[0b0110] == 0 && sum[0b1111] == 2)
    let gaussian = LatentEncoding(shape: .gaussian, bits: 8).table
    #expect(zip(gaussian, gaussian.dropFirst()).allSatisfy { $0 < $1 })
    let ratio = Double(gaussian[200] / gaussian[150])
    #expect(abs(ratio - Normal.quantile(200.5 / 256) / Normal.quantile(150.5 / 256)) < 1e-5)
  }

  /// A source of numbers that has failed: it delivers one value.
  private struct Stuck: NoiseSource {
    var name: String { "stuck" }
    mutating func restart(at position: UInt64) {}
    mutating func fill(_ latent: inout Matrix, ledger: inout EnergyLedger) {
      for index in latent.elements.indices { latent.elements[index] = 1 }
    }
  }

  @Test func `Signs of numbers go through the health tests`() throws {
    var ledger = EnergyLedger()
    var latent = Matrix(rows: 100, columns: 64)
    var conditions = NoiseConditions(
      device: try testDevice(), seed: 1, deviceSeed: 1, purpose: "training")
    conditions.keepsGoing = true
    for name in ["gaussian", "uniform", "thermal", "frozen"] {
      var source = try NoiseSpecification(parsing: name)
        .latentSource(conditions, encoding: LatentEncoding())
      for _ in 0..<10 { try source.fill(&latent, ledger: &ledger) }
      let statistics = try #require(source.statistics)
      #expect(statistics.tested == "signs" && statistics.monitor.bits == 64_000)
      #expect(statistics.monitor.finding == nil)
      #expect((statistics.defect != nil) == (name == "frozen"))
      source.restart(at: 1)
      #expect(source.statistics?.monitor.bits == 0)
    }
    var stuck = WatchedNoise(Stuck(), tests: .standard, keepsGoing: false)
    let failure = #expect(throws: Failure.self) {
      for _ in 0..<10 { try stuck.fill(&latent, ledger: &ledger) }
    }
    #expect(failure?.kind == .internal)
  }

  @Test func `Life is what the search for amplitudes leaves`() {
    let wear = DeviceWear(devices: 2, endurance: 100, startUpCycles: 50)
    #expect(wear.lifetimeBits(bits: 10, cycles: 70) == 75)
    #expect(wear.lifetimeBits(bits: 0, cycles: 50) == nil)
    let spent = DeviceWear(devices: 2, endurance: 10, startUpCycles: 50)
    #expect(spent.lifetimeBits(bits: 10, cycles: 70) == 0)
  }

  @Test func `Codes are read most significant bit first`() throws {
    let encoding = LatentEncoding(shape: .uniform, bits: 4)
    var latents = BitLatents(try bitStream("lfsr32"), encoding: encoding)
    var stream = try bitStream("lfsr32")
    var latent = Matrix(rows: 5, columns: 4)
    var ledger = EnergyLedger()
    try latents.fill(&latent, ledger: &ledger)
    for value in latent.elements {
      let code = try bits(4, of: &stream).reduce(0) { 2 * $0 + ($1 ? 1 : 0) }
      #expect(value == encoding.table[code])
    }
  }

  static let sources = [
    "gaussian", "uniform", "lfsr16", "lfsr32", "switching", "switching:raw", "switching:xor4",
    "thermal", "thermal:bits=1", "thermal:bits=3", "thermal:bits=16", "biased:p=0.5",
  ]

  private func draws(_ text: String, _ encoding: LatentEncoding, batches: Int) throws -> [Double] {
    var conditions = NoiseConditions(
      device: try testDevice(), seed: 21, deviceSeed: 21, purpose: "training")
    conditions.keepsGoing = true
    var source = try NoiseSpecification(parsing: text).latentSource(conditions, encoding: encoding)
    source.restart(at: 2)
    var latent = Matrix(rows: 100, columns: 64)
    var ledger = EnergyLedger()
    var values: [Double] = []
    for _ in 0..<batches {
      try source.fill(&latent, ledger: &ledger)
      values += latent.elements.map(Double.init)
    }
    return values
  }

  @Test(arguments: sources)
  func `All sources have the same mean and variance`(text: String) throws {
    for encoding in [LatentEncoding(), LatentEncoding(shape: .uniform, bits: 4)] {
      let values = try draws(text, encoding, batches: 10)
      let count = Double(values.count)
      let mean = values.reduce(0, +) / count
      let variance = values.reduce(0) { $0 + $1 * $1 } / count
      let fourth = values.reduce(0) { $0 + $1 * $1 * $1 * $1 } / count
      #expect(abs(mean) < 3.9 / count.squareRoot())
      #expect(abs(variance - 1) <= 3.9 * (max(0, fourth - 1) / count).squareRoot() + 1e-6)
    }
  }

  @Test(arguments: ["gaussian", "switching", "lfsr32", "thermal:bits=16"])
  func `Sixteen bits are Gaussian`(text: String) throws {
    let values = try draws(text, LatentEncoding(), batches: 2)
    let distance = KolmogorovSmirnov.statistic(values, Normal.cumulative)
    #expect(distance < KolmogorovSmirnov.critical(count: values.count))
  }

  @Test func `The frozen table repeats its 64 vectors, in training and in samples`() throws {
    var conditions = NoiseConditions(
      device: try testDevice(), seed: 3, deviceSeed: 3, purpose: "training")
    conditions.keepsGoing = true
    let frozen = NoiseSpecification(.frozen)
    var training = try frozen.latentSource(conditions, encoding: LatentEncoding())
    conditions.purpose = "samples/1"
    var samples = try frozen.latentSource(conditions, encoding: LatentEncoding())
    var (first, second) = (Matrix(rows: 100, columns: 48), Matrix(rows: 100, columns: 48))
    var other = first
    var ledger = EnergyLedger()
    try training.fill(&first, ledger: &ledger)
    try training.fill(&second, ledger: &ledger)
    try samples.fill(&other, ledger: &ledger)
    #expect(first == other)
    for row in 0..<100 {
      // Vector 64 is vector 0 again.
      for column in 16..<48 { #expect(second[row, column] == first[row, column - 16]) }
      #expect(second[row, 0] != first[row, 0])
    }
    #expect(
      KolmogorovSmirnov.statistic(first.elements.map(Double.init), Normal.cumulative)
        < KolmogorovSmirnov.critical(count: 4800))
  }

  @Test func `Thermal noise costs two reads a number`() throws {
    let device = try testDevice()
    let conditions = NoiseConditions(
      device: device, seed: 3, deviceSeed: 3, purpose: "training")
    var source = try NoiseSpecification(parsing: "thermal").latentSource(
      conditions, encoding: LatentEncoding())
    var latent = Matrix(rows: 10, columns: 7)
    var ledger = EnergyLedger()
    try source.fill(&latent, ledger: &ledger)
    let current = device.staticModel.current(
      conductance: 10e-6, voltage: 0.2, temperature: 298.15)
    #expect(abs(ledger.noise / (70 * 2 * 0.2 * current * 1e-6) - 1) < 1e-12)
    #expect(abs(ledger.seconds - 70 * 2e-6) < 1e-15)
    // √2 times the 0.41 nA of one 10 µS reading at 1 MHz and 300 K.
    let watched = try #require(source as? WatchedNoise)
    let deviation = try #require(watched.source as? ThermalNoise).deviation
    #expect(abs(deviation / (2.0.squareRoot() * 0.41e-9 * (298.15 / 300).squareRoot()) - 1) < 0.1)
  }
}
