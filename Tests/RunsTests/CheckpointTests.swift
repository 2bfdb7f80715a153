import ArrayOperations
import Failures
import Foundation
import Mathematics
import Networks
import Runs
import Testing
import _TestSupport

@Suite("Checkpoint")
struct CheckpointTests {
  static let checkpoint: Checkpoint = {
    let stream = RandomStream(seed: 5, name: "checkpoint test")
    func array(_ name: String, _ shape: [Int], substream: UInt64) -> TrainerState.NamedArray {
      TrainerState.NamedArray(
        name: name, shape: shape,
        values: (0..<shape.reduce(1, *)).map { stream.uniform(at: $0, substream: substream) })
    }
    var ledger = EnergyLedger()
    ledger.forward = 1.0 / 3
    ledger.pulses = 1 << 40
    return Checkpoint(
      identity: "abc",
      state: TrainerState(
        epoch: 3,
        arrays: [
          array("generator.0.plus", [31, 17], substream: 0),
          array("generator.0.minus", [31, 17], substream: 1), array("step", [1], substream: 2),
          array("none", [0, 4], substream: 3),
        ]),
      initialLedger: EnergyLedger(), trainingLedger: ledger, row: ["3", "0.5", ""],
      publishedHits: 7, publishedTotal: 11)
  }()

  /// Reads back bytes that may be damaged; the failure is what the user sees.
  static func read(_ bytes: [UInt8]) throws(Failure) -> Checkpoint {
    try Checkpoint(encoded: bytes, place: "run/checkpoint")
  }

  static func bytes() throws -> [UInt8] { [UInt8](try checkpoint.encoded(place: "")) }

  @Test func `What is written is read back`() throws {
    let folder = try TemporaryFolder()
    try Self.checkpoint.write(to: folder.file("checkpoint"))
    #expect(try Checkpoint(contentsOf: folder.file("checkpoint")) == Self.checkpoint)
  }

  @Test func `Numbers that are not finite survive`() throws {
    var checkpoint = Self.checkpoint
    checkpoint.trainingLedger.forward = .infinity
    checkpoint.state.arrays[0].values[0] = .infinity
    #expect(try Self.read([UInt8](checkpoint.encoded(place: ""))) == checkpoint)
  }

  @Test func `Every flipped byte of preamble and header is found`() throws {
    let intact = try Self.bytes()
    let header = Int(intact[12]) | Int(intact[13]) << 8
    for position in 0..<20 + header {
      for mask: UInt8 in [0x01, 0x80, 0xff] {
        try Self.expectDamage(intact, at: position, mask: mask)
      }
    }
  }

  @Test func `200 flipped bytes anywhere are found`() throws {
    let intact = try Self.bytes()
    var generator = RandomSequence(RandomStream(seed: 1, name: "flips"))
    for _ in 0..<200 {
      let position = Int.random(in: 0..<intact.count, using: &generator)
      let mask = UInt8.random(in: 1...255, using: &generator)
      try Self.expectDamage(intact, at: position, mask: mask)
    }
  }

  static func expectDamage(_ intact: [UInt8], at position: Int, mask: UInt8) throws {
    var damaged = intact
    damaged[position] ^= mask
    let failure = #expect(throws: Failure.self, "byte \(position) ^ \(mask)") {
      try Self.read(damaged)
    }
    #expect(failure?.kind == .badData)
    #expect(failure?.place == "run/checkpoint")
  }

  @Test func `Every cut is found`() throws {
    let intact = try Self.bytes()
    for count in 0..<intact.count {
      let failure = #expect(throws: Failure.self) { try Self.read(Array(intact[..<count])) }
      #expect(failure?.kind == .badData)
    }
    #expect(throws: Failure.self) { try Self.read(intact + [0]) }
  }

  @Test func `A damaged array is named`() throws {
    var damaged = try Self.bytes()
    damaged[damaged.count - 1] ^= 1
    let failure = #expect(throws: Failure.self) { try Self.read(damaged) }
    #expect(failure?.cause.contains("array step") == true)
  }
}
