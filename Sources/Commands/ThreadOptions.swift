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

  func validate() throws { try ValidationError.check(workers: threads, option: "--threads") }
}

extension ValidationError {
  /// Refuses an empty name for an output, which a script's unset variable makes.
  static func check(output: String?, option: String = "--out") throws {
    if output?.isEmpty == true { throw ValidationError("\(option) is empty.") }
  }

  /// Refuses numbers of threads or processes that no machine is for.
  static func check(workers: Int?, option: String) throws {
    guard let workers, !(1...1024).contains(workers) else { return }
    throw ValidationError("\(option) \(workers) is not between 1 and 1024.")
  }
}
