import Crossbars
import Networks

/// Non-idealities of the arrays, each a switch of its own.
extension Setting {
  static let nonIdealities: [Setting] = [
    share(
      "device_variability", \.plan.program.nonIdealities.deviceVariability,
      "frozen relative deviation of a device's conductance", option: "variability"),
    share(
      "write_variability", \.plan.program.nonIdealities.writeVariability,
      "relative deviation of every write"),
    integer(
      "imperfections", "levels", \.plan.program.nonIdealities.levels, in: 0...65_536,
      "states of a device between the ends of the window, 2 or more; 0 is a continuum"
    ).option("levels", "N"),
    share("stuck_on", \.plan.program.nonIdealities.stuckOn, "share of devices stuck on"),
    share("stuck_off", \.plan.program.nonIdealities.stuckOff, "share of devices stuck off"),
    share("dead_rows", \.plan.program.nonIdealities.deadRows, "share of broken word lines"),
    share("dead_columns", \.plan.program.nonIdealities.deadColumns, "share of broken bit lines"),
    share(
      "leakage", \.plan.program.nonIdealities.leakage,
      "share of its current at V_read that every device leaks in every read"),
    share(
      "leakage_noise", \.plan.program.nonIdealities.leakageNoise,
      "relative deviation of a line's leakage from read to read"),
  ]

  /// A share, whose option goes by the key unless it has a name of its own.
  private static func share(
    _ key: String, _ path: Path<Double>, _ summary: String, option: String? = nil
  ) -> Setting {
    number("imperfections", key, path, in: 0...1, summary)
      .option(option ?? key.replacing("_", with: "-"), "SHARE")
  }
}
