import ArgumentParser
import Failures
import NoiseSources

/// `noise`: sources of random bits.
struct NoiseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "noise",
    abstract: "Make and test random bits.",
    discussion: """
      Sources, with options behind a colon, separated by commas:
        gaussian, uniform  GSL's distributions; as bits, its Mersenne Twister
        lfsr16, lfsr32     maximal-length shift registers
        switching          stochastic switching of reserved columns; raw,
                           von-neumann (default), xor2, xor4 ... xor32; c2c=V;
                           drift=V per cycle; control=device|column|none
        thermal            difference of two reads of one cell; bits=1 to 16
        telegraph          telegraph noise, if the calibration has it; raw
                           (default), von-neumann, xor2 ... xor32
        biased             p=0.6,lag=0.1: share of ones, lag-1 correlation
        frozen             a table of 64 vectors
        file               file:PATH, recorded bits
      biased and frozen are unfit by design and need --keep-going.

      Examples:
        crossbar-gan noise generate --source switching --bits 1000000 --out x.bin
        crossbar-gan noise generate --source lfsr32 --bits 0 --out - | rngtest
        crossbar-gan noise test x.bin
      """,
    subcommands: [NoiseGenerateCommand.self, NoiseTestCommand.self])
}

/// Numbers of the continuous health tests.
struct HealthOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Min-entropy per raw bit that the tests assume.", valueName: "H"))
  var healthEntropy = FiniteNumber(HealthTests.standard.entropy)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Probability of a false alarm.", valueName: "ALPHA"))
  var healthAlpha = FiniteNumber(HealthTests.standard.falseAlarm)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Bits per window of the adaptive proportion test.", valueName: "BITS"))
  var healthWindow = HealthTests.standard.window

  func tests() throws(Failure) -> HealthTests {
    try HealthTests(
      entropy: healthEntropy.value, falseAlarm: healthAlpha.value, window: healthWindow)
  }
}
