import ArgumentParser
import Calibration
import Devices
import Failures
import Files
import Foundation
import Images
import Mathematics
import Networks
import Reports
import Runs

/// `gradients`: how often gradients on arrays have the signs of digital ones, and why not.
struct GradientsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradients",
    abstract: "Compare the signs of gradients on arrays with digital ones.",
    discussion: """
      Trains for an epoch. Before some of its steps the gradients that the arrays give are compared
      with those of a digital copy of the weights they hold, on the same images, latent vectors and
      input noise. The figure is the share of equal signs among the weights whose digital gradient
      is above the median of its layer. The epoch is repeated with one disturbance after the other
      taken away, and with all of them.

      Examples:
        crossbar-gan gradients --data mnist
        crossbar-gan gradients --config run.toml --probes 40 --json
      """)

  @OptionGroup var settings: TrainOptions

  @Option(
    help: ArgumentHelp("Configuration file; see train --dry-run.", valueName: "run.toml"))
  var config: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Steps of the epoch that are looked at.", valueName: "N"))
  var probes = 20

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if probes < 1 { throw ValidationError("--probes must be at least 1.") }
  }

  func run() throws {
    let resolved = try RunConfiguration.resolve(
      file: try config.map { path throws(Failure) in try TOMLDocument(path: path) },
      options: settings.options)
    Console.notices(resolved.notices)
    let (configuration, calibration) = (resolved.configuration, resolved.calibration)
    guard configuration.plan.backend == .crossbar else {
      throw Failure(.usage, at: "run.backend", "a digital twin's gradients are digital")
    }
    let workers = Workers(count: threads.count)
    let images = try RunData(configuration.data, workers: workers).training
    let device = calibration.device(
      interpolated: configuration.plan.program.interpolatesResponse)
    var results: [(name: String, agreement: GradientAgreement)] = []
    for (name, removed) in Self.variants(of: configuration.plan) {
      Console.error("crossbar-gan: an epoch \(name)")
      var (plan, device) = (configuration.plan, device)
      for disturbance in removed { disturbance.remove(from: &plan, &device) }
      var trainer = try GANTrainer(plan: plan, device: device, workers: workers)
      let summary = try trainer.trainEpoch(pixels: images.pixels, probes: probes) { _ in true }
      results.append((name, summary?.gradients ?? GradientAgreement()))
    }
    if json {
      Console.print(Self.json(results).line)
    } else {
      for line in Self.table(results).lines { Console.print(line) }
    }
  }

  /// The plan as it is, without each disturbance that it has, and without any.
  private static func variants(
    of plan: TrainingPlan
  ) -> [(name: String, removed: [GradientDisturbance])] {
    let present = GradientDisturbance.allCases.filter { $0.isPresent(in: plan) }
    return [("as configured", [])] + present.map { ("without \($0.rawValue)", [$0]) }
      + [("without any of them", present)]
  }

  private static func table(_ results: [(name: String, agreement: GradientAgreement)])
    -> AlignedTable
  {
    let layers = results.first?.agreement.layers.keys.sorted() ?? []
    var table = AlignedTable(header: ["", "all"] + layers)
    for (name, agreement) in results {
      let shares = [agreement.total.fraction] + layers.map { agreement.layers[$0]?.fraction }
      let cells = shares.map { share in
        share.map { NumberText.short(100 * $0, digits: 4) + " %" } ?? ""
      }
      table.append([name] + cells)
    }
    return table
  }

  private static func json(_ results: [(name: String, agreement: GradientAgreement)]) -> JSON {
    func number(_ share: Double?) -> JSON { share.map(JSON.number) ?? .null }
    return .list(
      results.map { name, agreement in
        let layers = agreement.layers.sorted { $0.key < $1.key }
        return [
          "condition": .text(name), "all": number(agreement.total.fraction),
          "layers": .object(layers.map { .init($0.key, number($0.value.fraction)) }),
        ]
      })
  }
}
