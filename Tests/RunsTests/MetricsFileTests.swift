import Failures
import Files
import Foundation
import Runs
import Testing
import _TestSupport

@Suite("Metrics file")
struct MetricsFileTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("metrics.csv")
  }

  private func empty() -> MetricsFile { MetricsFile(path: path, columns: ["epoch", "loss", "kl"]) }

  private func content() throws -> String { try InputFile.text(of: path) }

  @Test func `Rows follow the header`() throws {
    var file = empty()
    try file.append(["1", "0.5", ""])
    try file.append(["2", "0.25", "1e-07"])
    #expect(try content() == "epoch,loss,kl\n1,0.5,\n2,0.25,1e-07\n")
  }

  @Test func `Rows behind the checkpoint are dropped`() throws {
    var file = empty()
    for epoch in 1...3 { try file.append(["\(epoch)", "0.5", "1"]) }
    var restored = empty()
    try restored.restore(through: 2)
    #expect(restored.count == 2)
    #expect(try content() == "epoch,loss,kl\n1,0.5,1\n2,0.5,1\n")
  }

  @Test func `Only the last row may be missing`() throws {
    var file = empty()
    try file.append(["1", "0.5", "1"])
    var restored = empty()
    try restored.restore(through: 2)
    #expect(restored.count == 1)
    let failure = #expect(throws: Failure.self) { try restored.restore(through: 3) }
    #expect(failure?.kind == .badData)
    #expect(failure?.cause == "has no row of epoch 2")
  }

  @Test(arguments: [
    "epoch,loss\n1,2\n", "epoch,loss,kl\n2,0.5,1\n", "epoch,loss,kl\n1,0.5\n", "",
  ])
  func `Foreign content is refused and kept`(text: String) throws {
    try AtomicFile.write(text, to: path)
    var restored = empty()
    let failure = #expect(throws: Failure.self) { try restored.restore(through: 1) }
    #expect(failure?.kind == .badData)
    #expect(try content() == text)
  }
}
