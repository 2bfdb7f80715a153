import ArgumentParser

/// `weights`: trained weights for other programs.
struct WeightsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weights",
    abstract: "Take trained weights and conductances out of a run.",
    discussion: """
      Weights from elsewhere go in with train --initial, evaluate --weights and sample --weights.

      Example:
        crossbar-gan weights export --run runs/first --out W.safetensors
      """,
    subcommands: [WeightsExportCommand.self])
}
