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
        gaussian, uniform   GSL's distributions; as bits, its Mersenne Twister
        lfsr16, lfsr32      maximal-length shift registers
        switching           stochastic switching of reserved columns, per-device amplitude control;
                            raw, von-neumann (default), xor2, xor4, xor8, xor16, xor32;
                            c2c=V, drift=V per cycle, control=device|column|none
        thermal             difference of two reads of one cell; bits=1 to 16 of the converter
        telegraph           random telegraph noise, if the calibration has it; raw (default), ...
        biased              p=0.6,lag=0.1: share of ones and lag-1 correlation; needs --keep-going
        frozen              a table of 64 vectors; needs --keep-going
        file                file:PATH, recorded bits

      Examples:
        crossbar-gan noise generate --source switching --bits 100000000 --out bits.bin
        crossbar-gan noise generate --source switching:xor4 --bits 0 --out - | rngtest -c 10000
        crossbar-gan noise test bits.bin
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
