import ArgumentParser
import Evaluation
import Failures
import Foundation
import Images
import Mathematics
import Reports
import Runs

/// `evaluate`: metrics of a run's generator or of images in a file.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Compare generated images with real ones.",
    discussion: """
      Examples:
        crossbar-gan evaluate --run runs/first
        crossbar-gan evaluate --run runs/first --transfer --levels 64 --stuck-on 0.05
        crossbar-gan evaluate --weights W.safetensors --calibration nili2020 --data mnist
        crossbar-gan evaluate --images fakes.npy --data mnist --classes 3 --json
      """)

  @Option(name: .customLong("run"), help: ArgumentHelp("Folder of a run.", valueName: "DIR"))
  var folder: String?

  @OptionGroup var imported: ImportOptions

  @Option(help: ArgumentHelp("Images of 28 x 28 bytes.", valueName: "FILE.idx|.npy"))
  var images: String?

  @Option(
    help: ArgumentHelp(
      "Data set to compare with; by default the run's.", valueName: "DIR|synthetic"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "Digits to compare with; by default the run's, or all.", valueName: "all|3|0,1"))
  var classes: String?

  @OptionGroup var threads: ThreadOptions

  @OptionGroup var transfer: TransferOptions

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if images == nil {
      try imported.check(run: folder, transfer: transfer)
    } else if folder != nil || imported.weights != nil {
      throw ValidationError("Give one of --run, --weights and --images.")
    }
    if images != nil && transfer.options != nil {
      throw ValidationError("Images of a file are on no arrays to transfer to.")
    }
    if images != nil && data == nil {
      throw ValidationError("--images needs --data, the data set to compare with.")
    }
  }

  func run() throws {
    let workers = Workers(count: threads.count)
    var plan = DataPlan()
    let pixels: [UInt8]
    let source: String
    if images == nil {
      var saved = try imported.saved(run: folder, transfer: transfer.options, workers: workers)
      plan = saved.configuration.data
      pixels = try saved.generate(
        count: saved.configuration.evaluation.finalFakes, seed: saved.configuration.metricsSeed)
      source = folder ?? imported.weights ?? ""
    } else {
      source = images ?? ""
      pixels = try ImageFile.read(source).pixels
    }
    if let data { plan.source = data }
    if let classes { plan.classes = try ClassSelection(parsing: classes) }
    let result = try EvaluationReport(pixels, source: source, plan: plan, workers: workers)
    for line in json ? [result.json.line] : result.lines { Console.print(line) }
  }
}
