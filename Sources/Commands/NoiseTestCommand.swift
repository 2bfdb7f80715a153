import ArgumentParser
import Failures
import Files
import NoiseSources
import Reports
import Runs

/// `noise test`: the quick battery on recorded bits.
struct NoiseTestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Test recorded bits: frequencies, runs, correlations, entropy, health.",
    discussion: """
      A test has failed when ideal bits give such a result with a probability below 1e-6; the exit
      code is then 70. Passing judges generator and correction: no test can show that the bits of a
      simulation are random. Tests/Validation runs the larger suites.

      Example:
        crossbar-gan noise test bits.bin
      """)

  @Argument(help: ArgumentHelp("Packed bits, most significant first.", valueName: "FILE.bin"))
  var file: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Bits to test; by default all, the padding included.", valueName: "N"))
  var bits: Int?

  @OptionGroup var health: HealthOptions

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if let bits, bits <= 0 { throw ValidationError("--bits \(bits) is not positive.") }
  }

  func run() throws {
    let tests = try health.tests()
    let bytes = try InputFile.rawBytes(of: file)
    if let bits, bits > bytes.count * 8 {
      throw Failure(.badData, at: file, "holds \(bytes.count * 8) bits, fewer than --bits \(bits)")
    }
    // Whole bytes only: the battery works on words of 64 bits in any case.
    let battery = try QuickBattery(
      bytes.prefix(bits.map { $0 / 8 } ?? bytes.count), place: file, tests: tests)
    for line in json ? [answer(battery).line] : text(battery) { Console.print(line) }
    guard battery.findings.isEmpty else {
      throw Failure(.internal, at: file, "fails: \(battery.findings.joined(separator: "; "))")
    }
  }

  private func answer(_ battery: QuickBattery) -> JSON {
    let results = battery.results.map { result -> JSON in
      [
        "name": .text(result.name), "statistic": .number(result.statistic),
        "p": .number(result.probability),
      ]
    }
    return [
      "file": .text(file), "bits": .integer(battery.bits), "tests": .list(results),
      "quality": NoiseReport.quality(battery.monitor, trueEntropy: nil),
      "passed": .boolean(battery.findings.isEmpty),
    ]
  }

  private func text(_ battery: QuickBattery) -> [String] {
    var table = AlignedTable(header: ["test", "statistic", "p"])
    for result in battery.results {
      table.append([
        result.name, NumberText.short(result.statistic), NumberText.short(result.probability),
      ])
    }
    return ["\(battery.bits) bits"] + table.lines
      + NoiseText.quality(battery.monitor, trueEntropy: nil)
  }
}
