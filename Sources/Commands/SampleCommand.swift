import ArgumentParser
import Failures
import Foundation
import Images
import Mathematics
import Runs

/// `sample`: images from a trained generator.
struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample", abstract: "Write images from a run's generator.",
    discussion: """
      A .png is a sheet to look at; .npy and .idx hold N x 28 x 28 unsigned bytes.

      Example:
        crossbar-gan sample --run runs/first --count 100 --out digits.png
        crossbar-gan sample --weights W.safetensors --count 100 --out digits.png
      """)

  @Option(name: .customLong("run"), help: ArgumentHelp("Folder of the run.", valueName: "DIR"))
  var folder: String?

  @OptionGroup var imported: ImportOptions

  @Option(parsing: .unconditional, help: ArgumentHelp("Number of images.", valueName: "N"))
  var count: Int

  @Option(help: ArgumentHelp("File to write.", valueName: "FILE.png|.npy|.idx"))
  var out: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Decides the images; by default from the run's seed.", valueName: "S"))
  var seed: Int?

  @Flag(help: "Take the weights as numbers: no noise, curvature or wires of the arrays.")
  var digital = false

  @OptionGroup var transfer: TransferOptions

  func validate() throws {
    try imported.check(run: folder, transfer: transfer)
    guard (1...1_000_000).contains(count) else {
      throw ValidationError("--count \(count) is not between 1 and 1000000.")
    }
    if let seed, seed < 0 { throw ValidationError("--seed \(seed) is negative.") }
  }

  func run() throws {
    _ = try ImageFile.Format(ofFile: out, at: "--out")
    var saved = try imported.saved(
      run: folder, transfer: transfer.options,
      workers: Workers(count: ProcessInfo.processInfo.activeProcessorCount))
    if digital { saved = try saved.digital }
    let seed = seed.map { UInt64($0) } ?? saved.configuration.sampleSeed
    let pixels = try saved.generate(count: count, seed: seed)
    try ImageFile.write(ImageSet(pixels: pixels), to: out)
  }
}
