import ArgumentParser
import Calibration
import Failures
import Files
import HardwareEstimates
import Networks
import Reports
import Runs

/// `hardware table`: update configurations, components, power and area.
struct HardwareTableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "table",
    abstract: "Cost of training a network's arrays in place, and of the circuits around them.",
    discussion: """
      First the case of the AM-DCGAN poster from its constants, held against its printed Table II;
      then, with a configuration or a preset, the same for that network with its component counts.
      Numbers of --json are in W, s, J and m2.

      Examples:
        crossbar-gan hardware table
        crossbar-gan hardware table --config run.toml --json
        crossbar-gan hardware table --network am-dcgan-small
      """)

  @Option(
    help: ArgumentHelp("Run configuration that the network is taken from.", valueName: "run.toml"))
  var config: String?

  @Option(
    help: ArgumentHelp(
      "Preset that the network is taken from.",
      valueName: NetworkPreset.allCases.map(\.rawValue).joined(separator: "|")))
  var network: String?

  @Option(
    help: ArgumentHelp(
      "Component values; by default the poster's Table I.", valueName: "FILE.toml"))
  var components: String?

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let values = try ComponentValues(
      TOMLDocument(
        path: components ?? CalibrationLibrary.file("hardware/am-dcgan.toml")))
    var estimate: HardwareEstimate?
    if config != nil || network != nil {
      var file: TOMLDocument?
      if let config { file = try TOMLDocument(path: config) }
      let resolved = try RunConfiguration.resolve(
        file: file,
        options: network.map { [RunOption("--network", "networks", "preset", .text($0))] } ?? [])
      Console.notices(resolved.notices)
      let configuration = resolved.configuration
      estimate = HardwareEstimate(
        try NetworkHardware(configuration.plan, images: configuration.data.imagesPerEpoch),
        values: values)
    }
    let report = HardwareReport(values: values, estimate: estimate)
    for line in json ? [report.json.line] : report.lines { Console.print(line) }
  }
}

extension DataPlan {
  /// Training images: the limit, or the 60,000 of MNIST's layout and of the built-in digits.
  fileprivate var imagesPerEpoch: Int { limit > 0 ? min(limit, 60_000) : 60_000 }
}
