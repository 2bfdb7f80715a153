import ArgumentParser
import ArrayOperations
import Calibration
import Failures
import NoiseSources
import Reports
import Runs

/// `noise generate`: bits of a source, packed, with what they cost.
struct NoiseGenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Write bits of a source, packed, the most significant bit of a byte first.",
    discussion: """
      The last byte is filled with zeros. A source that fails its health tests ends the command with
      exit code 70; a file is then not written, and a stream ends before the stretch of 8 million
      bits that failed. It fails when its alarms are more than chance explains (Poisson, 2^-40): one
      alarm in hundreds of thousands of windows proves nothing. Statistics go to standard output, or
      to standard error beside a stream.

      Example:
        crossbar-gan noise generate --source switching:xor4 --bits 1000000 --out bits.bin --json
      """)

  @Option(help: ArgumentHelp("Source and its options.", valueName: "NAME[:OPTIONS]"))
  var source: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Bits to write; 0 with --out - goes on until the pipe closes or a recording ends.",
      valueName: "N"))
  var bits: Int

  @Option(help: ArgumentHelp("File to write, or - for standard output.", valueName: "FILE|-"))
  var out: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Decides the bits, 0 to 2^63 - 1.", valueName: "S"))
  var seed = 1

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Decides the devices; by default the seed.", valueName: "S"))
  var deviceSeed: Int?

  @Option(
    help: ArgumentHelp("Device: a known name, or a file.", valueName: "NAME|FILE"))
  var calibration = "nili2020"

  @OptionGroup var health: HealthOptions

  @Flag(help: "Go on with a source that fails its health tests or is unfit by design.")
  var keepGoing = false

  @Flag(help: "Print the statistics as JSON, in SI units.")
  var json = false

  /// Bytes between two looks at the output.
  private static let chunk = 1 << 20

  func validate() throws {
    guard bits >= 0 else { throw ValidationError("--bits \(bits) is negative.") }
    guard bits > 0 || out == "-" else { throw ValidationError("--bits 0 needs --out -.") }
    guard seed >= 0, deviceSeed ?? 0 >= 0 else { throw ValidationError("A seed is negative.") }
  }

  func run() throws {
    let specification = try NoiseSpecification(parsing: source)
    var conditions = NoiseConditions(
      device: try Calibration.loadWithNotices(calibration).device, seed: UInt64(seed),
      deviceSeed: UInt64(deviceSeed ?? seed), purpose: "bits")
    conditions.tests = try health.tests()
    conditions.keepsGoing = keepGoing
    var stream = try BitStream(
      try specification.bitSource(conditions), keepsGoing: keepGoing)
    var limit = bits
    if let recording = stream.source as? RecordedBits {
      if bits == 0 { limit = recording.count }
      try stream.expect(bitsPerPosition: limit, positions: 1)
    }
    if keepGoing, let defect = stream.source.defect {
      Console.error("crossbar-gan: warning: noise source \(stream.source.name): \(defect)")
    }
    var (startUp, ledger) = (EnergyLedger(), EnergyLedger())
    stream.start(ledger: &startUp)
    var output = try BitOutput(path: out)
    let began = ContinuousClock.now
    let written = try write(limit, &stream, &output, &ledger)
    try output.finish()
    report(
      stream.source, ledger, startUp, written: written, seconds: (.now - began) / .seconds(1))
  }

  /// Writes all bits, or, of zero, as many as somebody reads.
  private func write(
    _ bits: Int, _ stream: inout BitStream, _ output: inout BitOutput, _ ledger: inout EnergyLedger
  ) throws(Failure) -> Int {
    var written = 0
    while bits == 0 || written < bits {
      let count = bits == 0 ? 8 * Self.chunk : min(8 * Self.chunk, bits - written)
      let bytes = try stream.bytes(count, ledger: &ledger)
      guard try output.write(bytes) else { return written }
      written += count
    }
    return written
  }
}

extension NoiseGenerateCommand {
  private func report(
    _ source: any BitSource, _ ledger: EnergyLedger, _ startUp: EnergyLedger, written: Int,
    seconds: Double
  ) {
    let say = out == "-" ? Console.error : Console.print
    let statistics = NoiseReport.json(
      source.statistics, ledger: ledger, startUp: startUp)
    if json {
      let answer: JSON = [
        "written_bits": .integer(written), "seed": .integer(seed),
        "hardware_s": .number(ledger.seconds),
        "bits_per_hardware_s": ledger.seconds > 0
          ? .number(Double(ledger.noiseBits) / ledger.seconds) : .null,
        "start_up_J": .number(startUp.noise), "start_up_cycles": .integer(startUp.noiseCycles),
        "wall_s": .number(seconds), "noise": statistics,
      ]
      say(answer.line)
    } else {
      let lines = NoiseText.lines(
        source, ledger, startUp, written: written, seconds: seconds)
      for line in lines { say(line) }
    }
  }
}
