import ArgumentParser

/// `hardware`: what a network costs in circuits.
struct HardwareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hardware", abstract: "Estimate power, area and training time of the hardware.",
    discussion: """
      Example:
        crossbar-gan hardware table
      """,
    subcommands: [HardwareTableCommand.self])
}
