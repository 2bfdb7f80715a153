import ArgumentParser
import Reports
import Runs

/// Non-idealities of arrays; each sets a key of `imperfections`.
struct NonIdealityOptions: ParsableArguments {
  @Option(setting: "imperfections.device_variability") var variability: RunOption?
  @Option(setting: "imperfections.write_variability") var writeVariability: RunOption?
  @Option(setting: "imperfections.levels") var levels: RunOption?
  @Option(setting: "imperfections.stuck_on") var stuckOn: RunOption?
  @Option(setting: "imperfections.stuck_off") var stuckOff: RunOption?
  @Option(setting: "imperfections.dead_rows") var deadRows: RunOption?
  @Option(setting: "imperfections.dead_columns") var deadColumns: RunOption?
  @Option(setting: "imperfections.leakage") var leakage: RunOption?
  @Option(setting: "imperfections.leakage_noise") var leakageNoise: RunOption?

  /// The given options as keys of the configuration.
  var options: [RunOption] {
    [
      variability, writeVariability, levels, stuckOn, stuckOff, deadRows, deadColumns, leakage,
      leakageNoise,
    ].compactMap { $0 }
  }
}
