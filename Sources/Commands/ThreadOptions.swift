import ArgumentParser
import Foundation

/// `--threads` of the commands that train and judge.
struct ThreadOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Threads; results do not depend on it. Default: all.", valueName: "N"))
  var threads: Int?

  /// The number of threads to use.
  var count: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads \(threads) is not between 1 and 1024.")
    }
  }
}
