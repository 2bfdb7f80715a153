import ArrayOperations
import Devices
import Mathematics
import NoiseSources
import Testing

@Suite("Bits") struct BitTests {
  @Test func `A queue gives back what it was given, whatever the cuts`() {
    var random = RandomSequence(RandomStream(seed: 3, name: "queue"))
    var (queue, expected) = (BitQueue(), [Bool]())
    var taken = 0
    for _ in 0..<20_000 {
      let (count, word) = (Int(random.next() % 65), random.next())
      queue.append(word, count: count)
      expected += unpacked(word).suffix(count)
      while queue.count > 64 || (queue.count > 0 && random.next() % 2 == 0) {
        let size = min(queue.count, Int(random.next() % 64) + 1)
        let part = unpacked(queue.take(size)).suffix(size)
        #expect(Array(part) == Array(expected[taken..<taken + size]))
        taken += size
      }
    }
    #expect(queue.count == expected.count - taken)
  }

  /// The corrections bit by bit, as textbooks have them.
  private func corrected(_ raw: [Bool], _ correction: BitCorrection) -> [Bool] {
    switch correction {
    case .none: raw
    case .vonNeumann:
      stride(from: 0, to: raw.count, by: 2).compactMap {
        raw[$0] == raw[$0 + 1] ? nil : raw[$0]
      }
    case .exclusiveOr(let size):
      stride(from: 0, to: raw.count, by: size).map {
        raw[$0..<$0 + size].count(where: \.self) % 2 == 1
      }
    }
  }

  @Test(
    arguments: [BitCorrection.none, .vonNeumann] + BitCorrection.groups.map { .exclusiveOr($0) })
  func `Corrections do within each device's sequence what they say`(correction: BitCorrection)
    throws
  {
    // With one device the order of raw bits is the device's own.
    let device = try testDevice().switching { ($0.rows, $0.columns) = (1, 1) }
    var raw = try bitStream("switching:raw", device: device)
    var stream = try bitStream("switching:\(correction.word)", device: device)
    let expected = corrected(try bits(64_000, of: &raw), correction)
    #expect(try bits(expected.count, of: &stream) == expected)
  }

  @Test func `Devices are interleaved after correction, a block each`() throws {
    let device = try testDevice().switching { ($0.rows, $0.columns) = (3, 2) }
    var raw = try bitStream("switching:raw", device: device)
    var stream = try bitStream("switching:xor4", device: device)
    let expected = corrected(try bits(6 * 64 * 50, of: &raw), .exclusiveOr(4))
    #expect(try bits(expected.count, of: &stream) == expected)
  }

  @Test func `Bytes are packed, the last one filled with zeros`() throws {
    var (one, other) = (try bitStream("lfsr32"), try bitStream("lfsr32"))
    var ledger = EnergyLedger()
    let bytes = try one.bytes(203, ledger: &ledger)
    let expected = try bits(203, of: &other) + [Bool](repeating: false, count: 5)
    #expect(unpacked(bytes) == expected)
    #expect(ledger.noiseBits >= 203)
  }

  @Test(arguments: [
    "gaussian", "lfsr16", "lfsr32", "switching", "switching:xor4", "thermal",
    "biased:p=0.4,lag=0.2",
    "frozen",
  ])
  func `A restart gives the bits and the books of its position alone`(text: String) throws {
    let device = try testDevice().switching { ($0.rows, $0.columns) = (8, 2) }
    func sequence(after used: Int, at position: UInt64) throws -> ([UInt8], EnergyLedger) {
      var stream = try bitStream(text, device: device)
      _ = try bits(used, of: &stream)
      stream.restart(at: position)
      var ledger = EnergyLedger()
      return (try stream.bytes(4000, ledger: &ledger), ledger)
    }
    let (bytes, ledger) = try sequence(after: 0, at: 3)
    #expect(try sequence(after: 1237, at: 3) == (bytes, ledger))
    if text != "frozen" { #expect(try sequence(after: 0, at: 4).0 != bytes) }
  }

  @Test func `Seed and purpose decide the bits`() throws {
    for text in ["gaussian", "lfsr32", "switching", "thermal", "biased:p=0.4"] {
      func start(_ seed: UInt64, _ purpose: String) throws -> [UInt8] {
        var stream = try BitStream(
          bitSource(text, seed: seed, purpose: purpose), keepsGoing: true)
        var ledger = EnergyLedger()
        return try stream.bytes(256, ledger: &ledger)
      }
      let bytes = try start(1, "bits")
      #expect(try start(1, "bits") == bytes)
      #expect(try start(2, "bits") != bytes)
      #expect(try start(1, "training") != bytes)
    }
  }

  @Test func `The 16-bit register has its full period`() throws {
    var stream = try bitStream("lfsr16")
    let sequence = try bits(3 * 65_535, of: &stream)
    #expect(Array(sequence[..<65_535]) == Array(sequence[65_535..<131_070]))
    #expect(sequence[..<65_535].count(where: \.self) == 32_768)
    let halves = (sequence[..<21_845], sequence[21_845..<43_690])
    #expect(Array(halves.0) != Array(halves.1))
  }

  @Test func `Registers follow their polynomials`() throws {
    for (text, lags) in [("lfsr16", [16, 14, 13, 11]), ("lfsr32", [32, 22, 2, 1])] {
      var stream = try bitStream(text)
      let sequence = try bits(2000, of: &stream)
      for index in lags[0]..<2000 {
        let parity = lags.reduce(false) { $0 != sequence[index - $1] }
        #expect(sequence[index] == parity)
      }
    }
  }
}
