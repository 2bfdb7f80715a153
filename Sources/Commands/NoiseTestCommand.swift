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

  @Argument(
    help: ArgumentHelp("Recorded bits, the most significant of a byte first.", valueName: "FILE"))
  var file: String

  @Option(
    help: ArgumentHelp(
      "Layout of the bits, where it is not recognised rightly.", valueName: "packed|bytes|text"))
  var format: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Bits to test; by default all, the padding included.", valueName: "N"))
  var bits: Int?

  @OptionGroup var health: HealthOptions

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if let format, BitRecording.Layout(rawValue: format) == nil {
      throw ValidationError("--format \(format) is neither packed, bytes nor text.")
    }
    if let bits, bits <= 0 { throw ValidationError("--bits \(bits) is not positive.") }
  }

  func run() throws {
    let tests = try health.tests()
    let recording = try BitRecording(
      path: file, layout: format.flatMap(BitRecording.Layout.init(rawValue:)))
    if let bits, bits > recording.count {
      throw Failure(.badData, at: file, "holds \(recording.count) bits, fewer than --bits \(bits)")
    }
    let battery = try QuickBattery(
      recording.bytes, count: bits ?? recording.count, place: file, tests: tests)
    let layout = recording.layout
    for line in json ? [answer(battery, layout).line] : text(battery, layout) {
      Console.print(line)
    }
    guard battery.findings.isEmpty else {
      throw Failure(.internal, at: file, "fails: \(battery.findings.joined(separator: "; "))")
    }
  }

  private func answer(_ battery: QuickBattery, _ layout: BitRecording.Layout) -> JSON {
    let results = battery.results.map { result -> JSON in
      [
        "name": .text(result.name), "statistic": .number(result.statistic),
        "p": .number(result.probability),
      ]
    }
    return [
      "file": .text(file), "format": .text(layout.rawValue), "bits": .integer(battery.bits),
      "tests": .list(results),
      "quality": NoiseReport.quality(battery.monitor, trueEntropy: nil),
      "passed": .boolean(battery.findings.isEmpty),
    ]
  }

  private func text(_ battery: QuickBattery, _ layout: BitRecording.Layout) -> [String] {
    var table = AlignedTable(header: ["test", "statistic", "p"])
    for result in battery.results {
      table.append([
        result.name, NumberText.short(result.statistic), NumberText.short(result.probability),
      ])
    }
    return ["\(battery.bits) bits, \(layout.title)"] + table.lines
      + NoiseText.quality(battery.monitor, trueEntropy: nil)
  }
}
