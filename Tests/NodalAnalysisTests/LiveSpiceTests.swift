import Devices
import Foundation
import NodalAnalysis
import Testing
import _TestSupport

private let hasSpice = FileManager.default.isExecutableFile(atPath: "/usr/bin/ngspice")

/// Exported decks run by the ngspice of this machine, where it has one.
@Suite("Decks run by ngspice", .enabled(if: hasSpice, "ngspice is not installed"))
struct LiveSpiceTests {
  /// Output and exit status of a deck.
  private func run(_ deck: String) throws -> (output: String, status: Int32) {
    let folder = try TemporaryFolder()
    let path = folder.file("deck.cir")
    try deck.write(toFile: path, atomically: true, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/ngspice")
    process.arguments = ["-b", path]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (output, process.terminationStatus)
  }

  private func currents(_ output: String) -> [Double] {
    output.split(separator: "\n").filter { $0.hasPrefix("i(vbl") }.compactMap { line in
      line.split(separator: "=").last.flatMap {
        Double($0.trimmingCharacters(in: .whitespaces))
      }
    }
  }

  @Test("every static model's currents to 1e-7 of the largest", arguments: ModelArray.all)
  func models(_ entry: ModelArray) throws {
    let array = try entry.array(rows: 5, columns: 4, segment: 3, end: 50)
    let input = entry.input(array, full: false)
    let (output, status) = try run(
      SpiceNetlist.text(array, potentials: input, title: entry.description))
    #expect(status == 0)
    let answers = currents(output)
    try #require(answers.count == 4)
    let exact = try ExactSolver(array).solve(input).outputs
    let fast = try FastSolver(array, tolerance: 1e-9).solve(input).outputs
    let scale = exact.reduce(0) { max($0, abs($1)) }
    for (answer, own) in zip(answers, zip(exact, fast)) {
      #expect(abs(answer - own.0) <= 1e-7 * scale)
      #expect(abs(answer - own.1) <= 1e-7 * scale)
    }
  }

  @Test func `A deck without an operating point does not end with 0`() throws {
    let entry = ModelArray.all[0]
    let array = try entry.array(rows: 3, columns: 3, segment: 1, end: 10)
    let deck = SpiceNetlist.text(
      array, potentials: entry.input(array, full: true), title: "contradiction")
    #expect(try run(deck).status == 0)
    // Two sources that force different potentials on one node.
    let broken = deck.replacing("\n.options", with: "\nvx1 w0_0 0 1\nvx2 w0_0 0 2\n.options")
    #expect(broken != deck)
    #expect(try run(broken).status != 0)
  }
}
