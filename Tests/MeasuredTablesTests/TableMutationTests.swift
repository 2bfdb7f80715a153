import Failures
import Foundation
import MeasuredTables
import Testing

/// Exports with rows cut, columns swapped, units changed and blocks doubled.
///
/// Whatever is done to a file, it is read to the numbers that it holds, or refused, or a note says
/// what is wrong: never a number of another power of ten in silence.
@Suite("Mutated exports")
struct TableMutationTests {
  private let table: TableCase

  init() throws { table = try TableCase() }

  /// Steele, Lea and Flood (2014): the same mutations in every run.
  struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
      return z ^ z >> 31
    }
  }

  /// How many mutations of each layout are tried; a script may ask for more.
  static let count =
    ProcessInfo.processInfo.environment["TABLE_MUTATIONS"].flatMap { Int($0) } ?? 40

  private static let quantities: [MeasuredQuantity] = [
    .voltage, .current, .time, .resistance, .conductance, .width, .readVoltage,
  ]

  @Test(arguments: TablePresetTests.layouts)
  func `No number changes its power of ten in silence`(layout: TablePresetTests.Layout) throws {
    var generator = SplitMix(state: 20)
    let original = try table.file("original.dat", layout.text)
    let known = try values(original)
    for number in 0..<Self.count {
      let text = Self.mutated(layout.text, using: &generator)
      let path = try table.file("mutated.dat", text)
      guard let found = try? values(path) else { continue }
      guard found.warnings == known.warnings else { continue }
      for (quantity, numbers) in found.numbers {
        let strange = numbers.subtracting(known.numbers[quantity] ?? []).filter { text in
          // Times that are counted by rows go on where rows are doubled.
          !(known.numbers[quantity] ?? []).contains { other in
            guard let a = Double(text), let b = Double(other) else { return false }
            return (0.3...3).contains(a / b)
          }
        }
        #expect(strange.isEmpty, "mutation \(number): \(quantity) \(strange.sorted()) in\n\(text)")
      }
    }
  }

  @Test(arguments: [("mV", 1e-3), ("kV", 1e3), ("uV", 1e-6), ("V", 1)])
  func `A unit that changes changes the numbers`(unit: String, factor: Double) throws {
    for header in ["Voltage (\(unit)),I (A)", "I (A);U/\(unit)", "V_\(unit)\tI_A"] {
      let delimiter = header.contains(";") ? ";" : header.contains("\t") ? "\t" : ","
      let isFirst = !header.hasPrefix("I")
      let rows = (1...4).map { number in
        let (voltage, current) = ("\(Double(number) / 4)", "\(number)e-6")
        return (isFirst ? [voltage, current] : [current, voltage]).joined(separator: delimiter)
      }
      let path = try table.file("t.txt", ([header] + rows).joined(separator: "\n"))
      #expect(
        try table.rows([path], [.voltage, .current]).rows
          == (1...4).map {
            [TableCase.text(Double($0) / 4 * factor), TableCase.text(Double($0) * 1e-6)]
          })
    }
  }

  private func values(_ path: String) throws -> (
    numbers: [MeasuredQuantity: Set<String>], warnings: Int
  ) {
    let (rows, report) = try table.rows([path], Self.quantities)
    var numbers: [MeasuredQuantity: Set<String>] = [:]
    for row in rows {
      for (quantity, cell) in zip(Self.quantities, row) where cell != "-" {
        numbers[quantity, default: []].insert(cell)
      }
    }
    return (numbers, report.suspicions.count)
  }

  private static func isRow(_ line: String) -> Bool {
    let cells = line.split { ",\t ".contains($0) }.drop { $0 == "DataValue" }
    return !cells.isEmpty && cells.allSatisfy { Double($0) != nil }
  }

  /// A file with one to three of its lines cut, doubled, swapped or shortened by a cell, or a block
  /// of it repeated.
  static func mutated(_ text: String, using generator: inout SplitMix) -> String {
    var lines = text.components(separatedBy: "\n")
    for _ in 0..<Int.random(in: 1...3, using: &generator) where lines.count > 2 {
      let at = Int.random(in: lines.indices, using: &generator)
      let other = Int.random(in: lines.indices, using: &generator)
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: lines.remove(at: at)
      // A header above the rows of another block is what the file then says.
      case 1 where Self.isRow(lines[at]) && Self.areInOneBlock(lines, at, other):
        lines.insert(lines[at], at: other)
      case 2
      where Self.isRow(lines[at]) && Self.isRow(lines[other])
        && Self.areInOneBlock(lines, at, other):
        lines.swapAt(at, other)
      case 3:
        let mark: Character = lines[at].contains("\t") ? "\t" : ","
        guard let cut = lines[at].lastIndex(of: mark) else { continue }
        lines[at] = String(lines[at][..<cut])
      case 4: lines += Array(lines[min(at, other)...max(at, other)])
      default: lines = Array(lines.prefix(max(2, at)))
      }
    }
    return lines.joined(separator: "\n")
  }

  /// Whether no header stands between two lines: a row below the header of another block says what that
  /// header makes of it.
  private static func areInOneBlock(_ lines: [String], _ one: Int, _ other: Int) -> Bool {
    lines[min(one, other)...max(one, other)].allSatisfy(isRow)
  }
}
