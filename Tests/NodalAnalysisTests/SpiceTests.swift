import Devices
import Foundation
import NodalAnalysis
import Testing

/// Stored answers of ngspice to netlists of this package: `Fixtures/make-answers.sh` makes them.
@Suite("Agreement with ngspice")
struct SpiceTests {
  /// The arrays of the comparison.
  static let cases: [RandomArray] = [
    RandomArray("linear-4", rows: 4, columns: 4, seed: 41),
    RandomArray("linear-8", rows: 8, columns: 8, word: 20, bit: 20, seed: 42),
    RandomArray("linear-16", rows: 16, columns: 16, seed: 43),
    RandomArray("linear-32", rows: 32, columns: 32, word: 3, bit: 3, source: 400, seed: 44),
    RandomArray("wide-5x13", rows: 5, columns: 13, word: 2, bit: 7, seed: 45),
    RandomArray("tall-13x5", rows: 13, columns: 5, word: 7, bit: 2, seed: 46),
    RandomArray("two-sided-12", rows: 12, columns: 12, word: 5, bit: 5, drive: .double, seed: 47),
    RandomArray("ideal-ends-6x8", rows: 6, columns: 8, source: 0, sense: 0, seed: 48),
    RandomArray("ideal-words-7x6", rows: 7, columns: 6, word: 0, seed: 49),
    RandomArray("floating-9", rows: 9, columns: 9, word: 4, bit: 4, seed: 50) { wires in
      for line in [1, 2, 6] { wires.ends.wordFirst[line] = .infinity }
      for line in [0, 5] { wires.ends.bitLast[line] = .infinity }
    },
    RandomArray(
      "sinh-4", rows: 4, columns: 4, basis: [.hyperbolicSine(slope: 5)], seed: 51, voltage: 0.4),
    RandomArray(
      "sinh-16", rows: 16, columns: 16, basis: [.hyperbolicSine(slope: 5)], word: 3, bit: 3,
      seed: 52, voltage: 0.4),
    RandomArray(
      "cubic-10x14", rows: 10, columns: 14, basis: [.linear, .cubic], word: 3, bit: 3, source: 400,
      sense: 400, drive: .double, seed: 53, voltage: 0.4),
    RandomArray("linear-64", rows: 64, columns: 64, seed: 54),
    RandomArray(
      "sinh-64", rows: 64, columns: 64, basis: [.hyperbolicSine(slope: 5)], seed: 55, voltage: 0.4),
  ]

  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures").path

  /// Folder with netlists and answers: the fixtures, or what the script is working on.
  private static let folder =
    ProcessInfo.processInfo.environment["CROSSBAR_GAN_SPICE_FOLDER"] ?? fixtures

  private static let writesNetlists =
    ProcessInfo.processInfo.environment["CROSSBAR_GAN_WRITE_NETLISTS"] != nil

  private static var present: [RandomArray] {
    cases.filter {
      FileManager.default.fileExists(atPath: "\(folder)/\($0.description).answers")
    }
  }

  private func netlist(_ entry: RandomArray) throws -> String {
    SpiceNetlist.text(
      try entry.array, potentials: entry.input(signed: true), title: entry.description)
  }

  @Test("every stored case is there")
  func complete() { #expect(Self.present.count >= Self.cases.count || Self.writesNetlists) }

  @Test("currents of bit-line terminals to 1e-8 of the largest", arguments: present)
  func agreement(_ entry: RandomArray) throws {
    let text = try String(
      contentsOfFile: "\(Self.folder)/\(entry.description).answers", encoding: .utf8)
    let array = try entry.array
    let input = entry.input(signed: true)
    let exact = try ExactSolver(array).solve(input).currents
    let fast = try FastSolver(array, tolerance: 1e-9).solve(input).currents
    let largest = max(exact.bitFirst.map(abs).max() ?? 0, exact.bitLast.map(abs).max() ?? 0)
    var count = 0
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: "=").map { $0.trimmingCharacters(in: .whitespaces) }
      try #require(parts.count == 2)
      let index = try #require(Int(parts[0].drop { !$0.isNumber }.dropLast()))
      let answer = try #require(Double(parts[1]))
      let isFirst = parts[0].hasPrefix("i(vbf")
      for currents in [exact, fast] {
        let current = isFirst ? currents.bitFirst[index] : currents.bitLast[index]
        #expect(abs(current - answer) <= 1e-8 * largest, "\(parts[0])")
      }
      count += 1
    }
    let floating = array.wires.ends.bitFirst + array.wires.ends.bitLast
    #expect(count == floating.count { $0 < .infinity })
  }

  @Test("stored netlists are what the export writes", arguments: cases.filter { $0.rows < 6 })
  func export(_ entry: RandomArray) throws {
    let stored = try String(
      contentsOfFile: "\(Self.fixtures)/\(entry.description).cir", encoding: .utf8)
    #expect(try netlist(entry) == stored)
  }

  @Test("write netlists for ngspice", .enabled(if: writesNetlists, "only for make-answers.sh"))
  func write() throws {
    for entry in Self.cases {
      try netlist(entry).write(
        toFile: "\(Self.folder)/\(entry.description).cir", atomically: true, encoding: .utf8)
    }
  }
}
