import Failures
import Foundation
import Networks
import Reports
import Runs
import Testing
import _TestSupport

@Suite("Hostile files of a run")
struct HostileFileTests {
  @Test(arguments: ["[", "{\"a\":"])
  func `Deeply nested JSON is none`(_ opening: String) {
    let deep = String(repeating: opening, count: 200_000)
    #expect(JSON(parsing: Data(deep.utf8)) == nil)
    let closed = String(repeating: "[", count: 65) + String(repeating: "]", count: 65)
    #expect(JSON(parsing: Data(closed.utf8)) == nil)
  }

  @Test func `Brackets in texts are no nesting`() {
    let text = "[\"" + String(repeating: "[{", count: 1000) + "\\\"[\"]"
    #expect(JSON(parsing: Data(text.utf8)) != nil)
    let side = "[" + Array(repeating: "[]", count: 1000).joined(separator: ",") + "]"
    #expect(JSON(parsing: Data(side.utf8)) != nil)
  }

  @Test(arguments: [-1, .min, .max])
  func `A checkpoint of an impossible epoch is damaged`(_ epoch: Int) throws {
    var checkpoint = CheckpointTests.checkpoint
    checkpoint.state = TrainerState(epoch: epoch, arrays: checkpoint.state.arrays)
    let bytes = [UInt8](try checkpoint.encoded(place: ""))
    let failure = try #require(throws: Failure.self) { try CheckpointTests.read(bytes) }
    #expect(failure.kind == .badData)
  }

  @Test(arguments: [(-1, 5), (6, 5), (0, -1)])
  func `A checkpoint of impossible counts is damaged`(_ hits: Int, _ total: Int) throws {
    var checkpoint = CheckpointTests.checkpoint
    (checkpoint.publishedHits, checkpoint.publishedTotal) = (hits, total)
    let bytes = [UInt8](try checkpoint.encoded(place: ""))
    #expect(throws: Failure.self) { try CheckpointTests.read(bytes) }
  }
}
